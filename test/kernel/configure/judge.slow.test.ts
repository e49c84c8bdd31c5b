import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { processesIn } from '../../../fuzz/kills/processes.ts';
import { kconfigEnvironment } from '../../../src/kernel/configure/environment.ts';
import { summonJudge } from '../../../src/kernel/configure/judge.ts';
import { kernelTree } from '../../trees.ts';

let tree: string;
let cacheFolder: string;

beforeAll(async () => {
  tree = await kernelTree('6.12');
  cacheFolder = await mkdtemp(join(tmpdir(), 'bootwright-judge-'));
});

afterAll(() => rm(cacheFolder, { recursive: true }));

const partFolders = async (): Promise<string[]> => {
  const { folder } = await kconfigEnvironment({ tree, arch: 'x86', cacheFolder });
  return (await readdir(dirname(folder))).filter((name) => name.endsWith('.part'));
};

it('ends the conf that waits for a config when the process that called it is killed', async () => {
  const script = fileURLToPath(new URL('summon.ts', import.meta.url));
  const caller = spawn(process.execPath, [script, tree, cacheFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(caller.stdout, 'data');
  const isWaiting = (): boolean =>
    processesIn(cacheFolder).some((line) => line.includes('scripts/kconfig/conf'));
  while (!isWaiting()) await sleep(20);

  caller.kill('SIGKILL');
  await once(caller, 'exit');
  for (let waited = 0; isWaiting() && waited < 10_000; waited += 50) await sleep(50);
  expect(isWaiting()).toBe(false);

  // Its folder is taken away by the next one that is called.
  expect(await partFolders()).toHaveLength(1);
  const next = await summonJudge({ tree, arch: 'x86', cacheFolder });
  expect(await partFolders()).toHaveLength(1);
  await next.dismiss();
  expect(await partFolders()).toEqual([]);
});

it('can be dismissed before it has decided, and leaves nothing behind', async () => {
  const judge = await summonJudge({ tree, arch: 'x86', cacheFolder });
  await judge.begin(new Map());
  await judge.dismiss();
  await (await summonJudge({ tree, arch: 'x86', cacheFolder })).dismiss();
  expect(await partFolders()).toEqual([]);
});

it('changes what is not settled, and warns of what overrides dependencies', async () => {
  const judge = await summonJudge({ tree, arch: 'x86', cacheFolder });
  try {
    await judge.begin(new Map());
    const { text } = await judge.decide('CONFIG_64BIT=y\nCONFIG_NO_SUCH_SYMBOL=y\n');
    expect(text).toContain('CONFIG_X86_64=y');
    expect(text).not.toContain('NO_SUCH_SYMBOL');
  } finally {
    await judge.dismiss();
  }
});

it('takes our word for what the host has printed, and asks for the rest', async () => {
  const answers = new Map([[`${tree}/scripts/pahole-version.sh pahole`, '999\n']]);
  const judge = await summonJudge({ tree, arch: 'x86', cacheFolder });
  try {
    await judge.begin(answers);
    const { text } = await judge.decide('CONFIG_64BIT=y\n');
    expect(text).toContain('CONFIG_PAHOLE_VERSION=999\n');
    expect(text).toContain('CONFIG_CC_IS_GCC=y\n');
  } finally {
    await judge.dismiss();
  }
});

it('says why it failed when conf does not get as far as the config', async () => {
  const controller = new AbortController();
  const judge = await summonJudge({
    ...{ tree, arch: 'x86', cacheFolder },
    signal: controller.signal,
  });
  await judge.begin(new Map());
  controller.abort();
  await expect(judge.decide('CONFIG_64BIT=y\n')).rejects.toMatchObject({
    code: 'BW-INTERRUPTED',
  });
  await judge.dismiss();
});
