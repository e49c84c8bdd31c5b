import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { BundleFormat } from '../bundle/format.ts';
import type { InitramfsReport } from '../bundle/initramfs-report.ts';
import type { Provenance } from '../bundle/manifest.ts';
import { type PackedBundle, packBundle } from '../bundle/pack.ts';
import { isInNetworkMenu } from '../hardware/index.ts';
import type { PlainScope } from '../kernel/configure/scope.ts';
import { openStock } from '../kernel/stock/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { formatBytes } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import { findFirmware } from './firmware.ts';
import { type Compression, compressionFor } from './initramfs/compress.ts';
import { makeInitramfs } from './initramfs/make.ts';
import { findUserland } from './initramfs/userland.ts';
import { chooseModules } from './modules/choose.ts';
import { layModules } from './modules/lay-modules.ts';
import { openModuleFiles } from './modules/module-files.ts';
import { digestSources, readStockImage } from './stock-image.ts';
import { buildTime, targetOf } from './target.ts';

/** What is to be wrapped, and how. */
export interface WrapRequest {
  /** The stock kernel's packages, or a folder. */
  readonly paths: readonly string[];
  readonly scope: PlainScope;
  /** Which of stock's modules the bundle has besides the initramfs, for the NFS root. */
  readonly modules: 'all' | 'none';
  /** A tree of firmware, such as /lib/firmware. */
  readonly firmware?: string;
  /** The busybox of the initramfs; the default is the host's. */
  readonly busybox?: string;
  /** The default is what the kernel unpacks best. */
  readonly compression?: Compression;
  readonly format: BundleFormat;
  /** The folder that bundles go into. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/** A wrapped kernel. */
export interface WrappedBundle {
  readonly bundle: PackedBundle;
  readonly report: InitramfsReport;
}

/**
 * Makes a bundle of a stock kernel: its image as it is, and an initramfs that holds the drivers of
 * the network cards of the scope and what it takes to mount a root over NFS.
 *
 * @throws BootwrightError as `openStock` does, `BW-WRAP-KERNEL`, `BW-WRAP-BUSYBOX`,
 *   `BW-WRAP-COMPRESSION`, `BW-MODULES-UNREADABLE`, `BW-MODULES-INSTALL`, `BW-FILE-MISSING`, and as
 *   `packBundle` does
 */
export async function wrapStock(request: WrapRequest, step: Step): Promise<WrappedBundle> {
  const { paths, scope, signal } = request;
  const userland = await findUserland(request.busybox);
  const scratch = await mkdtemp(join(tmpdir(), 'bootwright-wrap-'));
  try {
    await using stock = await step.step('Read the stock kernel', (reading) =>
      openStock({
        paths,
        parts: ['modules', 'indexes', 'image', 'config'],
        keepPacked: true,
        ...(signal === undefined ? {} : { signal }),
      }).then((opened) => {
        reading.note(opened.release);
        return opened;
      }),
    );
    const target = targetOf(stock.release);
    const kernel = await readStockImage(stock);
    const compression = request.compression ?? compressionFor(kernel.text);
    if (compression === undefined) {
      throw new BootwrightError(
        'BW-WRAP-COMPRESSION',
        `By its config, ${stock.release} unpacks no initramfs that is packed by zstd, xz or gzip.`,
      );
    }
    const read = join(scratch, 'read');
    const files = await openModuleFiles(stock.modules, read, signal);
    const choice = await step.step('Choose its network modules', async (choosing) => {
      const made = await chooseModules(await files.read(isInNetworkMenu), scope, files);
      choosing.note(`${made.chosen.length} modules`);
      return made;
    });
    const firmware = await findFirmware(request.firmware, choice.chosen, signal);
    const report: InitramfsReport = {
      schema: 'bootwright/initramfs',
      version: 1,
      kernelRelease: stock.release,
      scope,
      modules: choice.chosen.map(({ name, path, why, aliases }) => ({ name, path, why, aliases })),
      leftOut: [...choice.leftOut],
      firmware: { files: [...firmware.files.keys()], missing: [...firmware.missing] },
    };
    const initramfs = await step.step('Make the initramfs', async (making) => {
      const ingredients = { chosen: choice.chosen, files, read, userland, firmware, compression };
      const made = await makeInitramfs(stock, ingredients, join(scratch, 'initramfs'), signal);
      making.note(formatBytes(made.bytes.length));
      return made;
    });
    await writeFile(join(scratch, 'initramfs.img'), initramfs.bytes);
    await writeFile(join(scratch, 'report.json'), `${JSON.stringify(report, undefined, 1)}\n`);
    const modules = await step.step('Index the modules', () =>
      layModules(stock, request.modules, join(scratch, 'bundle'), signal),
    );
    const sources = await digestSources(stock, paths, kernel.image);
    const [first = { fileName: basename(kernel.image), sha256: '' }] = sources;
    const provenance: Provenance = {
      target,
      source: { ...first, spec: 'none', supplied: [] },
      toolchain: [{ name: 'busybox', version: userland.version }],
      settings: { scope, debugInfo: 'keep', modules: request.modules, deviations: [] },
      configDelta: [],
      modules: {
        count: modules.count,
        bytesBefore: modules.bytes,
        bytesAfter: modules.bytes,
        signed: choice.chosen.every(({ signed }) => signed),
      },
      wrapped: {
        sources,
        secureBoot: kernel.secureBoot,
        initramfs: {
          compression,
          bytesUnpacked: initramfs.bytesUnpacked,
          modules: choice.chosen.length,
          firmware: firmware.files.size,
          firmwareMissing: firmware.missing.length,
          userland: { version: userland.version, sha256: userland.sha256 },
        },
      },
    };
    const bundle = await step.step('Pack the bundle', (packing) =>
      packBundle({
        parts: {
          image: kernel.image,
          config: kernel.config,
          initramfs: join(scratch, 'initramfs.img'),
          initramfsReport: join(scratch, 'report.json'),
          moduleTree: modules.tree,
        },
        provenance,
        format: request.format,
        folder: request.folder,
        timestamp: buildTime(kernel.version),
        step: packing,
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    return { bundle, report };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
