import {
  checkSignature,
  isLocked,
  MinisignError,
  parsePublicKeyFile,
  parseSecretKeyFile,
  parseSignature,
} from '../../src/formats/minisign/index.ts';
import { made } from '../../test/formats/minisign/keys.ts';
import type { Target } from '../target.ts';

/** Keys and signatures in minisign's format. What a key asks of its passphrase is not worked out. */
export const minisignTarget: Target = {
  name: 'minisign',
  words: ['untrusted comment: ', 'trusted comment: ', 'RWQ', 'RUQ', 'RWRTY0Iy', '=', '\n', '\r\n'],
  seeds: () => [made.publicKey, made.secretKey, made.signature].map((text) => Buffer.from(text)),
  async run(input) {
    const key = parsePublicKeyFile(Buffer.from(made.publicKey));
    const readers = [
      () => parsePublicKeyFile(input),
      () => isLocked(parseSecretKeyFile(input)),
      () => checkSignature(parseSignature(input), Buffer.from(made.content), key),
    ];
    for (const read of readers) {
      try {
        read();
      } catch (error) {
        if (!(error instanceof MinisignError)) throw error;
      }
    }
  },
  isOwnError: (error) => error instanceof MinisignError,
};
