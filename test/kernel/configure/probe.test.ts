import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processesIn } from '../../../fuzz/kills/processes.ts';
import type { KconfigEnvironment } from '../../../src/kernel/configure/environment.ts';
import { type ProbeCache, shellProbe } from '../../../src/kernel/configure/probe.ts';

let folder: string;
let environment: KconfigEnvironment;
let opened: ProbeCache[] = [];

const open = async (other: KconfigEnvironment = environment): Promise<ProbeCache> => {
  const probes = await shellProbe(other, folder);
  opened.push(probes);
  return probes;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bootwright-probe-'));
  environment = {
    variables: { PATH: process.env.PATH ?? '', WHO: 'kconfig' },
    folder,
    identity: 'a'.repeat(64),
  };
});

afterEach(async () => {
  await Promise.all(opened.map((probes) => probes.close()));
  opened = [];
  await rm(folder, { recursive: true });
});

describe('shell probes', () => {
  it('run in the folder and the environment that conf would have', async () => {
    const { probe } = await open();
    const outputs = await probe([
      'echo $WHO',
      'pwd',
      'printf "a\\nb\\n"',
      'echo no; exit 3',
      'false',
    ]);
    expect(outputs).toEqual(['kconfig\n', `${folder}\n`, 'a\nb\n', 'no\n', '']);
  });

  it('keep their order and do not hear each other, many at once', async () => {
    const { probe } = await open();
    const commands = Array.from({ length: 50 }, (_, i) =>
      i % 7 === 0 ? 'kill -9 $$' : i % 5 === 0 ? 'cat; exit 1' : `printf "${i}"; i=x; cd /`,
    );
    const outputs = await probe(commands);
    expect(outputs.map((output) => output.trimEnd())).toEqual(
      commands.map((_, i) => (i % 7 === 0 || i % 5 === 0 ? '' : String(i))),
    );
  });

  it('may have several lines, of command and of output', async () => {
    const { probe } = await open();
    const commands = ['echo 1\necho 2', '  printf "a\\n\\nb"', `printf %s 'a\\b'; echo "$#"`, ''];
    expect(await probe(commands)).toEqual(['1\n2\n', 'a\n\nb', 'a\\b0\n', '']);
  });

  it('leave no process behind, whatever they were doing', async () => {
    const probes = await open();
    await probes.probe(['echo 1']);
    const asked = probes.probe(['sleep 1000']).catch((error) => String(error));
    while (!processesIn(folder).some((line) => line.includes('sleep'))) await sleep(10);
    await probes.close();
    expect(await asked).toContain('not run any more: sleep 1000');
    expect(processesIn(folder)).toEqual([]);
  });

  it('are remembered for the next run', async () => {
    const first = await open();
    await first.probe(['echo 1']);
    await first.save();
    const second = await open();
    expect([...second.known]).toEqual([['echo 1', '1\n']]);
    const other = await open({ ...environment, identity: 'b'.repeat(64) });
    expect(other.known.size).toBe(0);
  });

  it('are asked again where the answer may have changed', async () => {
    const there = 'test -e header.h && echo y || echo n';
    const compilation = 'echo x >> runs; cc -c x -o y 2>/dev/null';
    const probes = await open();
    expect(await probes.probe([there, compilation])).toEqual(['n\n', '']);
    expect(await probes.verify()).toBe(true);
    await writeFile(join(folder, 'header.h'), '');
    expect(await probes.verify()).toBe(false);
    expect(probes.known.get(there)).toBe('y\n');
    expect(await probes.verify()).toBe(true);
    // The compiler is known by its identity: it was asked once.
    expect(await readFile(join(folder, 'runs'), 'utf8')).toBe('x\n');
  });

  it('forget a damaged memory', async () => {
    const first = await open();
    await first.probe(['echo 1']);
    await first.save();
    await writeFile(join(folder, 'a'.repeat(32), 'probes.json'), '{"echo 1": 3');
    expect((await open()).known.size).toBe(0);
  });
});
