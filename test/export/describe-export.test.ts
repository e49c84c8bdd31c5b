import { expect, test } from 'vitest';
import { describeExport } from '../../src/export/describe-export.ts';
import { id } from './manifest.ts';

const made = { id, bytes: 6_800_000, sha256: 'ab'.repeat(32) };

test.each([
  [
    'rpm',
    `out/k.rpm (6.8 MB)
SHA-256 ${made.sha256}

Install it on the boot server, beside any other:
  rpm -i out/k.rpm
What is in it, and where:
  rpm -qilp out/k.rpm`,
  ],
  [
    'deb',
    `out/k.deb (6.8 MB)
SHA-256 ${made.sha256}

Install it on the boot server, beside any other:
  dpkg -i out/k.deb
What is in it, and where:
  dpkg-deb -I out/k.deb && dpkg-deb -c out/k.deb`,
  ],
  [
    'iso',
    `out/k.iso (6.8 MB)
SHA-256 ${made.sha256}

Burn it, hand it to a management controller as virtual medium, or write it to a
USB stick (all that is on the stick is lost):
  dd if=out/k.iso of=/dev/sdX bs=4M conv=fsync`,
  ],
] as const)('what to do with an .%s is told', (format, text) => {
  expect(describeExport({ ...made, format, path: `out/k.${format}` })).toBe(text);
});

test('a path with a space can be pasted', () => {
  expect(describeExport({ ...made, format: 'rpm', path: 'my out/k.rpm' })).toContain(
    "rpm -i 'my out/k.rpm'\n",
  );
});
