import type { Configuration } from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { findTool, installCommand } from '../../system/tools.ts';
import { readConfigLines } from './delta.ts';
import type { Setting } from './settings.ts';

/** What kbuild and the distros call one and the same architecture in their config files. */
const families: Readonly<Record<string, RegExp>> = {
  x86: /^(x86|x86_64|i386|i686)$/,
  arm64: /^(arm64|aarch64)$/,
  arm: /^(arm|armv7hl)$/,
  powerpc: /^(powerpc|ppc|ppc64|ppc64le)$/,
  s390: /^(s390|s390x)$/,
  riscv: /^(riscv|riscv64)$/,
  mips: /^mips(64)?(el)?$/,
  loongarch: /^loongarch(64)?$/,
};

/** The symbols that stand for an architecture as a whole. */
const symbolOf: Readonly<Record<string, string>> = {
  x86: 'X86',
  arm64: 'ARM64',
  arm: 'ARM',
  powerpc: 'PPC',
  s390: 'S390',
  riscv: 'RISCV',
  mips: 'MIPS',
  loongarch: 'LOONGARCH',
};

function familyOf(architecture: string): string {
  return Object.keys(families).find((name) => families[name]?.test(architecture)) ?? architecture;
}

/**
 * Makes sure that a file is a kernel config.
 *
 * @returns the values of its lines
 * @throws BootwrightError `BW-CONFIG-NOT-A-CONFIG`
 */
export function checkIsConfig(text: string, path: string): ReadonlyMap<string, string> {
  const lines = readConfigLines(text);
  if (lines.size > 0) return lines;
  throw new BootwrightError('BW-CONFIG-NOT-A-CONFIG', `"${path}" has no line CONFIG_….`);
}

/**
 * Makes sure that a file is a kernel config, and for this architecture.
 *
 * @param architecture - ARCH as kbuild knows it
 * @returns the values of its lines
 * @throws BootwrightError `BW-CONFIG-NOT-A-CONFIG`, `BW-CONFIG-OTHER-ARCHITECTURE`
 */
export function checkShipped(
  text: string,
  path: string,
  architecture: string,
): ReadonlyMap<string, string> {
  const lines = checkIsConfig(text, path);
  const own = familyOf(architecture);
  // "# Linux/arm64 6.1 Kernel Configuration" by kbuild, or "# arm64" as the first line by RHEL.
  const said =
    /^# Linux\/(\S+) \S+ Kernel Configuration/m.exec(text.slice(0, 4096))?.[1] ??
    /^# (\w+)\n/.exec(text)?.[1];
  const family = said === undefined ? undefined : familyOf(said);
  const foreign =
    family !== undefined && family in families && family !== own
      ? said
      : Object.entries(symbolOf).find(
          ([name, symbol]) => name !== own && lines.get(symbol) === 'y',
        )?.[0];
  if (foreign !== undefined) {
    throw new BootwrightError(
      'BW-CONFIG-OTHER-ARCHITECTURE',
      `"${path}" is a config for ${foreign}, but the kernel is to be built for ${architecture}.`,
    );
  }
  return lines;
}

/**
 * Makes sure that nothing falls only because a tool is missing on this host. Kconfig switches such
 * options off without a word; the exported symbols' CRCs change with them.
 *
 * @param shipped - the values of the shipped config's lines
 * @param settings - what is set on purpose: debug information that nobody wants needs no tool
 * @throws BootwrightError `BW-CONFIG-TOOL-MISSING`
 */
export function checkTools(
  shipped: ReadonlyMap<string, string>,
  stock: Configuration,
  settings: readonly Setting[] = [],
): void {
  if (shipped.get('DEBUG_INFO_BTF') !== 'y') return;
  if (settings.some(({ symbol }) => symbol.startsWith('DEBUG_INFO'))) return;
  const { symbols } = stock.kconfig;
  const btf = symbols.get('DEBUG_INFO_BTF');
  if (btf === undefined || btf.menus.length === 0) return;
  const version = symbols.get('PAHOLE_VERSION');
  const isAsked = version !== undefined && version.menus.length > 0;
  // Kernels before 5.18 do not ask for the version: there the build itself would fail, much later.
  const isMissing = isAsked ? stock.get(version) === '0' : findTool('pahole') === undefined;
  if (!isMissing) return;
  const install = installCommand('pahole');
  throw new BootwrightError(
    'BW-CONFIG-TOOL-MISSING',
    'The shipped config has DEBUG_INFO_BTF=y, which needs pahole, and pahole was not found.',
    install === undefined
      ? {}
      : {
          hint: `Install it (${install}) and run the command again. Or build without debug info, which changes the ABI.`,
        },
  );
}
