import { describe, expect, test } from 'vitest';
import { readConfigValues } from '../../../src/kernel/compile/config-values.ts';
import { countObjects } from '../../../src/kernel/compile/object-count.ts';

/** Counts in a tree of a few Makefiles; the constant for what lies outside of kbuild's descent is taken off. */
function count(files: Readonly<Record<string, string>>, config: string) {
  const view = {
    values: readConfigValues(config),
    sourceArch: 'x86',
    read: (path: string) => files[path],
  };
  const { image, modules } = countObjects(view);
  return { image: image - countObjects({ ...view, read: () => undefined }).image, modules };
}

describe('countObjects', () => {
  test('descends, and tells image from modules', () => {
    const files = {
      Kbuild: 'obj-y += init/ drivers/ arch/$(SRCARCH)/\n',
      'init/Makefile': 'obj-y := main.o \\\n  version.o # both\n',
      'arch/x86/Kbuild': 'obj-$(CONFIG_64BIT) += kernel/\nobj-$(CONFIG_NOT) += none/\n',
      'arch/x86/kernel/Makefile': 'obj-y += head_$(BITS).o\n',
      'drivers/Makefile': 'obj-$(CONFIG_NET) += net/\n',
      'drivers/net/Makefile': `
obj-$(CONFIG_TUN) += tun.o
obj-$(CONFIG_E1000) += e1000.o
e1000-y := main.o hw.o
e1000-$(CONFIG_DCB) += dcb.o
e1000-objs += param.o
obj-$(CONFIG_DUMMY) += dummy.o
`,
    };
    const config = 'CONFIG_64BIT=y\nCONFIG_NET=y\nCONFIG_TUN=y\nCONFIG_E1000=m\n';
    // main, version, head_64, tun; main, hw, param and the .mod.o
    expect(count(files, config)).toEqual({ image: 4, modules: 4 });
    expect(count(files, `${config}CONFIG_DCB=y\n`)).toEqual({ image: 4, modules: 5 });
    expect(count(files, config.replace('E1000=m', 'E1000=y'))).toEqual({ image: 7, modules: 0 });
  });

  test('counts a folder that is entered for modules as modules', () => {
    const files = { Kbuild: 'obj-$(CONFIG_FS) += fs/\n', 'fs/Makefile': 'obj-y += fs.o\n' };
    expect(count(files, 'CONFIG_FS=m\n').image).toBe(0);
  });

  test('follows conditionals about the config, and both branches of others', () => {
    const files = {
      Kbuild: `
ifdef CONFIG_A
obj-y += a.o
else
obj-y += not-a.o other.o
endif
ifeq ($(CONFIG_B),y)
obj-y += b.o
else ifeq ($(CONFIG_C),y)
obj-y += c1.o c2.o
endif
ifneq ($(SOMETHING),)
obj-y += d.o
else
obj-y += e.o
endif
`,
    };
    expect(count(files, 'CONFIG_A=y\nCONFIG_B=y\n').image).toBe(4);
    expect(count(files, 'CONFIG_C=y\n').image).toBe(6);
  });

  test('reads the top Makefile of older trees', () => {
    const files = {
      Makefile: 'core-y := init/\ndrivers-y\t:= drivers/\n',
      'init/Makefile': 'obj-y := main.o\n',
      'drivers/Makefile': 'lib-y := a.o b.o\n',
    };
    expect(count(files, '').image).toBe(3);
  });

  test('does not go round in circles', () => {
    const files = { Kbuild: 'obj-y += x.o ./\nx-y := x.o y.o\ny-y := x.o\n' };
    expect(count(files, '').image).toBeGreaterThan(0);
  });
});
