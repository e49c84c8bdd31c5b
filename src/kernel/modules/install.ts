import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { exists, fileSize, formatBytes, writeWhole } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import type { Step } from '../../system/progress.ts';
import { requireTool } from '../../system/tools.ts';
import {
  assertBuildPath,
  type CompiledKernel,
  makeArguments,
  makeEnvironment,
  readConfigValues,
  signingKeyName,
  signsModules,
} from '../compile/index.ts';
import type { StockKernel } from '../stock/open.ts';
import { type PlacedModules, placeStockModules } from '../stock/place-modules.ts';
import type { VendorModules } from '../vendor/index.ts';
import { describeCertificate } from './certificate.ts';
import { isModuleFile, moduleName } from './module-file.ts';
import {
  type ModuleTree,
  parseDepmodOutput,
  parseExportedSymbols,
  parseModuleList,
} from './module-tree.ts';
import { appendingProgram, appendingVariables } from './signatures.ts';
import { verifyBuiltIn, verifyIndex, verifyModules } from './verify-tree.ts';
import { vermagicFlags } from './vermagic.ts';

/** Stock's own modules instead of compiled ones. */
export interface StockModules {
  readonly kernel: StockKernel;
  /** The certificates of stock's that the image trusts. */
  readonly trusted: readonly X509Certificate[];
}

/** Which modules are to be installed, and where. */
export interface InstallRequest {
  readonly compiled: CompiledKernel;
  /** The kernel's sources; they are not written to. */
  readonly tree: string;
  /** Gets `lib/modules/RELEASE`; what is there under that name is replaced. */
  readonly folder: string;
  /** `none` installs only the lists of what is built in; a stock kernel gives its own modules. */
  readonly modules: 'all' | 'none' | StockModules;
  /** Vendors' modules, compiled for the same kernel: they go to `updates/`. */
  readonly vendor?: readonly VendorModules[];
  /** The folder of signatures that modules get instead of being signed, see {@link takeSignatures}. */
  readonly signatures?: string;
  /** Names of the modules that have to be in the image, such as `e1000e`. */
  readonly expectBuiltIn?: readonly string[];
  readonly jobs: number;
  readonly step: Step;
  readonly signal?: AbortSignal;
  /** File that gets the output of make and depmod. */
  readonly log: string;
}

/**
 * The certificate that the image was built with, relative to the folder of the objects: its place
 * from 4.3 on, and before.
 */
const certificatePaths = ['certs/signing_key.x509', 'signing_key.x509'] as const;

/**
 * The object that carries the trusted certificates into the image: of certs/Makefile, and of
 * kernel/Makefile in EL 7 and in kernels before 3.13.
 */
const trustedObjects = [
  'certs/system_certificates.o',
  'kernel/system_certificates.o',
  'kernel/modsign_certificate.o',
] as const;

/** kbuild leaves these for building further modules; they point to places of this machine. */
const linksToSources = ['build', 'source'];

async function listModules(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter(isModuleFile).sort();
}

/** Where modules that are not the kernel's own go: depmod prefers them (depmod.d(5), search). */
const vendorFolder = 'updates';

/** The variables of every modules_install here. */
function installVariables({ compiled, folder, signatures }: InstallRequest) {
  return {
    ...compiled.makeVariables,
    INSTALL_MOD_PATH: resolve(folder),
    INSTALL_MOD_STRIP: '1',
    // depmod is run afterwards, so that its complaints are not lost in make's output.
    DEPMOD: 'true',
    ...(signatures === undefined ? {} : appendingVariables(resolve(signatures))),
  };
}

