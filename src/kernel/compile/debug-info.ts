import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConfigSetting, readConfigValues } from './config-values.ts';
import type { MakeVariables } from './make-kernel.ts';

/**
 * What a build does about debug information: `keep` compiles as stock does; `auto` leaves the
 * config as it is and does not have the compiler make what nothing of the kernel is made from;
 * `off` turns it off in the config.
 */
export const debugInfoModes = ['auto', 'keep', 'off'] as const;
export type DebugInfoMode = (typeof debugInfoModes)[number];

/** What turning off debug information would change besides the size of the build. */
export interface AbiRisk {
  /** The symbols of the stock config that bring it about. */
  readonly symbols: readonly string[];
  /** For a person, one sentence. */
  readonly explanation: string;
}

/**
 * Says whether `--debug-info off` would change the kernel's ABI, so that the
 * distro's own modules no longer load on the netboot kernel.
 *
 * With BTF `struct module` has more members (include/linux/module.h,
 * CONFIG_DEBUG_INFO_BTF_MODULES), and BTF cannot be without debug information;
 * without them the CRC of every symbol that refers to it is another one. With
 * GENDWARFKSYMS (6.14 and later) the CRCs themselves are made of DWARF.
 *
 * @param stockConfig - text of the stock `.config`
 * @returns undefined if there is no such risk
 */
export function debugInfoAbiRisk(stockConfig: string): AbiRisk | undefined {
  const values = readConfigValues(stockConfig);
  const isOn = (symbol: string): boolean => values.get(symbol) === 'y';
  const btf = ['DEBUG_INFO_BTF', 'DEBUG_INFO_BTF_MODULES'].filter(isOn);
  if (btf.length > 0) {
    return {
      symbols: btf,
      explanation:
        'Without debug information there is no BTF; without BTF "struct module" has fewer members, ' +
        'the CRCs of many exported symbols change, and modules built for the stock kernel do not load.',
    };
  }
  if (!isOn('GENDWARFKSYMS')) return undefined;
  return {
    symbols: ['GENDWARFKSYMS'],
    explanation:
      'This kernel computes the CRCs of its exported symbols from debug information: without it they ' +
      'are other ones, and modules built for the stock kernel do not load.',
  };
}

/**
 * The settings that realise `--debug-info` in the netboot config.
 *
 * @param stockConfig - text of the stock `.config`
 * @returns an empty list for `keep` and `auto`, and for a stock config that has no debug information
 */
export function debugInfoSettings(stockConfig: string, mode: DebugInfoMode): ConfigSetting[] {
  const values = readConfigValues(stockConfig);
  if (mode !== 'off' || values.get('DEBUG_INFO') !== 'y') return [];
  const asked = '--debug-info off';
  // From 5.18 on a choice whose member DEBUG_INFO_NONE is the "off"; a plain bool before.
  const choice = values.has('DEBUG_INFO_NONE');
  const dependents = [...values]
    .filter(([symbol, value]) => value === 'y' && /^(DEBUG_INFO_|GDB_SCRIPTS$)/.test(symbol))
    .map(([symbol]) => ({ symbol, value: 'n', reason: `${asked}: it needs DEBUG_INFO` }));
  return [
    ...(choice ? [{ symbol: 'DEBUG_INFO_NONE', value: 'y', reason: asked }] : []),
    { symbol: 'DEBUG_INFO', value: 'n', reason: asked },
    ...dependents,
  ];
}

/** What a tree's make and the host's tools can do about debug information. */
export interface DebugInfoMeans {
  /** Whether make takes KCFLAGS and KAFLAGS, and puts them last (2.6.24 and later). */
  readonly userFlags: boolean;
  /** Version of pahole, as the kernel writes it: 124 for v1.24. Undefined if it is not installed. */
  readonly pahole: number | undefined;
}

/** A part of the debug information, and why it is made or not. */
export interface DebugInfoRemark {
  readonly what: string;
  readonly reason: string;
}

/** How a kernel is to be compiled as regards debug information. */
export interface DebugInfoPlan {
  /** For make's command line. */
  readonly variables: MakeVariables;
  /** What stock's build makes and this one does not. */
  readonly spared: readonly DebugInfoRemark[];
  /** What could be spared on another kernel or host, and is made here. */
  readonly kept: readonly DebugInfoRemark[];
}

const everything = 'DWARF of image and modules';

function keepAll(reason: string): DebugInfoPlan {
  return { variables: {}, spared: [], kept: [{ what: everything, reason }] };
}

/**
 * From this version on pahole takes from where a function's parameters lie (DW_AT_location)
 * whether its BTF is to be believed (scripts/Makefile.btf: `optimized_func`, `consistent_func`):
 * without, more than half of the functions would fall out of the BTF.
 */
