import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KconfigEnvironment } from '../../../src/kernel/configure/environment.ts';
import { shellProbe } from '../../../src/kernel/configure/probe.ts';

let folder: string;
let environment: KconfigEnvironment;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bootwright-probe-'));
  environment = {
    variables: { PATH: process.env.PATH ?? '', WHO: 'kconfig' },
    folder,
    identity: 'a'.repeat(64),
  };
});

afterEach(() => rm(folder, { recursive: true }));

describe('shell probes', () => {
  it('run in the folder and the environment that conf would have', async () => {
    const { probe } = await shellProbe(environment, folder);
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
    const { probe } = await shellProbe(environment, folder);
    const commands = Array.from({ length: 50 }, (_, i) =>
      i % 7 === 0 ? 'kill -9 $$' : i % 5 === 0 ? 'cat; exit 1' : `printf "${i}"; i=x; cd /`,
    );
    const outputs = await probe(commands);
    expect(outputs.map((output) => output.trimEnd())).toEqual(
      commands.map((_, i) => (i % 7 === 0 || i % 5 === 0 ? '' : String(i))),
    );
  });

  it('are remembered for the next run', async () => {
    const first = await shellProbe(environment, folder);
    await first.probe(['echo 1']);
    await first.save();
    const second = await shellProbe(environment, folder);
    expect([...second.known]).toEqual([['echo 1', '1\n']]);
    const other = await shellProbe({ ...environment, identity: 'b'.repeat(64) }, folder);
    expect(other.known.size).toBe(0);
  });

  it('are asked again where the answer may have changed', async () => {
    const there = 'test -e header.h && echo y || echo n';
    const compilation = 'echo x >> runs; cc -c x -o y 2>/dev/null';
    const probes = await shellProbe(environment, folder);
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
    const first = await shellProbe(environment, folder);
    await first.probe(['echo 1']);
    await first.save();
    await writeFile(join(folder, 'a'.repeat(32), 'probes.json'), '{"echo 1": 3');
    expect((await shellProbe(environment, folder)).known.size).toBe(0);
  });
});
