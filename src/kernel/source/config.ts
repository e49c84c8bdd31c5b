import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, readTextFile } from '../../system/files.ts';

/** The processors that distributions build kernels for, by their RPM names. */
const cpus =
  'x86_64|aarch64|ppc64le|ppc64|s390x|s390|i[3-6]86|armv7hl|armv7l|arm64|riscv64|loongarch64|ia64|noarch';

/**
 * How distributions name a config file: `kernel-<version>-<cpu>[-variant].config` in a prepared
 * tree, `kernel-<cpu>[-variant][-flavor].config` among the sources, `config-<version>-<cpu>` in
 * simple packages. Without a version, `config-…` is a part that %prep merges with others into a
 * config (EL 6's `config-x86_64-generic`).
 */
const configName = new RegExp(
  `^(?:kernel|config)-(?:(?<version>\\d[^/]*?)-)?(?<cpu>${cpus})(?:[-.](?<variant>[^/]*?))??(?:-(?<flavor>rhel|fedora|centos|eln))?(?:\\.config)?$`,
);

/** A config file of a source package, by its name. */
export interface PackageConfig {
  readonly path: string;
  readonly version?: string;
  readonly cpu: string;
  /** Empty for the plain kernel. */
  readonly variant: string;
}

/** Reads a config file's name; undefined if it is none. */
export function parseConfigName(path: string): PackageConfig | undefined {
  const groups = configName.exec(basename(path))?.groups;
  if (groups === undefined) return undefined;
  const { version, cpu = '', variant = '' } = groups;
  if (version === undefined && basename(path).startsWith('config-')) return undefined;
  return { path, cpu, variant, ...(version === undefined ? {} : { version }) };
}

/** The config files that lie in a folder. */
async function listConfigs(folder: string): Promise<PackageConfig[]> {
  if (!(await exists(folder))) return [];
  return (await readdir(folder, { withFileTypes: true })).flatMap((entry) => {
    const config = entry.isFile() ? parseConfigName(join(folder, entry.name)) : undefined;
    return config ?? [];
  });
}

/**
 * Finds the config of an architecture and a variant. Where `%prep` has made configs for the
 * architecture, only those count: what it leaves out the package does not build (EL 5.0 has a
 * config for `kdump` on x86_64 among its sources, and no such kernel).
 *
 * @param place - the prepared tree, the folder of the package's sources, and the package's version
 * @throws BootwrightError `BW-SOURCE-CONFIG-MISSING`, `BW-SOURCE-VARIANT`, each with what there is
 */
export async function findShippedConfig(
  place: { readonly tree: string; readonly sources: string; readonly version: string },
  architecture: string,
  variant: string | undefined,
): Promise<PackageConfig> {
  const places = await Promise.all(
    [join(place.tree, 'configs'), place.tree, place.sources].map(listConfigs),
  );
  const configs = places.flat();
  const ours = places
    .map((each) => each.filter(({ cpu }) => cpu === architecture))
    .find((each) => each.length > 0);
  if (ours === undefined) {
    throw new BootwrightError(
      'BW-SOURCE-CONFIG-MISSING',
      configs.length === 0
        ? `The package has no file named as a config (kernel-<version>-${architecture}.config and the like).`
        : `The package has no config for ${architecture}, only for ${listed(configs.map(({ cpu }) => cpu))}.`,
      { excerpt: [...new Set(configs.map(({ path }) => basename(path)))].sort().slice(0, 40) },
    );
  }
  const wanted = ours.filter((config) => config.variant === (variant ?? ''));
  const config = wanted.find(({ version }) => version === place.version) ?? wanted[0];
  if (config === undefined) {
    const variants = ours.map((each) => (each.variant === '' ? '(the plain one)' : each.variant));
    const others = configs.filter((each) => each.variant === variant && each.cpu !== architecture);
    const elsewhere =
      others.length === 0 ? '' : ` (it has a config for ${listed(others.map(({ cpu }) => cpu))})`;
    throw new BootwrightError(
      'BW-SOURCE-VARIANT',
      `The package has no ${variant === undefined ? 'plain kernel' : `variant "${variant}"`} for ${architecture}${elsewhere}; it has ${listed(variants)}.`,
    );
  }
  return config;
}

const listed = (items: readonly string[]): string => [...new Set(items)].sort().join(', ');

/** What symbols and comments in a config say about the architecture, by the `ARCH` that make is given. */
const archMarks: readonly (readonly [arch: string, pattern: RegExp])[] = [
  ['x86_64', /^CONFIG_X86_64=y$/m],
  ['arm64', /^CONFIG_ARM64=y$/m],
  ['s390', /^CONFIG_S390=y$/m],
  ['powerpc', /^CONFIG_PPC=y$/m],
  ['riscv', /^CONFIG_RISCV=y$/m],
  ['loongarch', /^CONFIG_LOONGARCH=y$/m],
  ['arm', /^CONFIG_ARM=y$/m],
  ['i386', /^CONFIG_X86_32=y$/m],
];

/** What `ARCH` may be for each RPM architecture; the first is what EL's own specs say. */
const kbuildArchs: Readonly<Record<string, readonly [string, ...string[]]>> = {
  x86_64: ['x86_64', 'x86'],
};

/** The first line that EL's configs have, `# x86_64`: what `ARCH` is for make. */
const archLine = /^# ([a-z0-9_]+)\r?\n/;

/**
 * What `ARCH` make is to be given with a config: by its first line, else by the architecture.
 *
 * @throws BootwrightError `BW-SOURCE-CONFIG-ARCH` when the config says that it is for another one
 */
export async function readKbuildArch(path: string, architecture: string): Promise<string> {
  const text = await readTextFile(path, 'config');
  const known = kbuildArchs[architecture] ?? [architecture];
  const refuse = (found: string, where: string): never => {
    throw new BootwrightError(
      'BW-SOURCE-CONFIG-ARCH',
      `The config "${path}" is for ${found} (${where}), not for ${architecture}.`,
    );
  };
  const named = archLine.exec(text)?.[1];
  if (named !== undefined) {
    return known.includes(named) ? named : refuse(named, 'by its first line');
  }
  const titled = /^# Linux\/(\S+) \S+ Kernel Configuration$/m.exec(text.slice(0, 1000))?.[1];
  if (titled !== undefined && !known.includes(titled)) refuse(titled, 'by its title');
  const marked = archMarks.find(([, pattern]) => pattern.test(text))?.[0];
  if (marked !== undefined && !known.includes(marked)) refuse(marked, 'by its symbols');
  return known[0];
}
