import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCopyright } from '../../../src/kernel/firmware/copyright.ts';

/** As Debian's firmware-nonfree has it. */
const sample = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Files-Excluded:
 bnx2/old.fw

Files: *
Copyright: nobody
License: unknown

Files: bnx2/*.fw r128/r128_cce.bin
 radeon/RS780_*.bin
Copyright: 2004, Broadcom
License: binary-redist-Broadcom
 All rights reserved.
 .
 Permission is granted.

Files: bnx2/bnx2-rv2p-0?-6.0.15.fw
Copyright: 2004, Broadcom
License: other

License: GPL-2+
 On Debian systems, see /usr/share/common-licenses/GPL-2.
`;

test.each([
  ['bnx2/bnx2-mips-06-6.2.3.fw', 'binary-redist-Broadcom'],
  ['radeon/RS780_me.bin', 'binary-redist-Broadcom'],
  ['bnx2/bnx2-rv2p-06-6.0.15.fw', 'other'],
  ['tigon/tg3.bin', 'unknown'],
])('%s: %s', (name, licence) => {
  expect(parseCopyright(sample)(name)).toBe(licence);
});

test('a text that is written for people alone tells of no file', () => {
  expect(parseCopyright('This package was debianized by somebody.\n')('a')).toBeUndefined();
  expect(parseCopyright('')('a')).toBeUndefined();
});

test('patterns match as the regular expressions that they stand for', () => {
  const letters = fc.stringMatching(/^[ab/]{0,6}$/);
  const pattern = fc.stringMatching(/^[ab/*?]{1,6}$/);
  fc.assert(
    fc.property(pattern, letters, (glob, name) => {
      const expression = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      const licence = parseCopyright(`Files: ${glob}\nLicense: L\n`)(name);
      expect(licence).toBe(expression.test(name) ? 'L' : undefined);
    }),
    { numRuns: 2000 },
  );
});

test('a pattern of many stars takes no time to fail', () => {
  const stars = `${'*a'.repeat(2000)}b`;
  expect(parseCopyright(`Files: ${stars}\nLicense: L\n`)('a'.repeat(4000))).toBeUndefined();
});
