import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkTarget, parseWhence } from '../../../src/kernel/firmware/whence.ts';

const line = '-'.repeat(74);

/** As linux-firmware has it. */
const sample = `              **********
              * WHENCE *
              **********

This file attempts to document the origin and licensing information.

${line}

Driver: bnx2 -- Broadcom NetXtremeII

File: bnx2/bnx2-mips-06-6.2.3.fw
File: bnx2/bnx2-mips-09-6.2.1b.fw

Licence:

  This file contains firmware data derived from proprietary unpublished
  source code, Copyright (c) 2004 - 2010 Broadcom Corporation.

  Permission is hereby granted for the distribution.

${line}

Driver: r8169 - RealTek 8169/8168/8101 ethernet driver.

File: rtl_nic/rtl8168d-1.fw
Info: Patches
Version: 0.0.2

Licence:
 * Copyright © 2011-2013, Realtek Semiconductor Corporation

${line}

Driver: ice - Intel

RawFile: intel/ice/ddp/ice-1.3.41.0.pkg
Link: intel/ice/ddp/ice.pkg -> ice-1.3.41.0.pkg

License: Redistributable. See LICENSE.ice for details

${line}

Driver: brcmfmac
File: "brcm/brcmfmac43241b0-sdio.Intel Corp.-VALLEYVIEW B0 PLATFORM.txt"
Link: brcm/a\\ b.txt -> ../brcm/c.txt
`;

test('licences and links of linux-firmware', () => {
  const { licences, links } = parseWhence(sample);
  expect(licences.get('bnx2/bnx2-mips-09-6.2.1b.fw')).toBe(
    'This file contains firmware data derived from proprietary unpublished source code, Copyright (c) 2004 - 2010 Broadcom Corporation.',
  );
  expect(licences.get('rtl_nic/rtl8168d-1.fw')).toBe(
    '* Copyright © 2011-2013, Realtek Semiconductor Corporation',
  );
  expect(licences.get('intel/ice/ddp/ice-1.3.41.0.pkg')).toBe(
    'Redistributable. See LICENSE.ice for details',
  );
  expect([...links]).toEqual([
    ['intel/ice/ddp/ice.pkg', 'intel/ice/ddp/ice-1.3.41.0.pkg'],
    ['brcm/a b.txt', 'brcm/c.txt'],
  ]);
});

test('a long licence is cut', () => {
  const { licences } = parseWhence(`File: a\nLicence: ${'word '.repeat(100)}\n`);
  expect(licences.get('a')).toMatch(/^word .*…$/);
  expect(licences.get('a')?.length).toBeLessThanOrEqual(160);
});

test('a link never leads out of the collection', () => {
  expect(linkTarget('a/b/c', '../d')).toBe('a/d');
  expect(linkTarget('a', '../../etc/shadow')).toBeUndefined();
  const part = fc.constantFrom('a', 'b', '..', '.', '');
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (link, target) => {
      const from = ['x', ...link.filter((each) => /\w/.test(each)), 'y'].join('/');
      const to = linkTarget(from, target.join('/'));
      expect(to?.split('/').includes('..') ?? false).toBe(false);
    }),
  );
});

test('names that are put into a WHENCE come out of it', () => {
  const name = fc.stringMatching(/^[\w][\w.+@,=~/-]{0,40}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 1 }),
      fc.stringMatching(/^[A-Z]\w{0,30}$/),
      (names, licence) => {
        const text = `${line}\n${names.map((each) => `File: ${each}\n`).join('')}\nLicence: ${licence}\n\n${line}\n`;
        expect([...parseWhence(text).licences]).toEqual(names.map((each) => [each, licence]));
      },
    ),
  );
});

test('whatever a file holds, it is read to its end', () => {
  fc.assert(fc.property(fc.string({ maxLength: 500 }), (text) => void parseWhence(text)));
});