/** Installs a vendor's modules as kbuild does the kernel's own. That none is left unsigned is checked later. */
async function installVendor(request: InstallRequest, { folder }: VendorModules): Promise<void> {
  const { compiled, tree, jobs, log, signal } = request;
  const variables = { ...installVariables(request), INSTALL_MOD_DIR: vendorFolder, M: folder };
  const args = makeArguments(resolve(tree), compiled.objects, jobs, variables, ['modules_install']);
  await run('make', args, {
    env: makeEnvironment(),
    log,
    failure: 'BW-MODULES-INSTALL',
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Runs modules_install: kbuild strips, then signs, then compresses each module. */
async function makeInstall(request: InstallRequest, count: number, step: Step): Promise<void> {
  const { compiled, tree } = request;
  const variables = installVariables(request);
  let done = 0;
  await run(
    'make',
    makeArguments(resolve(tree), compiled.objects, request.jobs, variables, ['modules_install']),
    {
      env: makeEnvironment(),
      log: request.log,
      failure: 'BW-MODULES-INSTALL',
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      onLine: (line) => {
        const path = /^ {2}INSTALL +(\S+\.ko)$/.exec(line)?.[1];
        if (path === undefined) return;
        done += 1;
        step.progress({ done, total: Math.max(count, done), unit: 'modules', current: path });
      },
    },
  );
}

/** Runs depmod against the image's own symbols, and judges what it says. */
async function indexModules(request: InstallRequest): Promise<void> {
  const { compiled, folder, step, signal, log } = request;
  const depmod = requireTool('depmod', 'index the modules');
  const { stderr } = await run(
    depmod,
    [...['-a', '-e', '-F', compiled.systemMap, '-b', resolve(folder)], ...[compiled.kernelRelease]],
    { log, failure: 'BW-MODULES-INSTALL', ...(signal === undefined ? {} : { signal }) },
  );
  const complaints = parseDepmodOutput(stderr);
  if (complaints.length === 0) return;
  // What modpost found in the image or in a module is there, even if depmod does not see it.
  const lists = [
    compiled.moduleSymvers,
    ...(request.vendor ?? []).map(({ folder: own }) => join(own, 'Module.symvers')),
  ];
  const exported = new Set<string>();
  for (const list of lists) {
    if (!(await exists(list))) continue;
    for (const symbol of parseExportedSymbols(await readFile(list, 'utf8'))) exported.add(symbol);
  }
  const missing: string[] = [];
  for (const complaint of complaints) {
    if (complaint.kind === 'other') {
      step.warn(`depmod: ${complaint.text}`);
    } else if (exported.has(complaint.symbol)) {
      step.warn(`depmod does not find "${complaint.symbol}" of "${complaint.module}".`);
    } else {
      missing.push(`${complaint.module}: ${complaint.symbol}`);
    }
  }
  if (missing.length === 0) return;
  throw new BootwrightError('BW-MODULES-SYMBOLS', `${missing[0]} is not exported by anything.`, {
    excerpt: missing.slice(0, 20),
    log,
  });
}

/** Without modules there is still a list of what is in the image, which modprobe and others read. */
async function installBuiltInLists(objects: string, folder: string): Promise<void> {
  for (const name of ['modules.builtin', 'modules.builtin.modinfo']) {
    try {
      await copyFile(join(objects, name), join(folder, name));
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
    }
  }
}

/** The path of the first of some files that is there; of the first of all if none is. */
async function firstThere(folder: string, names: readonly [string, ...string[]]): Promise<string> {
  for (const name of names) if (await exists(join(folder, name))) return join(folder, name);
  return join(folder, names[0]);
}

/** Makes sure that the kernel will trust what the modules are signed with. */
async function assertTrusted(objects: string, x509: X509Certificate): Promise<void> {
  const place = await firstThere(objects, trustedObjects);
  if ((await readFile(place)).includes(x509.raw)) return;
  const subject = x509.subject.split('\n').join(', ');
  throw new BootwrightError('BW-MODULES-UNTRUSTED', `"${place}" has no certificate "${subject}".`);
}

async function readListIfThere(path: string): Promise<string[]> {
  return (await exists(path)) ? parseModuleList(await readFile(path, 'utf8')) : [];
}

/**
 * Installs the modules of a compiled kernel: stripped, signed with the build's
 * key, compressed where the config says so, indexed by depmod; without links to
 * the sources. Then every one of them is read and checked.
 *
 * @throws BootwrightError `BW-MODULES-INSTALL`, `BW-MODULES-UNREADABLE`, `BW-MODULES-VERMAGIC`,
 *   `BW-MODULES-UNSIGNED`, `BW-MODULES-SIGNATURE`, `BW-MODULES-UNSTRIPPED`, `BW-MODULES-SYMBOLS`, `BW-MODULES-UNTRUSTED`,
 *   `BW-MODULES-INCOMPLETE`, `BW-COMPILE-PATH`, `BW-TOOL-MISSING`, `BW-DISK-FULL`, `BW-INTERRUPTED`
 */
export async function installModules(request: InstallRequest): Promise<ModuleTree> {
  const { compiled, step, signal } = request;
  const root = resolve(request.folder);
  assertBuildPath(root, 'folder of the modules');
  const inRoot = `lib/modules/${compiled.kernelRelease}`;
  const folder = join(root, inRoot);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });

  const values = readConfigValues(await readFile(compiled.config, 'utf8'));
  const stock = typeof request.modules === 'object' ? request.modules : undefined;
  const order =
    request.modules === 'all' ? await readListIfThere(join(compiled.objects, 'modules.order')) : [];
  const vendor = request.vendor ?? [];
  const hasModules = order.length > 0 || vendor.length > 0 || stock !== undefined;
  const signs = signsModules(values) && hasModules;
  const trusted = stock?.trusted ?? [];
  const x509Path = await firstThere(compiled.objects, certificatePaths);
  const x509 = signs ? new X509Certificate(await readFile(x509Path)) : undefined;
  if (x509 !== undefined) await assertTrusted(compiled.objects, x509);

  let placed: PlacedModules | undefined;
  if (hasModules) {
    if (stock !== undefined) {
      placed = await step.step('Place the stock modules', (part) =>
        placeStockModules({
          stock: stock.kernel,
          compiled,
          tree: request.tree,
          folder,
          values,
          trusted,
          ...(x509 === undefined
            ? {}
            : {
                signing: {
                  keyFile: join(compiled.objects, signingKeyName),
                  certificateFile: x509Path,
                  ...(request.signatures === undefined
                    ? {}
                    : { program: appendingProgram(resolve(request.signatures)) }),
                },
              }),
          jobs: request.jobs,
          step: part,
          log: request.log,
          ...(signal === undefined ? {} : { signal }),
        }),
      );
      await installBuiltInLists(compiled.objects, folder);
    }
    await step.step('Install, strip and sign', async (part) => {
      if (stock === undefined) await makeInstall(request, order.length, part);
      for (const driver of vendor) await installVendor(request, driver);
    });
    for (const link of linksToSources) await rm(join(folder, link), { force: true });
  } else {
    await installBuiltInLists(compiled.objects, folder);
    // depmod complains where it is missing.
    await writeWhole(join(folder, 'modules.order'), '');
  }
  // Without modules, too: by the index modprobe knows what is in the image.
  await step.step('Index', (part) => indexModules({ ...request, step: part }));

  const paths = hasModules ? await listModules(folder) : [];
  const compiledVendor = new Map(
    vendor.flatMap(({ folder: own, modules: names }) =>
      names.map((name): [string, string] => [`${vendorFolder}/${name}`, join(own, name)]),
    ),
  );
  const modules = await Promise.all(
    paths.map(async (path) => ({
      path: join(inRoot, path),
      name: moduleName(path),
      sizeBefore:
        placed?.bytesBefore.get(uncompressed(path)) ??
        (await fileSize(
          compiledVendor.get(uncompressed(path)) ??
            join(compiled.objects, uncompressed(path).replace(/^kernel\//, '')),
        )),
      sizeAfter: await fileSize(join(folder, path)),
      signed: signs,
    })),
  );
  if (hasModules) {
    await step.step('Check every module', async (part) => {
      const ownOrder = await readListIfThere(join(folder, 'modules.order'));
      verifyOrder([...ownOrder, ...compiledVendor.keys()], paths);
      await verifyIndex(folder, withoutShadowed(paths, [...compiledVendor.keys()], part));
      await verifyModules(
        folder,
        paths,
        {
          kernelRelease: compiled.kernelRelease,
          vermagicFlags: vermagicFlags(values),
          // A given signature of another module is what whoever compares the two wants to see.
          publicKeys:
            x509 === undefined || request.signatures !== undefined
              ? []
              : [x509, ...trusted].map(({ publicKey }) => publicKey),
        },
        part,
        signal,
      );
      part.note(`${paths.length} modules`);
    });
  }
  const builtIn = (await readListIfThere(join(folder, 'modules.builtin'))).map(moduleName);
  verifyBuiltIn(builtIn, request.expectBuiltIn ?? []);

  const sum = (field: 'sizeBefore' | 'sizeAfter'): number =>
    modules.reduce((total, module) => total + module[field], 0);
  const totals = {
    count: modules.length,
    sizeBefore: sum('sizeBefore'),
    sizeAfter: sum('sizeAfter'),
  };
  step.note(
    `${totals.count} modules, ${formatBytes(totals.sizeBefore)} → ${formatBytes(totals.sizeAfter)}`,
  );
  return {
    folder: root,
    kernelRelease: compiled.kernelRelease,
    modules,
    totals,
    ...(x509 === undefined ? {} : { certificate: describeCertificate(x509, x509Path) }),
    builtIn,
    ...(placed === undefined ? {} : { stock: placed }),
  };
}

function uncompressed(path: string): string {
  return path.replace(/\.(gz|xz|zst)$/, '');
}

/** depmod lists only the first of two modules of one name, in the order of its search. */
function withoutShadowed(
  paths: readonly string[],
  preferred: readonly string[],
  step: Step,
): readonly string[] {
  const names = new Set(preferred.map(moduleName));
  return paths.filter((path) => {
    if (path.startsWith(`${vendorFolder}/`) || !names.has(moduleName(path))) return true;
    step.info(`${vendorFolder}/ goes first: "${path}" is there, and is not loaded by name.`);
    return false;
  });
}

/** Checks that what was compiled as a module (modules.order) is installed, and nothing else. */
function verifyOrder(order: readonly string[], paths: readonly string[]): void {
  const compiled = new Set(order);
  const installed = new Set(paths.map(uncompressed));
  const problems = [
    ...[...compiled].filter((path) => !installed.has(path)).map((path) => `${path}: not installed`),
    ...[...installed]
      .filter((path) => !compiled.has(path))
      .map((path) => `${path}: not among the compiled ones`),
  ];
  if (problems.length === 0) return;
  throw new BootwrightError('BW-MODULES-INCOMPLETE', `${problems[0]}.`, { excerpt: problems });
}
