import { isNetworkDriver } from '../../hardware/index.ts';
import { isModuleFile } from '../modules/module-file.ts';

/** What a stock kernel's packages have that is asked for. */
export type StockPart =
  | 'modules'
  /** Of the modules those of network devices alone. */
  | 'network-drivers'
  /** What depmod and kbuild list: modules.alias, modules.builtin, modules.dep … */
  | 'indexes'
  | 'image'
  | 'config'
  | 'system-map'
  /** Exported symbols and their CRCs: symvers of kernel-core, Module.symvers of -devel and headers. */
  | 'symvers';

/** A part that is one file. */
export type StockFile = Exclude<StockPart, 'modules' | 'network-drivers' | 'indexes'>;

/**
 * Where a kernel's packages have a file, relative to the root: EL from 8 on has all but the symvers
 * of -devel in the folder of the modules, EL 7, Debian and Ubuntu in /boot.
 */
export function stockFilePlaces(file: StockFile, release: string): readonly string[] {
  const modules = `lib/modules/${release}`;
  switch (file) {
    case 'image':
      return [`${modules}/vmlinuz`, `boot/vmlinuz-${release}`];
    case 'config':
      return [`${modules}/config`, `boot/config-${release}`];
    case 'system-map':
      return [`${modules}/System.map`, `boot/System.map-${release}`];
    case 'symvers':
      return [
        ...[`${modules}/symvers`, `boot/symvers-${release}`].flatMap((place) =>
          ['', '.gz', '.xz', '.zst'].map((packing) => place + packing),
        ),
        `usr/src/kernels/${release}/Module.symvers`,
        `usr/src/linux-headers-${release}/Module.symvers`,
      ];
  }
}

const stockFiles: readonly StockFile[] = ['image', 'config', 'system-map', 'symvers'];

/** The release that a place of a package's file names, and the file's place in the folder of modules. */
const releasePatterns = [
  /^lib\/modules\/(?<release>[^/]+)\/(?<inModules>.+)$/,
  /^boot\/(?:vmlinuz|config|System\.map)-(?<release>[^/]+)$/,
  /^boot\/symvers-(?<release>[^/]+?)(?:\.(?:gz|xz|zst))?$/,
  /^usr\/src\/(?:kernels\/|linux-headers-)(?<release>[^/]+)\/Module\.symvers$/,
];

/**
 * Tells where a file of a kernel's package goes when it is unpacked.
 *
 * @param name - as the package has it, such as `./usr/lib/modules/6.12.0/modules.dep`
 * @param parts - what is asked for
 * @returns its place relative to the root, without `usr/` before `lib/modules`; undefined for what is
 *   not asked for
 */
export function stockPlace(name: string, parts: readonly StockPart[]): string | undefined {
  const place = name.replace(/^\.?\//, '').replace(/^usr\/lib\/modules\//, 'lib/modules/');
  for (const pattern of releasePatterns) {
    const { release, inModules } = pattern.exec(place)?.groups ?? {};
    if (release === undefined) continue;
    const file = stockFiles.find((part) => stockFilePlaces(part, release).includes(place));
    if (file !== undefined) return parts.includes(file) ? place : undefined;
    if (inModules === undefined) return undefined;
    if (/^modules\.[\w.]+$/.test(inModules)) return parts.includes('indexes') ? place : undefined;
    if (!isModuleFile(inModules)) return undefined;
    const isWanted =
      parts.includes('modules') ||
      (parts.includes('network-drivers') && isNetworkDriver(inModules));
    return isWanted ? place : undefined;
  }
  return undefined;
}
