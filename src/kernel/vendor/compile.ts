import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { fileSize } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import {
  assertBuildPath,
  type CompiledKernel,
  firstCompileError,
  makeArguments,
  makeEnvironment,
  mapPlace,
} from '../compile/index.ts';
import { moduleName } from '../modules/index.ts';
import type { VendorDriver } from './driver.ts';
import { copyDriver, placeInTree } from './place.ts';

/** What is needed to compile vendors' drivers as modules. */
export interface VendorRequest {
  /** The kernel that they are for, modules compiled. */
  readonly compiled: CompiledKernel;
  /** The kernel's sources; they are not written to. */
  readonly tree: string;
  /** Gets a copy of each driver, and its objects; what is there is deleted. */
  readonly folder: string;
  readonly jobs: number;
  readonly log: string;
  readonly signal?: AbortSignal;
}

/** A vendor's driver, compiled as modules. */
export interface VendorModules {
  readonly name: string;
  /** The folder that kbuild was sent to (`M=`), absolute. */
  readonly folder: string;
  /** The modules, relative to that folder, such as `e1000e.ko`. */
  readonly modules: readonly string[];
}

/**
 * Names the driver as what did not compile.
 *
 * @param prefix - what stands before the driver's own names in the compiler's words
 */
function compileError(
  error: BootwrightError,
  driver: VendorDriver,
  prefix: string,
  lines: readonly string[],
): BootwrightError {
  const own = lines.map((line) => line.replaceAll(prefix, ''));
  const first = firstCompileError(own);
  if (first === undefined) {
    return new BootwrightError(
      'BW-VENDOR-COMPILE',
      `The driver in "${driver.folder}" did not compile: ${error.message.replaceAll(prefix, '')}`,
      { ...error.occasion, cause: error },
    );
  }
  const where = [first.file, first.line].filter((part) => part !== undefined).join(':');
  return new BootwrightError(
    'BW-VENDOR-COMPILE',
    `The driver in "${driver.folder}" did not compile: ${where === '' ? '' : `${where}: `}${first.message}`,
    { ...error.occasion, excerpt: first.excerpt, cause: error },
  );
}

/**
 * If it is one of the built-in drivers that a kernel did not compile for, says so.
 *
 * @param error - what compileKernel() threw
 */
export function explainBuiltIn(error: unknown, drivers: readonly VendorDriver[]): unknown {
  if (!(error instanceof BootwrightError) || error.code !== 'BW-COMPILE-FAILED') return error;
  const said = [error.message, ...(error.occasion.excerpt ?? [])];
  for (const driver of drivers) {
    const prefix = `${posix.join(placeInTree, driver.name)}/`;
    if (!said.some((line) => line.includes(prefix))) continue;
    return compileError(error, driver, prefix, error.occasion.excerpt ?? []);
  }
  return error;
}

async function findModules(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.ko')).sort();
}

/** Compiles one driver in a copy of its folder: `make -C TREE O=OBJECTS M=COPY modules`. */
async function compileDriver(driver: VendorDriver, request: VendorRequest): Promise<VendorModules> {
  const { compiled, tree, jobs, log, signal } = request;
  const copy = join(request.folder, driver.name);
  await copyDriver(driver, copy);
  const folder = join(copy, driver.kbuildFolder);
  const variables = {
    ...compiled.makeVariables,
    // The place of the copy would otherwise stand in what is compiled.
    KCPPFLAGS: `${compiled.makeVariables.KCPPFLAGS ?? ''} ${mapPlace(copy, driver.name)}`.trim(),
    M: folder,
  };
  const lines: string[] = [];
  try {
    await run('make', makeArguments(tree, compiled.objects, jobs, variables, ['modules']), {
      env: makeEnvironment(),
      log,
      failure: 'BW-VENDOR-COMPILE',
      onLine: (line) => lines.push(line),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    const isOwn = error instanceof BootwrightError && error.code === 'BW-VENDOR-COMPILE';
    throw isOwn ? compileError(error, driver, `${copy}/`, lines) : error;
  }
  const modules = await findModules(folder);
  const missing = driver.modules.filter(
    (name) => !modules.some((path) => moduleName(path) === name),
  );
  if (modules.length === 0) {
    throw new BootwrightError(
      'BW-VENDOR-SOURCE',
      `"${driver.folder}": kbuild made no module of it${missing.length === 0 ? '' : ` (${missing.join(', ')})`}.`,
      { log },
    );
  }
  return { name: driver.name, folder, modules };
}

/**
 * Compiles vendors' drivers as modules for a kernel, each in a copy of its folder.
 *
 * @throws BootwrightError `BW-VENDOR-COMPILE`, `BW-VENDOR-SOURCE` (nothing came out), `BW-COMPILE-PATH`
 */
export async function compileVendorModules(
  drivers: readonly VendorDriver[],
  request: VendorRequest,
): Promise<readonly VendorModules[]> {
  assertBuildPath(request.folder, 'folder of the vendor drivers');
  await rm(request.folder, { recursive: true, force: true });
  await mkdir(request.folder, { recursive: true });
  const compiled: VendorModules[] = [];
  for (const driver of drivers) compiled.push(await compileDriver(driver, request));
  return compiled;
}

/**
 * Makes sure that drivers that were to be built in are in the image: a Makefile that waits for a
 * symbol which no Kconfig file defines makes nothing, without a word.
 *
 * @throws BootwrightError `BW-VENDOR-SOURCE`
 */
export async function requireBuiltIn(
  drivers: readonly VendorDriver[],
  objects: string,
): Promise<void> {
  for (const driver of drivers) {
    const folder = join(objects, placeInTree, driver.name, driver.kbuildFolder);
    const names = await readdir(folder).catch(() => []);
    // Up to 4.16 it was called built-in.o. An archive of nothing is its eight bytes of magic (ar(5)).
    const archive = names.find((name) => /^built-in\.[ao]$/.test(name));
    if (archive !== undefined && (await fileSize(join(folder, archive))) > 8) continue;
    throw new BootwrightError(
      'BW-VENDOR-SOURCE',
      `"${driver.folder}": nothing of it has come into the image.`,
    );
  }
}
