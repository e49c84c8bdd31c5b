import { type Manifest, nameManifest, type Provenance } from '../../src/bundle/manifest.ts';
import type { Promotion } from '../../src/bundle/promotion.ts';
import type { BundleFacts, StockFacts, StockModule } from '../../src/compare/facts.ts';
import type { ExportedSymbol } from '../../src/formats/symvers/index.ts';
import { moduleName } from '../../src/kernel/modules/module-file.ts';
import { provenance, release } from '../bundle/parts.ts';

export const vermagic = `${release} SMP mod_unload modversions `;

const nothing: Promotion = {
  promoted: [],
  requested: [],
  raised: [],
  selected: [],
  excluded: [],
  stuck: [],
  lost: [],
  enabled: [],
  pinned: [],
  settings: [],
};

/** A manifest with that of a promotion, and settings, and nothing else of interest. */
export function makeManifest(
  promotion: Partial<Promotion> = {},
  settings: Partial<Provenance['settings']> = {},
): Manifest {
  return nameManifest({
    schemaVersion: 1,
    ...provenance,
    configDelta: [],
    settings: { ...provenance.settings, ...settings },
    kernel: {
      image: `boot/vmlinuz-${release}`,
      sha256: '34'.repeat(32),
      bytes: 28_900_000,
      version: release,
    },
    promotion: { report: 'boot/promotion.json', ...nothing, ...promotion },
    files: [],
    bytes: 40_000_000,
    timestamp: 1_700_000_000,
  });
}

export function exported(
  name: string,
  crc: number,
  provider = 'vmlinux',
  kind = 'EXPORT_SYMBOL_GPL',
): ExportedSymbol {
  return { name, crc, provider, kind, namespace: '' };
}

const layoutCrc = 0xaa;

/** What every module needs. */
export const layout = exported('module_layout', layoutCrc);

/** A module of stock, by its path below `kernel/`. */
export function stockModule(
  path: string,
  {
    aliases = [],
    imports = {},
    exports = [],
    functions = [],
    vermagic: own = vermagic,
    hasVersions = true,
  }: {
    readonly aliases?: readonly string[];
    readonly imports?: Readonly<Record<string, number>>;
    readonly exports?: readonly string[];
    readonly functions?: readonly string[];
    readonly vermagic?: string;
    readonly hasVersions?: boolean;
  } = {},
): StockModule {
  return {
    module: moduleName(path),
    path: `kernel/${path}`,
    file: {
      facts: {
        path: `kernel/${path}`,
        name: moduleName(path),
        vermagic: own,
        versions: hasVersions
          ? new Map([['module_layout', layoutCrc], ...Object.entries(imports)])
          : new Map(),
        imports: Object.keys(imports).sort(),
        exports: exports.map((name) => ({ name })),
        hasTypes: false,
        usesTypes: false,
        rebuilt: false,
        trusted: false,
      },
      aliases,
      functions,
    },
  };
}

const flags = 'CONFIG_SMP=y\nCONFIG_MODULE_UNLOAD=y\nCONFIG_MODVERSIONS=y\n';

const stockConfig = `${flags}CONFIG_E1000E=m
CONFIG_8139CP=m
CONFIG_8139TOO=m
CONFIG_MII=m
CONFIG_EXT4_FS=m
CONFIG_JBD2=m
# CONFIG_ROOT_NFS is not set
`;

/** A small stock kernel. */
export const stock: StockFacts = {
  kernelRelease: release,
  modules: [
    stockModule('fs/jbd2/jbd2.ko', { imports: { kmalloc: 1 }, exports: ['jbd2_start'] }),
    stockModule('fs/ext4/ext4.ko', { imports: { kmalloc: 1, jbd2_start: 2 } }),
    stockModule('drivers/net/mii.ko', { imports: { kmalloc: 1 }, exports: ['mii_check'] }),
    stockModule('drivers/net/ethernet/intel/e1000e/e1000e.ko', {
      aliases: ['pci:v00008086d000015B7sv*sd*bc*sc*i*', 'pci:v00008086d000010D3sv*sd*bc*sc*i*'],
      imports: { kmalloc: 1 },
    }),
    stockModule('drivers/net/ethernet/realtek/8139too.ko', {
      aliases: ['pci:v000010ECd00008139sv*sd*bc*sc*i*'],
      imports: { kmalloc: 1, mii_check: 3 },
    }),
    stockModule('drivers/net/ethernet/realtek/8139cp.ko', {
      aliases: ['pci:v000010ECd00008139sv*sd*bc*sc*i*'],
      imports: { kmalloc: 1, mii_check: 3 },
    }),
  ],
  builtIn: ['kernel/fs/binfmt_script.ko'],
  builtInAliases: [],
  initcalls: ['binfmt_script'],
  config: stockConfig,
  symvers: [
    layout,
    exported('kmalloc', 1),
    exported('jbd2_start', 2, 'fs/jbd2/jbd2'),
    exported('mii_check', 3, 'drivers/net/mii'),
  ],
};

const rise = { from: 'm', to: 'y', reason: 'in scope' };

/** Its netboot kernel: network drivers built in, the root on NFS. */
export const bundle: BundleFacts = {
  manifest: makeManifest({
    promoted: [
      { symbol: 'E1000E', ...rise, location: 'drivers/net/ethernet/intel/Kconfig:58' },
      { symbol: '8139CP', ...rise, location: 'drivers/net/ethernet/realtek/Kconfig:34' },
      { symbol: '8139TOO', ...rise, location: 'drivers/net/ethernet/realtek/Kconfig:48' },
    ],
    selected: [{ symbol: 'MII', ...rise, reason: 'selected by 8139CP' }],
    requested: [{ symbol: 'ROOT_NFS', from: 'n', to: 'y', reason: 'the root is on NFS' }],
  }),
  config: stockConfig
    .replace(/(E1000E|8139CP|8139TOO|MII)=m/g, '$1=y')
    .replace('# CONFIG_ROOT_NFS is not set', 'CONFIG_ROOT_NFS=y'),
  stockConfig,
  symvers: [
    layout,
    exported('kmalloc', 1),
    exported('jbd2_start', 2, 'fs/jbd2/jbd2'),
    exported('mii_check', 3),
  ],
  builtIn: [
    'kernel/fs/binfmt_script.ko',
    'kernel/drivers/net/mii.ko',
    'kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko',
    'kernel/drivers/net/ethernet/realtek/8139cp.ko',
    'kernel/drivers/net/ethernet/realtek/8139too.ko',
  ],
  modules: ['kernel/fs/jbd2/jbd2.ko', 'kernel/fs/ext4/ext4.ko'],
  aliases: [],
  imageSymbols: new Set(['start_kernel', 'mii_check']),
  initcalls: ['binfmt_script', 'mii', 'e1000e', '8139cp', '8139too'],
  vermagic,
};

/** A kernel as the bundle of itself. */
export function bundleOf(facts: StockFacts): BundleFacts {
  const config = facts.config ?? '';
  return {
    manifest: makeManifest(),
    config,
    stockConfig: config,
    symvers: facts.symvers ?? [],
    builtIn: facts.builtIn,
    modules: facts.modules.map(({ path }) => path),
    aliases: facts.modules.flatMap(({ module, file }) =>
      (file?.aliases ?? []).map((pattern) => ({ pattern, module })),
    ),
    initcalls: facts.initcalls,
    imageSymbols: new Set(),
    vermagic,
  };
}
