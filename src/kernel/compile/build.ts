import { join, relative } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { type RunOptions, run } from '../../system/process.ts';
import { requireTool } from '../../system/tools.ts';
import { firstCompileError } from './first-error.ts';
import { type MakeVariables, makeArguments } from './make-kernel.ts';
import type { CompileRequest } from './request.ts';

/** Name of the folder, among the objects, that holds what the build itself needs and make does not. */
export const ownFolder = '.bootwright';

/** Everything that the steps of one build share. */
export interface Build {
  readonly request: CompileRequest;
  readonly tree: string;
  readonly folder: string;
  readonly asked: ReadonlyMap<string, string>;
  readonly variables: MakeVariables;
  readonly environment: Readonly<Record<string, string>>;
}

/** Status with which flock(1) says that the folder is taken. */
const busyStatus = 75;

/** How long to wait for a make of an earlier, killed run to notice that nobody listens, in seconds. */
const busyTimeout = 300;

/**
 * Runs make on the tree. It holds a lock on the folder of the objects for as
 * long as any process of it lives, so that the rest of a killed run and a new
 * one do not write the same objects.
 *
 * @throws BootwrightError as `compileKernel`
 */
export async function make(
  build: Build,
  goals: readonly string[],
  jobs: number,
  onLine?: RunOptions['onLine'],
): Promise<void> {
  const { request, tree, folder, variables, environment } = build;
  const lines: string[] = [];
  const lock = join(folder, ownFolder, 'lock');
  const flock = ['--timeout', `${busyTimeout}`, '--conflict-exit-code', `${busyStatus}`, lock];
  const args = makeArguments(tree, folder, jobs, variables, goals);
  try {
    const { exitCode } = await run('flock', [...flock, 'make', ...args], {
      accept: [0, busyStatus],
      env: environment,
      log: request.log,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      failure: 'BW-COMPILE-FAILED',
      onLine: (line, stream) => {
        lines.push(line);
        onLine?.(line, stream);
      },
    });
    if (exitCode === busyStatus) {
      throw new BootwrightError('BW-COMPILE-BUSY', `Another make works in "${folder}".`);
    }
  } catch (error) {
    throw explain(error, lines, [`${tree}/`, `${relative(folder, tree)}/`]);
  }
}

/**
 * Puts the first real error of a failed make in the place of its last lines.
 *
 * @param treePrefixes - how the compiler writes the tree's place; left out, so that files are named as in the tree
 */
function explain(
  error: unknown,
  lines: readonly string[],
  treePrefixes: readonly string[],
): unknown {
  if (!(error instanceof BootwrightError)) return error;
  if (error.code !== 'BW-COMPILE-FAILED' && error.code !== 'BW-DISK-FULL') return error;
  const inTree = lines.map((line) =>
    treePrefixes.reduce((text, prefix) => text.replaceAll(prefix, ''), line),
  );
  const first = firstCompileError(inTree);
  if (first === undefined) return error;
  const occasion = { ...error.occasion, excerpt: first.excerpt, cause: error };
  if (first.kind === 'disk-full') {
    return new BootwrightError('BW-DISK-FULL', 'The disk became full while compiling.', occasion);
  }
  if (first.kind === 'memory') {
    return new BootwrightError('BW-COMPILE-MEMORY', `${first.message}.`, occasion);
  }
  if (first.kind === 'missing-tool' && first.tool !== undefined) {
    try {
      requireTool(first.tool, 'compile the kernel');
    } catch (missing) {
      if (missing instanceof BootwrightError) {
        return new BootwrightError(missing.code, missing.message, {
          ...occasion,
          hint: missing.hint,
        });
      }
    }
  }
  const where = [first.file, first.line].filter((part) => part !== undefined).join(':');
  return new BootwrightError(
    'BW-COMPILE-FAILED',
    where === '' ? first.message : `${where}: ${first.message}`,
    { ...occasion, ...(first.hint === undefined ? {} : { hint: first.hint }) },
  );
}