const paholeReadsLocations = 125;

/** What only a debugger reads of DWARF that BTF is made from, and the flags of gcc 8 and later that spare it. */
const forDebuggers = {
  what: 'columns, statement boundaries and views of lines, in DWARF',
  reason: 'BTF has nothing of it',
  flags: [
    '-gno-column-info',
    '-gno-statement-frontiers',
    '-gno-variable-location-views',
    '-gno-inline-points',
  ],
} as const;

/** What is spared besides with a pahole that does not read it. */
const variableLocations = {
  what: 'where variables lie, in DWARF',
  reason: 'BTF has nothing of it',
  flags: ['-fno-var-tracking'],
} as const;

/** The first version of gcc that knows all of these flags, as CONFIG_GCC_VERSION has it. */
const knowsTheFlags = 80_000;

/**
 * Decides what debug information a kernel is compiled with. Only flags of the compiler change, the
 * config does not: what the sources see, and with it layouts, CRCs and code, is as in stock. What
 * is not made is no part of a bundle anyway: image and modules are stripped.
 *
 * Module BTF is kept, for it is not stripped, and EL 9.2, EL 9.3 and mainline of that time (from
 * 5.18 on) refuse to load a module that registers BPF functions and has none
 * (register_btf_kfunc_id_set() in kernel/bpf/btf.c); nf_conntrack is one.
 *
 * Flags that users give come last (Makefile: KCFLAGS, KAFLAGS; scripts/Makefile.lib:
 * CFLAGS_MODULE, AFLAGS_MODULE), and the last of `-g` and `-g0` counts.
 *
 * @param config - text of a `.config` that has stock's options of debug information
 */
export function debugInfoPlan(
  config: string,
  mode: DebugInfoMode,
  { userFlags, pahole }: DebugInfoMeans,
): DebugInfoPlan {
  const values = readConfigValues(config);
  const isOn = (symbol: string): boolean => values.get(symbol) === 'y';
  if (mode !== 'auto' || !isOn('DEBUG_INFO')) return { variables: {}, spared: [], kept: [] };
  if (isOn('GENDWARFKSYMS')) {
    return keepAll('the CRCs of exported symbols are made from it (GENDWARFKSYMS)');
  }
  if (!userFlags) return keepAll("the tree's make takes no flags from outside (KCFLAGS)");
  if (!isOn('DEBUG_INFO_BTF')) {
    return {
      variables: { KCFLAGS: '-g0', KAFLAGS: '-g0' },
      spared: [{ what: everything, reason: 'nothing is made from it, and bundles are stripped' }],
      kept: [],
    };
  }
  const forModules = isOn('DEBUG_INFO_BTF_MODULES') || !isOn('MODULES');
  const sparedOfModules: DebugInfoPlan = {
    variables: { CFLAGS_MODULE: '-g0', AFLAGS_MODULE: '-g0' },
    spared: [{ what: 'DWARF of modules', reason: 'BTF is made for the image only' }],
    kept: [],
  };
  const { variables, spared } = forModules ? { variables: {}, spared: [] } : sparedOfModules;
  const made = {
    what: forModules ? everything : 'DWARF of the image',
    reason: 'BTF is made from it',
  };
  const isGcc = isOn('CC_IS_GCC') && Number(values.get('GCC_VERSION')) >= knowsTheFlags;
  if (!isGcc) return { variables, spared, kept: [made] };
  const needsLocations = pahole === undefined || pahole >= paholeReadsLocations;
  const parts = needsLocations ? [forDebuggers] : [forDebuggers, variableLocations];
  return {
    variables: { ...variables, KCFLAGS: parts.flatMap(({ flags }) => flags).join(' ') },
    spared: [...spared, ...parts.map(({ what, reason }) => ({ what, reason }))],
    kept: [made],
  };
}

/**
 * Finds out from a tree's own Makefile, and from pahole's words, what they can do.
 *
 * @param paholeVersion - what `pahole --version` says, such as `v1.24`
 */
export async function readDebugInfoMeans(
  tree: string,
  paholeVersion: string | undefined,
): Promise<DebugInfoMeans> {
  const makefile = await readFile(join(tree, 'Makefile'), 'latin1').catch(() => '');
  // As scripts/pahole-version.sh does it.
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(paholeVersion ?? '') ?? [];
  return {
    userFlags: makefile.includes('$(KCFLAGS)') && makefile.includes('$(KAFLAGS)'),
    pahole: major === undefined || minor === undefined ? undefined : Number(major + minor),
  };
}
