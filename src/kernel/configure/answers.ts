import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exists, sha256 } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import type { KconfigEnvironment } from './environment.ts';

const shimSource = fileURLToPath(new URL('answered-popen.c', import.meta.url));

/**
 * Lets a tree's own conf be told what the commands of the Kconfig files print, so that it need not
 * run them all once more: asking the compiler takes it five times as long as all the rest. And lets
 * it end with this process, however that ends.
 *
 * @param file - where the answers will be when conf starts, see {@link writeAnswers}
 * @returns variables for conf's environment; none where the host's compiler cannot make the shim, and
 *   conf has to ask for itself
 */
export async function answerConf(
  environment: KconfigEnvironment,
  file: string,
): Promise<Readonly<Record<string, string>>> {
  // Another version of the source makes another file: one that is kept would answer as it used to.
  const version = sha256(await readFile(shimSource)).slice(0, 12);
  const shim = join(environment.folder, '..', `answered-popen-${version}.so`);
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
  return { LD_PRELOAD: shim, BOOTWRIGHT_ANSWERS: file, BOOTWRIGHT_PARENT: String(process.pid) };
}

/**
 * Writes what each command has printed on this host, for conf to be told.
 *
 * @param answers - the output of each command, as it was
 */
export async function writeAnswers(
  file: string,
  answers: ReadonlyMap<string, string>,
): Promise<void> {
  await writeFile(file, [...answers].map((pair) => `${pair.join('\0')}\0`).join(''));
}
