import { constants } from 'node:fs';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundleFormat } from '../bundle/format.ts';
import type { InitramfsReport } from '../bundle/initramfs-report.ts';
import type { Provenance } from '../bundle/manifest.ts';
import { type PackedBundle, packBundle } from '../bundle/pack.ts';
import {
  BzImageError,
  hasSecureBootSignature,
  readBzImageHeader,
} from '../formats/bzimage/index.ts';
import { writeCpio } from '../formats/cpio/index.ts';
import { isInNetworkMenu } from '../hardware/index.ts';
import type { ScopeName } from '../kernel/configure/scope.ts';
import { openStock, type StockKernel, stockSources } from '../kernel/stock/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { exists, formatBytes, sha256File } from '../system/files.ts';
import { run } from '../system/process.ts';
import type { Step } from '../system/progress.ts';
import { requireTool } from '../system/tools.ts';
import { type FoundFirmware, findFirmware } from './firmware.ts';
import { type Compression, compress, compressionFor } from './initramfs/compress.ts';
import { initramfsMembers } from './initramfs/members.ts';
import { findUserland, type Userland } from './initramfs/userland.ts';
import { type Choice, chooseModules } from './modules/choose.ts';
import { packInitramfsModules, readInitramfsModules } from './modules/initramfs-tree.ts';
import { listStockModules, type ModuleFiles, openModuleFiles } from './modules/module-files.ts';
import { buildTime, targetOf } from './target.ts';

