import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { debianConfig, kernelTree } from '../test/trees.ts';
import { parseRuns } from './arguments.ts';
import { type Contender, measureInTurn, renderTable } from './measure.ts';

const launcher = resolve('bootwright');

/** Nothing is kept: the tree's conf has to be compiled, too. */
const forgetAll = (cache: string): Promise<void> => rm(cache, { recursive: true, force: true });

/** The tree's conf is there, as a built tree has it; all answers of the compiler and all verdicts are forgotten. */
async function forgetAnswers(cache: string): Promise<void> {
  const kept = join(cache, 'bootwright/kconfig');
  const names = await readdir(kept).catch(() => []);
  await rm(join(kept, 'verdicts'), { recursive: true, force: true });
  await Promise.all(names.map((name) => rm(join(kept, name, 'probes.json'), { force: true })));
}

/**
 * Promotion of Debian's 6.12 config, as a whole command, against one
 * `make olddefconfig` of the same tree with the same config, which asks the
 * compiler everything anew each time. And the launcher's own start.
 */
export async function benchConfig(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { runs: { type: 'string' } } });
  const runs = parseRuns(values.runs, 5);
  const tree = await kernelTree('6.12');
  const folder = await mkdtemp(join(tmpdir(), 'bootwright-bench-'));
  try {
    const config = join(folder, 'debian.config');
    const debian = await debianConfig('6.12');
    await writeFile(config, debian);
    const promote = (
      name: string,
      cache: string,
      extra: readonly string[],
      before?: (kept: string) => Promise<void>,
    ): Contender => ({
      name,
      command: launcher,
      args: [
        ...['config', 'promote', '--quiet', '--tree', tree, '--arch', 'x86'],
        ...['--config', config, '--out', join(folder, 'netboot.config'), ...extra],
      ],
      env: { ...process.env, XDG_CACHE_HOME: join(folder, cache) },
      ...(before ? { before: () => before(join(folder, cache)) } : {}),
    });
    const makeIn = (name: string, objects: string, fresh: boolean): Contender => ({
      name,
      command: 'make',
      args: ['-C', tree, `O=${objects}`, 'ARCH=x86', 'olddefconfig'],
      async before() {
        if (fresh) await rm(objects, { recursive: true, force: true });
        await mkdir(objects, { recursive: true });
        await writeFile(join(objects, '.config'), debian);
      },
    });
    // The stricter rival: its conf is compiled already, and only the probes are cold, as they always are.
    const rival = 'make olddefconfig';
    const contenders: Contender[] = [
      makeIn(rival, join(folder, 'kept'), false),
      makeIn('make olddefconfig in a new folder', join(folder, 'new'), true),
      promote('promote, nothing kept', 'cold', [], forgetAll),
      promote('promote, cold probes', 'cold-probes', [], forgetAnswers),
      promote('promote, cold probes, --no-verify', 'unverified', ['--no-verify'], forgetAnswers),
      promote('promote, warm', 'warm', []),
      promote('promote, warm, --no-verify', 'warm', ['--no-verify']),
      { name: 'bootwright --help', command: launcher, args: ['--help'] },
    ];
    // One round that does not count: page cache, and the warm contender's cache.
    await measureInTurn(contenders, 1);
    console.log(renderTable(await measureInTurn(contenders, runs), rival));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
