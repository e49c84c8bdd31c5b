import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { MinisignError } from './error.ts';

/** What turning a passphrase into a key may cost, as libsodium counts it. */
export interface Limits {
  /** Computations. */
  readonly operations: bigint;
  /** Bytes of memory. */
  readonly memory: bigint;
}

/** What minisign gives a new key: `crypto_pwhash_scryptsalsa208sha256_*LIMIT_SENSITIVE`, 1 GiB and some seconds. */
export const defaultLimits: Limits = { operations: 1n << 25n, memory: 1n << 30n };

/** The most that a file may ask for, four times as much: it comes from anywhere. */
const costLimit = 4n << 30n;

/** How long a passphrase can be, in bytes: minisign reads it into 1024, and cuts off what is more. */
export const passphraseLimit = 1023;

/**
 * The parameters of scrypt (RFC 7914) for limits, as `pickparams()` of libsodium's
 * crypto_pwhash/scryptsalsa208sha256/pwhash_scryptsalsa208sha256.c finds them.
 */
export function scryptParameters({ operations, memory }: Limits) {
  const r = 8n;
  const most = operations < 32768n ? 32768n : operations;
  const isBoundByOperations = most < memory / 32n;
  const highest = isBoundByOperations ? most / (r * 4n) : memory / (r * 128n);
  let log2 = 1n;
  while (log2 < 63n && 1n << log2 <= highest / 2n) log2 += 1n;
  const N = 1n << log2;
  if (isBoundByOperations) return { N, r, p: 1n };
  const product = most / 4n / N;
  return { N, r, p: (product > 0x3fffffffn ? 0x3fffffffn : product) / r };
}

const derive = promisify<
  string,
  Uint8Array,
  number,
  { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
  Buffer
>(scrypt);

/**
 * As many bytes as a secret key is hidden under, out of a passphrase. It takes as long and as much
 * memory as the limits say, on a thread of its own.
 *
 * @throws MinisignError `unsupported` for limits beyond all measure
 */
export async function deriveStream(
  passphrase: string,
  salt: Uint8Array,
  bytes: number,
  limits: Limits,
): Promise<Buffer> {
  const { N, r, p } = scryptParameters(limits);
  const cost = 128n * r * N * p;
  if (p < 1n || cost > costLimit) {
    throw new MinisignError(
      'unsupported',
      'asks for more work than a passphrase is ever worth: no key of minisign does',
    );
  }
  const numbers = { N: Number(N), r: Number(r), p: Number(p) };
  // OpenSSL counts 128·r·(N + p + 2) bytes and a little.
  const maxmem = 128 * numbers.r * (numbers.N + numbers.p + 2) + (1 << 20);
  return derive(passphrase, salt, bytes, { ...numbers, maxmem });
}
