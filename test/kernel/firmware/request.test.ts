import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBlobName, parseBuiltInFirmware } from '../../../src/kernel/firmware/request.ts';

const text = [
  'bnx2.parm=disable_msi:Disable Message Signaled Interrupt (MSI)',
  'bnx2.firmware=bnx2/bnx2-rv2p-09-6.0.17.fw',
  'bnx2.firmware=bnx2/bnx2-mips-06-6.2.3.fw',
  'bnx2.file=drivers/net/ethernet/broadcom/bnx2',
  'e1000e.license=GPL v2',
  'snd-hda.firmware=a',
  '',
].join('\0');

test('the blobs of each driver in the image, in order', () => {
  expect(parseBuiltInFirmware(text)).toEqual([
    {
      driver: 'bnx2',
      file: 'drivers/net/ethernet/broadcom/bnx2',
      path: 'bnx2/bnx2-mips-06-6.2.3.fw',
    },
    {
      driver: 'bnx2',
      file: 'drivers/net/ethernet/broadcom/bnx2',
      path: 'bnx2/bnx2-rv2p-09-6.0.17.fw',
    },
    { driver: 'snd_hda', file: '', path: 'a' },
  ]);
});

test('the same, whatever the order of the entries, and however often they stand there', () => {
  const entries = text.split('\0');
  const shuffled = fc.shuffledSubarray([...entries, ...entries], {
    minLength: entries.length * 2,
  });
  fc.assert(
    fc.property(shuffled, (order) => {
      expect(parseBuiltInFirmware(order.join('\0'))).toEqual(parseBuiltInFirmware(text));
    }),
  );
});

test('whatever a file holds, what is read of it stands there', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (any) => {
      for (const { path } of parseBuiltInFirmware(any)) expect(any).toContain(path);
    }),
  );
});

test.each([
  ['bnx2/bnx2-mips-06-6.2.3.fw', true],
  ['ctfw-3.2.5.1.bin', true],
  ['brcm/brcmfmac*-sdio.*.bin', false],
  ['../../etc/shadow', false],
  ['/etc/shadow', false],
  ['a//b', false],
  ['a/./b', false],
  ['', false],
  ['a b', false],
  ['$(shell x)', false],
])('%j is the name of one blob: %j', (name, is) => {
  expect(isBlobName(name)).toBe(is);
});
