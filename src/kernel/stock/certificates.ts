import { X509Certificate } from 'node:crypto';

/** DER: a SEQUENCE with a length of two bytes, and a TBSCertificate in it likewise (RFC 5280, 4.1). */
const sequence = [0x30, 0x82] as const;

/** Shorter is none with a key that the kernel takes. */
const leastBytes = 256;

/**
 * Finds the X.509 certificates that stand in a kernel as they are: those of its keyrings among them
 * (`system_certificate_list` of certs/system_certificates.S), and others, such as that of the
 * wireless regulations.
 *
 * @param kernel - the kernel proper, unpacked
 */
export function findCertificates(kernel: Uint8Array): readonly X509Certificate[] {
  const bytes = Buffer.from(kernel.buffer, kernel.byteOffset, kernel.byteLength);
  const mark = Buffer.from(sequence);
  const found: X509Certificate[] = [];
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    if (at + 6 > bytes.length || bytes[at + 4] !== sequence[0] || bytes[at + 5] !== sequence[1]) {
      continue;
    }
    const size = 4 + bytes.readUInt16BE(at + 2);
    if (size < leastBytes || at + size > bytes.length) continue;
    try {
      found.push(new X509Certificate(bytes.subarray(at, at + size)));
    } catch {
      // Whatever these bytes are, they are no certificate.
    }
  }
  return found;
}