/** What is to be wrapped, and how. */
export interface WrapRequest {
  /** The stock kernel's packages, or a folder. */
  readonly paths: readonly string[];
  readonly scope: ScopeName;
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

const scriptsFolder = fileURLToPath(new URL('init/', import.meta.url));

/** What of a stock kernel's own lists goes along with its modules: depmod makes the rest. */
const ownLists = ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'];

/** The image and config of a stock kernel, checked to be of it. */
async function readKernel(stock: StockKernel) {
  const [image, config] = [await stock.file('image'), await stock.file('config')];
  if (image === undefined || config === undefined) {
    throw new BootwrightError(
      'BW-WRAP-KERNEL',
      `There are modules of ${stock.release}, and no ${image === undefined ? 'image (vmlinuz)' : 'config'} of it.`,
      { hint: `Give ${stockSources}. The image is in kernel-core or linux-image.` },
    );
  }
  const bytes = await readFile(image);
  try {
    const { release, version } = readBzImageHeader(bytes);
    if (release !== stock.release) {
      throw new BootwrightError(
        'BW-WRAP-KERNEL',
        `The image "${image}" is of ${release}, and the modules are of ${stock.release}.`,
      );
    }
    const text = await readFile(config, 'utf8');
    return { image, config, text, version, secureBoot: hasSecureBootSignature(bytes) };
  } catch (error) {
    if (!(error instanceof BzImageError)) throw error;
    throw new BootwrightError('BW-WRAP-KERNEL', `The image "${image}" ${error.message}.`, {
      cause: error,
    });
  }
}

/** What a bundle is made of, for its manifest: the packages, or the image where a folder was given. */
async function digestSources(paths: readonly string[], folder: boolean, image: string) {
  const files = folder ? [image] : paths;
  return Promise.all(
    files.map(async (file) => ({ fileName: basename(file), sha256: await sha256File(file) })),
  );
}

/** Has depmod make the indexes of a tree of modules. */
async function index(root: string, release: string, signal: AbortSignal | undefined) {
  await run(requireTool('depmod', 'index the modules'), ['-a', '-b', root, release], {
    failure: 'BW-MODULES-INSTALL',
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Copies what is there of a kernel's own lists. */
async function copyLists(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of ownLists) {
    if (await exists(join(from, name))) await copyFile(join(from, name), join(to, name));
  }
  // depmod complains where it is missing.
  if (!(await exists(join(to, 'modules.order')))) await writeFile(join(to, 'modules.order'), '');
}

/** Lays out the modules of the bundle: the vendor's files as they are, and depmod's indexes. */
async function layModules(
  stock: StockKernel,
  which: WrapRequest['modules'],
  root: string,
  signal: AbortSignal | undefined,
) {
  const tree = join(root, 'lib/modules', stock.release);
  await copyLists(stock.modules, tree);
  const files = which === 'all' ? await listStockModules(stock.modules) : [];
  let bytes = 0;
  for (const file of files) {
    signal?.throwIfAborted();
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await copyFile(join(stock.modules, file), join(tree, file), constants.COPYFILE_FICLONE);
    bytes += (await stat(join(tree, file))).size;
  }
  if (files.length === 0) await writeFile(join(tree, 'modules.order'), '');
  await index(root, stock.release, signal);
  return { tree, count: files.length, bytes };
}

/** What an initramfs is made of besides the kernel's own files. */
interface Ingredients {
  readonly userland: Userland;
  readonly firmware: FoundFirmware;
  readonly compression: Compression;
}

/**
 * Makes the initramfs: an archive that is not compressed, with the drivers, each packed by itself,
 * and behind it a compressed one with what every boot needs. So a machine unpacks its own drivers
 * alone, and the kernel takes both (Documentation/driver-api/early-userspace/buffer-format.rst).
 */
async function makeInitramfs(
  stock: StockKernel,
  { chosen }: Choice,
  files: ModuleFiles,
  { userland, firmware, compression }: Ingredients,
  scratch: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly bytesUnpacked: number }> {
  const root = join(scratch, 'initramfs');
  const tree = join(root, 'lib/modules', stock.release);
  await copyLists(stock.modules, tree);
  for (const { path } of chosen) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await rename(join(scratch, 'read', path), join(tree, path));
  }
  await index(root, stock.release, signal);
  await packInitramfsModules(stock.modules, chosen, files, tree, signal);
  const names = (await readdir(scriptsFolder)).filter((name) => name.endsWith('.sh'));
  const scripts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(scriptsFolder, name), 'utf8')] as const),
  );
  const { drivers, rest } = initramfsMembers({
    kernelRelease: stock.release,
    busybox: await readFile(userland.path),
    applets: userland.applets,
    scripts: new Map(scripts),
    modules: await readInitramfsModules(tree),
    firmware: firmware.files,
  });
  const early = Buffer.concat([...writeCpio(drivers, 0)]);
  const late = Buffer.concat([...writeCpio(rest, 0)]);
  const packed = await compress(late, compression, signal);
  return {
    // Whoever appends a further archive has to begin at a multiple of four.
    bytes: Buffer.concat([early, packed, Buffer.alloc((4 - (packed.length % 4)) % 4)]),
    bytesUnpacked: early.length + late.length,
  };
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
        parts: ['modules', 'indexes', 'image', 'config', 'system-map', 'symvers'],
        keepPacked: true,
        ...(signal === undefined ? {} : { signal }),
      }).then((opened) => {
        reading.note(opened.release);
        return opened;
      }),
    );
    const target = targetOf(stock.release);
    const kernel = await readKernel(stock);
    const compression = request.compression ?? compressionFor(kernel.text);
    if (compression === undefined) {
      throw new BootwrightError(
        'BW-WRAP-COMPRESSION',
        `By its config, ${stock.release} unpacks no initramfs that is packed by zstd, xz or gzip.`,
      );
    }
    const files = await openModuleFiles(stock.modules, join(scratch, 'read'), signal);
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
      const ingredients = { userland, firmware, compression };
      const made = await makeInitramfs(stock, choice, files, ingredients, scratch, signal);
      making.note(formatBytes(made.bytes.length));
      return made;
    });
    await writeFile(join(scratch, 'initramfs.img'), initramfs.bytes);
    await writeFile(join(scratch, 'report.json'), `${JSON.stringify(report, undefined, 1)}\n`);
    const modules = await step.step('Index the modules', () =>
      layModules(stock, request.modules, join(scratch, 'bundle'), signal),
    );
    const [systemMap, moduleSymvers] = [
      await stock.file('system-map'),
      await stock.file('symvers'),
    ];
    const sources = await digestSources(paths, rootIsGiven(stock, paths), kernel.image);
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
          ...(systemMap === undefined ? {} : { systemMap }),
          ...(moduleSymvers === undefined ? {} : { moduleSymvers }),
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

/** Whether the kernel was read where it lies, and not out of packages. */
function rootIsGiven(stock: StockKernel, paths: readonly string[]): boolean {
  return paths.some((path) => stock.modules.startsWith(resolve(path)));
}
