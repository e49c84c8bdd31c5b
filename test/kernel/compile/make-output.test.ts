import { describe, expect, test } from 'vitest';
import { isObject, parseBuildLine } from '../../../src/kernel/compile/make-output.ts';

describe('parseBuildLine', () => {
  test.each([
    ['  CC      init/main.o', 'CC', false, 'init/main.o', true],
    ['  CC [M]  drivers/net/tun.o', 'CC', true, 'drivers/net/tun.o', true],
    ['  AS      arch/x86/entry/entry_64.o', 'AS', false, 'arch/x86/entry/entry_64.o', true],
    ['  LD [M]  drivers/net/tun.ko', 'LD', true, 'drivers/net/tun.ko', false],
    ['  ASN.1   crypto/rsa.asn1.c', undefined],
    ['  HOSTCC  scripts/sign-file', 'HOSTCC', false, 'scripts/sign-file', false],
    ['  CC      arch/x86/boot/cpustr.h', 'CC', false, 'arch/x86/boot/cpustr.h', false],
    ['  INSTALL /x/lib/modules/6.1/a.ko', 'INSTALL', false, '/x/lib/modules/6.1/a.ko', false],
    ['  CC      /o/tools/objtool/elf.o', 'CC', false, '/o/tools/objtool/elf.o', false],
    ['Kernel: arch/x86/boot/bzImage is ready  (#1)', undefined],
    ['make[1]: Entering directory', undefined],
    [' 3727 |   CC foo', undefined],
    ['', undefined],
  ])('%s', (line, action, module?, target?, object?) => {
    const parsed = parseBuildLine(line);
    if (action === undefined) {
      expect(parsed).toBeUndefined();
      return;
    }
    expect(parsed).toEqual({ action, module, target });
    expect(parsed !== undefined && isObject(parsed)).toBe(object);
  });
});
