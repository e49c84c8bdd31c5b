import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type DebugInfoMeans,
  type DebugInfoMode,
  debugInfoAbiRisk,
  debugInfoPlan,
  debugInfoSettings,
  readDebugInfoMeans,
} from '../../../src/kernel/compile/debug-info.ts';

const dwarf = `CONFIG_DEBUG_INFO=y
# CONFIG_DEBUG_INFO_NONE is not set
CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y
# CONFIG_DEBUG_INFO_BTF is not set
`;
/** As RHEL 9 has it: 5.14, before the choice, with BTF. */
const rhel9 = `CONFIG_DEBUG_INFO=y
CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y
CONFIG_DEBUG_INFO_BTF=y
CONFIG_DEBUG_INFO_BTF_MODULES=y
`;

describe('debugInfoSettings', () => {
  const plain = (config: string, mode: DebugInfoMode) =>
    debugInfoSettings(config, mode).map(({ symbol, value }) => `${symbol}=${value}`);

  test('keeps what stock has', () => {
    expect(plain(rhel9, 'keep')).toEqual([]);
    expect(plain(rhel9, 'auto')).toEqual([]);
  });

  test('turns the member of the choice on where there is one', () => {
    expect(plain(dwarf, 'off')).toEqual([
      'DEBUG_INFO_NONE=y',
      'DEBUG_INFO=n',
      'DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=n',
    ]);
  });

  test('turns the bool off on older trees, and declares what falls with it', () => {
    expect(plain(rhel9, 'off')).toEqual([
      'DEBUG_INFO=n',
      'DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=n',
      'DEBUG_INFO_BTF=n',
      'DEBUG_INFO_BTF_MODULES=n',
    ]);
  });

  test('has nothing to do where stock has none', () => {
    expect(plain('# CONFIG_DEBUG_INFO is not set\n', 'off')).toEqual([]);
  });
});

describe('debugInfoAbiRisk', () => {
  test('sees BTF', () => {
    expect(debugInfoAbiRisk(rhel9)?.symbols).toEqual(['DEBUG_INFO_BTF', 'DEBUG_INFO_BTF_MODULES']);
  });

  test('sees CRCs that are made from it', () => {
    const config = `${dwarf}CONFIG_GENDWARFKSYMS=y\n`;
    expect(debugInfoAbiRisk(config)?.symbols).toEqual(['GENDWARFKSYMS']);
  });

  test('sees no risk in DWARF alone', () => {
    expect(debugInfoAbiRisk(dwarf)).toBeUndefined();
  });
});

