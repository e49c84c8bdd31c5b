import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exists, sha256, writeWhole } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import type { KconfigEnvironment } from './environment.ts';

const shimSource = fileURLToPath(new URL('answered-popen.c', import.meta.url));

/**
 * Tells a tree's own conf what the commands of the Kconfig files print, so that it need not run
 * them all once more: asking the compiler takes it five times as long as all the rest.
 *
 * @param answers - what each command has printed on this host
 * @returns variables for conf's environment; none where the host's compiler cannot make the shim, and
 *   conf has to ask for itself
 */
export async function answerConf(
  environment: KconfigEnvironment,
  answers: ReadonlyMap<string, string>,
): Promise<Readonly<Record<string, string>>> {
  const base = join(environment.folder, '..');
  // Another version of the source makes another file: one that is kept would answer as it used to.
  const version = sha256(await readFile(shimSource)).slice(0, 12);
  const shim = join(base, `answered-popen-${version}.so`);
  if (!(await exists(shim))) {
    const beside = `${shim}.${process.pid}`;
    const { exitCode } = await run(
      environment.variables.HOSTCC ?? 'gcc',
      ['-O1', '-shared', '-fPIC', '-o', beside, shimSource, '-ldl'],
      { accept: Array.from({ length: 256 }, (_, status) => status) },
    );
    if (exitCode !== 0) return {};
    await rename(beside, shim);
  }
  const file = join(base, 'answers');
  await writeWhole(file, [...answers].map((pair) => `${pair.join('\0')}\0`).join(''));
  return { LD_PRELOAD: shim, BOOTWRIGHT_ANSWERS: file };
}
