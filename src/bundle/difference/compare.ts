import { posix } from 'node:path';
import { embeddedBlobs } from '../../kernel/firmware/choose.ts';
import { fileSize } from '../../system/files.ts';
import { isModule } from '../check-module.ts';
import { layoutOf, type Manifest } from '../manifest.ts';
import { type Bundle, openBundle } from '../open.ts';
import { readMembers } from '../read-members.ts';
import { configDifference } from './config.ts';
import type { BundleDifference, GainAndLoss, Pair } from './report.ts';

/** A bundle as far as it is compared. */
export interface Side {
  readonly manifest: Manifest;
  readonly archiveBytes: number;
  /** Texts of its configs. */
  readonly stock: string;
  readonly netboot: string;
}

function gainAndLoss(before: Iterable<string>, after: Iterable<string>): GainAndLoss {
  const [one, other] = [new Set(before), new Set(after)];
  return {
    gained: [...other].filter((name) => !one.has(name)).sort(),
    lost: [...one].filter((name) => !other.has(name)).sort(),
  };
}

function moduleNames({ files }: Manifest): readonly string[] {
  return files
    .filter(({ path }) => isModule(path))
    .map(({ path }) =>
      posix
        .basename(path)
        .replace(/\.ko(\..*)?$/, '')
        .replaceAll('-', '_'),
    );
}

function drivers({ promotion }: Manifest): readonly string[] {
  return promotion.promoted.filter(({ to }) => to === 'y').map(({ symbol }) => symbol);
}

function blobs({ firmware }: Manifest): readonly string[] {
  return embeddedBlobs(firmware?.blobs ?? []).map(
    ({ path, sha256 = '' }) => `${path} (${sha256.slice(0, 8)})`,
  );
}

function facts({ target, source, settings, toolchain, certificate, wrapped }: Manifest) {
  return new Map([
    ['kernel', wrapped === undefined ? 'built' : 'stock, wrapped'],
    ['uname -r', target.kernelRelease],
    ['package', `${target.name}-${target.version}-${target.release}.${target.architecture}`],
    ['variant', target.variant ?? 'none'],
    ['made from', source.fileName],
    ['source', source.sha256],
    ['scope', settings.scope],
    ['fleet', settings.fleet?.drivers.join(' ') ?? 'none'],
    ['debug info', settings.debugInfo],
    ['modules', settings.modules],
    ...toolchain.map(({ name, version }): [string, string] => [name, version]),
    ['trusts', certificate?.sha256 ?? 'no certificate of its own'],
  ]);
}

function sizes({ manifest, archiveBytes }: Side) {
  const { kernel, modules, bytes, files, target, wrapped } = manifest;
  const { initramfs } = layoutOf(target.kernelRelease);
  return new Map([
    ['kernel', kernel.bytes],
    ...(wrapped === undefined
      ? []
      : [['initramfs', files.find(({ path }) => path === initramfs)?.bytes ?? 0] as const]),
    ['modules as compiled', modules.bytesBefore],
    ['modules as packed', modules.bytesAfter],
    ['all, unpacked', bytes],
    ['archive', archiveBytes],
  ]);
}

function pairs<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
  otherwise: Value,
): readonly Pair<Value>[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((what) => ({
    what,
    from: before.get(what) ?? otherwise,
    to: after.get(what) ?? otherwise,
  }));
}

/** What differs between two bundles, the first being the earlier one. */
export function compareSides(a: Side, b: Side): BundleDifference {
  const deviations = ({ settings }: Manifest) =>
    settings.deviations.map(({ what, reason }) => `${what}: ${reason}`);
  return {
    schema: 'bootwright/bundle-difference',
    version: 1,
    from: a.manifest.id,
    to: b.manifest.id,
    facts: pairs(facts(a.manifest), facts(b.manifest), 'none').filter(
      ({ from, to }) => from !== to,
    ),
    sizes: pairs(sizes(a), sizes(b), 0),
    drivers: gainAndLoss(drivers(a.manifest), drivers(b.manifest)),
    modules: gainAndLoss(moduleNames(a.manifest), moduleNames(b.manifest)),
    firmware: gainAndLoss(blobs(a.manifest), blobs(b.manifest)),
    deviations: gainAndLoss(deviations(a.manifest), deviations(b.manifest)),
    config: configDifference(
      { ...a, promotion: a.manifest.promotion },
      { ...b, promotion: b.manifest.promotion },
    ),
  };
}

async function readSide(bundle: Bundle, signal?: AbortSignal): Promise<Side> {
  const layout = layoutOf(bundle.manifest.target.kernelRelease);
  const { config } = layout;
  // A wrapped kernel's config is that of stock.
  const stockConfig = bundle.manifest.wrapped === undefined ? layout.stockConfig : config;
  const texts = await readMembers(bundle, [config, stockConfig], signal);
  return {
    manifest: bundle.manifest,
    archiveBytes:
      bundle.format === 'folder' ? bundle.manifest.bytes : await fileSize(bundle.archive),
    stock: texts.get(stockConfig)?.toString() ?? '',
    netboot: texts.get(config)?.toString() ?? '',
  };
}

/**
 * Compares two bundles. Only what is read of them is checked; for the rest there is verifyBundle().
 *
 * @param from - folder, archive or manifest.json of the earlier one
 * @param to - those of the later one
 * @throws BootwrightError as openBundle() and readMembers() do
 */
export async function compareBundles(
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<BundleDifference> {
  const [a, b] = [await openBundle(from), await openBundle(to)];
  return compareSides(await readSide(a, signal), await readSide(b, signal));
}