describe('debugInfoPlan', () => {
  const newest: DebugInfoMeans = { userFlags: true, pahole: 127 };
  const debian12: DebugInfoMeans = { userFlags: true, pahole: 124 };
  const plan = (config: string, means = debian12, mode: DebugInfoMode = 'auto') => {
    const { variables, spared, kept } = debugInfoPlan(config, mode, means);
    return {
      variables,
      spared: spared.map(({ what }) => what),
      kept: kept.map(({ what }) => what),
    };
  };
  const all = 'DWARF of image and modules';
  const nothing = { variables: {}, spared: [], kept: [] };
  const btf = `${rhel9}CONFIG_MODULES=y\nCONFIG_CC_IS_GCC=y\nCONFIG_GCC_VERSION=110500\n`;
  const lines =
    '-gno-column-info -gno-statement-frontiers -gno-variable-location-views -gno-inline-points';
  const linesWhat = 'columns, statement boundaries and views of lines, in DWARF';

  test('without BTF nothing is made from DWARF: none is compiled', () => {
    expect(plan(dwarf)).toEqual({
      variables: { KCFLAGS: '-g0', KAFLAGS: '-g0' },
      spared: [all],
      kept: [],
    });
  });

  test('EL 7, 3.10: likewise', () => {
    const el7 = 'CONFIG_DEBUG_INFO=y\nCONFIG_MODULES=y\n# CONFIG_DEBUG_INFO_REDUCED is not set\n';
    expect(plan(el7, { userFlags: true, pahole: undefined }).variables).toEqual({
      KCFLAGS: '-g0',
      KAFLAGS: '-g0',
    });
  });

  test('EL 5, 2.6.18, whose make knows no KCFLAGS: all is kept, and it is said why', () => {
    const el5 = debugInfoPlan('CONFIG_DEBUG_INFO=y\n', 'auto', { ...newest, userFlags: false });
    expect(el5).toEqual({
      variables: {},
      spared: [],
      kept: [{ what: all, reason: "the tree's make takes no flags from outside (KCFLAGS)" }],
    });
  });

  test('CRCs that come from DWARF keep all of it, BTF or not', () => {
    expect(plan(`${dwarf}CONFIG_GENDWARFKSYMS=y\n`)).toEqual({ ...nothing, kept: [all] });
    expect(plan(`${btf}CONFIG_GENDWARFKSYMS=y\n`)).toEqual({ ...nothing, kept: [all] });
  });

  test('with module BTF, modules have DWARF, too', () => {
    expect(plan(btf, newest)).toEqual({
      variables: { KCFLAGS: lines },
      spared: [linesWhat],
      kept: [all],
    });
    expect(plan(btf, { ...newest, pahole: undefined })).toEqual(plan(btf, newest));
  });

  test('a pahole that does not read where variables lie need not be told', () => {
    expect(plan(btf)).toEqual({
      variables: { KCFLAGS: `${lines} -fno-var-tracking` },
      spared: [linesWhat, 'where variables lie, in DWARF'],
      kept: [all],
    });
    expect(plan(btf, { ...debian12, pahole: 125 })).toEqual(plan(btf, newest));
  });

  test('a compiler that does not know the flags is not given them', () => {
    expect(plan(btf.replace('CC_IS_GCC', 'CC_IS_CLANG')).variables).toEqual({});
    expect(plan(btf.replace('110500', '70500')).variables).toEqual({});
    expect(plan(btf.replace('CONFIG_GCC_VERSION=110500\n', '')).variables).toEqual({});
  });

  test('BTF of the image alone, as in EL 8: modules need no DWARF', () => {
    const el8 = btf.replace('CONFIG_DEBUG_INFO_BTF_MODULES=y\n', '');
    expect(plan(el8, newest)).toMatchObject({
      variables: { CFLAGS_MODULE: '-g0', AFLAGS_MODULE: '-g0', KCFLAGS: lines },
      spared: ['DWARF of modules', linesWhat],
      kept: ['DWARF of the image'],
    });
  });

  test('the other modes, and a config without debug information, change no flag', () => {
    expect(plan(dwarf, debian12, 'keep')).toEqual(nothing);
    expect(plan(btf, debian12, 'off')).toEqual(nothing);
    expect(plan('# CONFIG_DEBUG_INFO is not set\n')).toEqual(nothing);
  });
});

describe('readDebugInfoMeans', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwright-debug-info-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const means = (makefile: string, pahole?: string) => {
    writeFileSync(join(folder, 'Makefile'), makefile);
    return readDebugInfoMeans(folder, pahole);
  };

  test('a tree that takes flags says so in its Makefile', async () => {
    // 4.18, and 2.6.18.
    const el8 = 'KBUILD_AFLAGS   += $(ARCH_AFLAGS)   $(KAFLAGS)\nKBUILD_CFLAGS   += $(KCFLAGS)\n';
    expect(await means(el8)).toMatchObject({ userFlags: true });
    expect(await means('ifdef CONFIG_DEBUG_INFO\nCFLAGS\t\t+= -g\nendif\n')).toMatchObject({
      userFlags: false,
    });
  });

  test('pahole’s version is written as the kernel writes it', async () => {
    expect(await means('', 'v1.24')).toMatchObject({ pahole: 124 });
    expect(await means('', 'v1.9')).toMatchObject({ pahole: 19 });
    expect(await means('', 'a fork of it')).toMatchObject({ pahole: undefined });
    expect(await means('')).toMatchObject({ pahole: undefined });
  });
});
