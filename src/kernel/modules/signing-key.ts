import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { exists, readTextFile } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import { requireTool } from '../../system/tools.ts';
import { describeCertificate, type ModuleCertificate, parseSigningKey } from './certificate.ts';

/** A key that modules can be signed with. */
export interface SigningKey {
  /** PEM file with the private key and the certificate. */
  readonly keyFile: string;
  readonly certificate: Omit<ModuleCertificate, 'path'>;
  /** Something about the file that a person should know, such as a mode that lets others read it. */
  readonly warning?: string;
}

/** What `openssl req` is told; like the tree's certs/default_x509.genkey. */
const request = `[ req ]
distinguished_name = name
prompt = no
string_mask = utf8only
x509_extensions = extensions

[ name ]
O = Bootwright
CN = Netboot module signing key

[ extensions ]
basicConstraints = critical,CA:FALSE
keyUsage = digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

/** The name of the key that Bootwright makes for itself. */
const ownKeyName = 'module-signing-key.pem';

/** Does not run out while a bundle is of any use: a kernel has no way to renew it. */
const validDays = 36_500;

/**
 * The build's own signing key, made by openssl (RSA, 4096 bits) at the first
 * call and used from then on, so that builds of one workspace trust each
 * other's modules and come out the same.
 *
 * @param folder - where the key is kept; made with mode 0700, the key has 0600
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-MODULES-KEY` if a file is there that is no key
 */
export async function ownSigningKey(folder: string, signal?: AbortSignal): Promise<SigningKey> {
  const keyFile = join(folder, ownKeyName);
  if (!(await exists(keyFile))) {
    requireTool('openssl', 'make the key that modules are signed with');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Nobody else can look into the fresh folder while openssl writes the key.
    const making = await mkdtemp(join(folder, '.making-'));
    try {
      const config = join(making, 'request.conf');
      const made = join(making, ownKeyName);
      await writeFile(config, request);
      await run(
        'openssl',
        [
          ...['req', '-new', '-x509', '-batch', '-nodes', '-utf8', '-sha512'],
          ...['-days', `${validDays}`, '-newkey', 'rsa:4096', '-config', config],
          ...['-outform', 'PEM', '-out', made, '-keyout', made],
        ],
        { timeout: 120_000, ...(signal === undefined ? {} : { signal }) },
      );
      await chmod(made, 0o600);
      await rename(made, keyFile);
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  }
  await chmod(keyFile, 0o600);
  return givenSigningKey(keyFile);
}

/** The key that {@link ownSigningKey} has made in that folder; undefined if there is none that this user can read. */
export async function earlierSigningKey(folder: string): Promise<SigningKey | undefined> {
  try {
    return await givenSigningKey(join(folder, ownKeyName));
  } catch (error) {
    if (error instanceof BootwrightError || isSystemError(error, 'EACCES')) return undefined;
    throw error;
  }
}

/**
 * A signing key that a person has named (`--sign-key`).
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-FILE-ACCESS`, `BW-MODULES-KEY`
 */
export async function givenSigningKey(keyFile: string): Promise<SigningKey> {
  const pem = await readTextFile(keyFile, 'signing key');
  const certificate = parseSigningKey(pem, keyFile);
  if (certificate.publicKey.asymmetricKeyType === 'ed25519') {
    throw new BootwrightError(
      'BW-MODULES-KEY',
      `"${keyFile}" is an Ed25519 key; the kernel verifies modules with RSA or ECDSA.`,
    );
  }
  const { subject, sha256 } = describeCertificate(certificate, keyFile);
  const { mode } = await stat(keyFile);
  const readable = (mode & 0o077) !== 0;
  return {
    keyFile,
    certificate: { subject, sha256 },
    ...(readable
      ? { warning: `"${keyFile}" can be read by others than its owner: chmod 600 it.` }
      : {}),
  };
}

/**
 * The certificate of a signing key that is not at hand: an image can be built with it, and nothing
 * be signed.
 *
 * @param file - PEM file
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-FILE-ACCESS`
 */
export async function givenCertificate(
  file: string,
): Promise<Pick<SigningKey, 'keyFile' | 'certificate'>> {
  const certificate = new X509Certificate(await readTextFile(file, 'certificate'));
  const { subject, sha256 } = describeCertificate(certificate, file);
  return { keyFile: file, certificate: { subject, sha256 } };
}
