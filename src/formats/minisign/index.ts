export { MinisignError } from './error.ts';
export { defaultLimits, type Limits, scryptParameters } from './passphrase.ts';
export {
  type KeyId,
  type PublicKey,
  parsePublicKey,
  parsePublicKeyFile,
  renderPublicKey,
  renderPublicKeyFile,
} from './public-key.ts';
export {
  generateKey,
  isLocked,
  isPassphrase,
  type LockedKey,
  parseSecretKeyFile,
  renderSecretKeyFile,
  type SecretKey,
  unlockKey,
} from './secret-key.ts';
export {
  checkSignature,
  parseSignature,
  type Signature,
  type SignatureVerdict,
  signContent,
} from './signature.ts';
