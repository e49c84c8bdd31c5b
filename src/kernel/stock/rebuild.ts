import { readFile, rm, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exists, writeWhole } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import type { Step } from '../../system/progress.ts';
import { type CompiledKernel, makeArguments, makeEnvironment } from '../compile/index.ts';

/** Which modules are to be compiled from the tree, beside an image that is there. */
export interface RebuildRequest {
  readonly compiled: CompiledKernel;
  readonly tree: string;
  /** As stock has them: `kernel/net/netfilter/nf_conntrack.ko`. */
  readonly paths: readonly string[];
  readonly jobs: number;
  readonly step: Step;
  readonly signal?: AbortSignal;
  readonly log: string;
}

/** What kbuild calls a module that depmod finds at that path; undefined for one that is not the kernel's own. */
function goalOf(path: string): string | undefined {
  return path.startsWith('kernel/') ? path.slice('kernel/'.length) : undefined;
}

/** The object that a module is linked from. */
const objectOf = (goal: string): string => goal.replace(/\.ko$/, '.o');

/** Puts back a file that make may have written anew, with its time: it is not what was asked for. */
async function keepFile(path: string): Promise<() => Promise<void>> {
  const before = await readFile(path);
  const changed = new Date();
  return async () => {
    if ((await exists(path)) && before.equals(await readFile(path))) return;
    await writeWhole(path, before);
    await utimes(path, changed, changed);
  };
}

/**
 * Compiles single modules of a kernel whose image is there already. What of them cannot be made is
 * left out: the kernel's tree may not have it, or not with this config.
 *
 * @returns where those that were made are, by path; with debug information, and not signed
 */
export async function rebuildModules(
  request: RebuildRequest,
): Promise<ReadonlyMap<string, string>> {
  const { compiled, tree, jobs, step, log, signal } = request;
  const goals = new Map<string, string>();
  for (const path of request.paths) {
    const goal = goalOf(path);
    if (goal !== undefined) goals.set(path, goal);
  }
  const made = new Map<string, string>();
  if (goals.size === 0) return made;
  for (const goal of goals.values()) await rm(join(compiled.objects, goal), { force: true });
  const restore = await keepFile(compiled.moduleSymvers);
  let objects = 0;
  // Modules that are not made here have symbols, too: what is missing in the end is seen later.
  const variables = { ...compiled.makeVariables, KBUILD_MODPOST_WARN: '1' };
  const make = (wanted: readonly string[]): Promise<unknown> =>
    run('make', makeArguments(resolve(tree), compiled.objects, jobs, variables, wanted), {
      env: makeEnvironment(),
      log,
      accept: [0, 2],
      ...(signal === undefined ? {} : { signal }),
      onLine: (line) => {
        const object = /^ {2}(?:CC|AS|LD) \[M\] +(\S+)$/.exec(line)?.[1];
        if (object === undefined) return;
        objects += 1;
        step.progress({ done: objects, unit: 'objects', current: object });
      },
    });
  try {
    // kbuild links no module at all if one of those asked for has no rule: so the objects come first.
    await make(['--keep-going', ...[...goals.values()].map(objectOf)]);
    const makeable: string[] = [];
    for (const goal of goals.values()) {
      if (await exists(join(compiled.objects, objectOf(goal)))) makeable.push(goal);
    }
    if (makeable.length > 0) await make(makeable);
  } finally {
    await restore();
  }
  for (const [path, goal] of goals) {
    const file = join(compiled.objects, goal);
    if (await exists(file)) made.set(path, file);
  }
  return made;
}
