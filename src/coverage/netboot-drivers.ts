import { parseInitramfsReport } from '../bundle/initramfs-report.ts';
import { layoutOf, type Manifest } from '../bundle/manifest.ts';
import type { Bundle } from '../bundle/open.ts';
import type { Change } from '../bundle/promotion.ts';
import { readMembers } from '../bundle/read-members.ts';
import { type ModuleAlias, parseModulesAlias } from '../hardware/index.ts';
import type { FirmwareBlob } from '../kernel/firmware/choose.ts';
import { moduleName } from '../kernel/modules/module-file.ts';
import { parseModuleList, parseModulesDep } from '../kernel/modules/module-tree.ts';

/** The drivers of a bundle's kernel: what is in the image, and what lies beside it. */
export interface NetbootDrivers {
  /** Paths of the drivers in the image, by the names of their modules. */
  readonly builtIn: ReadonlyMap<string, string>;
  /** Paths of the drivers in the initramfs of a wrapped kernel, which has them before its root. */
  readonly initramfs: ReadonlyMap<string, string>;
  /** Paths of its modules, by their names. */
  readonly modules: ReadonlyMap<string, string>;
  /** What its modules and those of the initramfs claim. Of what is in the image, nobody knows from the bundle alone. */
  readonly aliases: readonly ModuleAlias[];
  /** Drivers that promotion left as modules, or could not build in, and why. */
  readonly leftOut: readonly Change[];
  /** Of these, those that cannot be built in. */
  readonly stuck: readonly Change[];
  /** Why network drivers are not in the initramfs, by their names; of a wrapped kernel alone. */
  readonly notInInitramfs?: ReadonlyMap<string, string>;
  readonly scope: string;
  /** What the drivers in the image ask for; none of a bundle that does not tell. */
  readonly firmware: readonly FirmwareBlob[];
}

/** The drivers where there is no bundle (yet): none. */
export const noDrivers: NetbootDrivers = {
  builtIn: new Map(),
  initramfs: new Map(),
  modules: new Map(),
  aliases: [],
  leftOut: [],
  stuck: [],
  scope: 'network-devices',
  firmware: [],
};

/** What of the promotion says why a driver is no part of the image. */
function leftOutOf({ promotion }: Manifest): readonly Change[] {
  return [...promotion.stuck, ...promotion.excluded, ...promotion.lost];
}

function byName(paths: Iterable<string>): ReadonlyMap<string, string> {
  return new Map(Array.from(paths, (path) => [moduleName(path), path]));
}

/**
 * Reads which drivers a bundle has built in and which as modules.
 *
 * @throws BootwrightError `BW-BUNDLE-MISSING-FILE` (no list of what is built in), `BW-BUNDLE-CORRUPT`,
 *   and as reading the archive does
 */
export async function readNetbootDrivers(
  bundle: Bundle,
  signal?: AbortSignal,
): Promise<NetbootDrivers> {
  const { manifest } = bundle;
  const { modules } = layoutOf(manifest.target.kernelRelease);
  const listed = new Set(manifest.files.map(({ path }) => path));
  const builtIn = `${modules}/modules.builtin`;
  const dependencies = `${modules}/modules.dep`;
  const aliases = `${modules}/modules.alias`;
  const report = manifest.wrapped === undefined ? undefined : manifest.promotion.report;
  const optional = [dependencies, aliases, ...(report === undefined ? [] : [report])].filter(
    (path) => listed.has(path),
  );
  const files = await readMembers(bundle, [builtIn, ...optional], signal);
  const text = (path: string): string => files.get(path)?.toString('utf8') ?? '';
  const initramfs = report === undefined ? undefined : parseInitramfsReport(text(report), report);
  return {
    builtIn: byName(parseModuleList(text(builtIn))),
    initramfs: byName(initramfs?.modules.map(({ path }) => path) ?? []),
    modules: byName(parseModulesDep(text(dependencies)).keys()),
    aliases: [
      ...(initramfs?.modules ?? []).flatMap(({ name, aliases: patterns }) =>
        patterns.map((pattern) => ({ pattern, module: name })),
      ),
      ...parseModulesAlias(text(aliases)),
    ],
    leftOut: leftOutOf(manifest),
    stuck: manifest.promotion.stuck,
    ...(initramfs === undefined
      ? {}
      : {
          notInInitramfs: new Map(initramfs.leftOut.map(({ name, reason }) => [name, reason])),
        }),
    scope: manifest.settings.scope,
    firmware: manifest.firmware?.blobs ?? [],
  };
}
