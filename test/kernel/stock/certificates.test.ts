import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findCertificates } from '../../../src/kernel/stock/certificates.ts';
import { run } from '../../../src/system/process.ts';
import { scratchFolder } from '../../scratch.ts';

async function makeCertificate(name: string): Promise<X509Certificate> {
  const folder = scratchFolder();
  const file = join(folder, 'certificate.pem');
  await run('openssl', [
    ...['req', '-new', '-x509', '-batch', '-nodes', '-newkey', 'rsa:2048'],
    ...['-subj', `/CN=${name}`, '-keyout', join(folder, 'key.pem'), '-out', file],
  ]);
  return new X509Certificate(readFileSync(file));
}

describe('certificates in a kernel', () => {
  test('are found wherever they stand, one behind the other, too', async () => {
    const [one, other] = await Promise.all([makeCertificate('one'), makeCertificate('other')]);
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (before, behind) => {
        const kernel = Buffer.concat([
          before,
          one.raw,
          other.raw,
          Buffer.from([0x30, 0x82]),
          behind,
        ]);
        const found = findCertificates(kernel).map(({ subject }) => subject);
        expect(found).toEqual(['CN=one', 'CN=other']);
      }),
      { numRuns: 50 },
    );
  });

  test('one that is cut off is none', async () => {
    const { raw } = await makeCertificate('one');
    expect(findCertificates(raw.subarray(0, -1))).toEqual([]);
    expect(findCertificates(Buffer.from([0x30, 0x82, 0xff]))).toEqual([]);
  });
});
