import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import type { Step } from '../../system/progress.ts';
import { checkModule, type ModuleExpectation, type ModuleProblem } from './check-module.ts';
import { readModuleFile } from './module-file.ts';
import { parseModulesDep } from './module-tree.ts';

/** How many modules are read at once. */
const readersAtOnce = 8;

/** How many bad modules an error shows. */
const shownProblems = 20;

/** A problem and the file that has it. */
interface FoundProblem extends ModuleProblem {
  readonly path: string;
}

/**
 * Checks every module file of a tree.
 *
 * @param folder - the release's folder
 * @param paths - the module files, relative to it
 * @throws BootwrightError with the code of the first problem found, naming all that have one
 */
export async function verifyModules(
  folder: string,
  paths: readonly string[],
  expectation: ModuleExpectation,
  step: Step,
  signal?: AbortSignal,
): Promise<void> {
  const problems: FoundProblem[] = [];
  const waiting = [...paths];
  let done = 0;
  const reader = async (): Promise<void> => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      signal?.throwIfAborted();
      const bytes = await readModuleFile(join(folder, path), signal);
      for (const problem of checkModule(bytes, expectation)) problems.push({ ...problem, path });
      done += 1;
      step.progress({ done, total: paths.length, unit: 'modules', current: path });
    }
  };
  await Promise.all(Array.from({ length: readersAtOnce }, reader));
  if (problems.length === 0) return;

  problems.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
  const [first] = problems;
  if (first === undefined) return;
  const bad = new Set(problems.map(({ path }) => path)).size;
  const more = bad === 1 ? '' : ` ${bad - 1} more of ${paths.length} modules have a problem.`;
  throw new BootwrightError(first.code, `"${first.path}": ${first.detail}.${more}`, {
    excerpt: problems.slice(0, shownProblems).map(({ path, detail }) => `${path}: ${detail}`),
  });
}

async function readIndex(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    throw new BootwrightError('BW-MODULES-INCOMPLETE', `There is no "${join(folder, name)}".`, {
      cause: error,
    });
  }
}

/**
 * Checks that depmod's index knows every module, and nothing that is not there.
 *
 * @param paths - the module files, relative to the release's folder
 * @throws BootwrightError `BW-MODULES-INCOMPLETE`
 */
export async function verifyIndex(folder: string, paths: readonly string[]): Promise<void> {
  const dependencies = parseModulesDep(await readIndex(folder, 'modules.dep'));
  const problems = paths
    .filter((path) => !dependencies.has(path))
    .map((path) => `${path}: not in modules.dep`);
  const present = new Set(paths);
  for (const [module, needed] of dependencies) {
    for (const path of [module, ...needed]) {
      if (!present.has(path)) problems.push(`${path}: in modules.dep, but not installed`);
    }
  }
  for (const name of ['modules.alias.bin', 'modules.dep.bin', 'modules.symbols.bin']) {
    try {
      await stat(join(folder, name));
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
      problems.push(`${name}: missing; without it modprobe finds nothing`);
    }
  }
  if (problems.length === 0) return;
  throw new BootwrightError('BW-MODULES-INCOMPLETE', `${problems[0]}.`, {
    excerpt: problems.slice(0, shownProblems),
  });
}

/**
 * Checks that what was to be built in is built in.
 *
 * @param builtIn - names of the modules in the image (modules.builtin)
 * @param expected - names of the modules that have to be among them
 * @throws BootwrightError `BW-MODULES-INCOMPLETE`
 */
export function verifyBuiltIn(builtIn: readonly string[], expected: readonly string[]): void {
  const present = new Set(builtIn);
  const missing = expected.filter((name) => !present.has(name.replaceAll('-', '_')));
  if (missing.length === 0) return;
  throw new BootwrightError(
    'BW-MODULES-INCOMPLETE',
    `Not built into the image, though it was asked for: ${missing.slice(0, 10).join(', ')}.`,
    { excerpt: missing },
  );
}
