import { createPrivateKey, X509Certificate } from 'node:crypto';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';

/** The certificate that an image trusts for its modules. */
export interface ModuleCertificate {
  /** One line, such as `O=Bootwright, CN=Module signing key`. */
  readonly subject: string;
  /** SHA-256 of the DER form, lower-case hexadecimal. */
  readonly sha256: string;
  /** The certificate itself, DER. */
  readonly path: string;
}

/** Subject and fingerprint of a certificate. */
export function describeCertificate(certificate: X509Certificate, path: string): ModuleCertificate {
  return {
    subject: certificate.subject.split('\n').join(', '),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    path,
  };
}

/**
 * Takes a key file apart and checks that its halves belong together.
 *
 * @param pem - text of the file: private key and certificate
 * @param path - its name, for the message
 * @throws BootwrightError `BW-MODULES-KEY`
 */
export function parseSigningKey(pem: string, path: string): X509Certificate {
  const fail = (why: string, cause?: unknown): BootwrightError =>
    new BootwrightError(
      'BW-MODULES-KEY',
      `"${path}" ${why}.`,
      cause === undefined ? {} : { cause },
    );
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw fail('has a passphrase, which the kernel build cannot ask for');
  }
  let key: ReturnType<typeof createPrivateKey>;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw fail('holds no private key in PEM form', error);
  }
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    if (isSystemError(error)) throw error;
    throw fail('holds no certificate in PEM form', error);
  }
  if (!certificate.checkPrivateKey(key)) {
    throw fail('holds a private key and a certificate that do not belong together');
  }
  return certificate;
}
