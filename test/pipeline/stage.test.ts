import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { changedDeterminants, readSeal, stageKey } from '../../src/pipeline/seal.ts';
import { planStage, runStage, type Stage } from '../../src/pipeline/stage.ts';
import { unwatched } from '../../src/system/progress.ts';
import { scratchFolder } from '../scratch.ts';

/** A stage that writes its input to a file, and counts how often it ran. */
function copying(folder: string, input: string, runs: string[] = []): Stage<{ file: string }> {
  const output = join(folder, 'output');
  return {
    name: 'copy',
    title: 'Copy',
    determinants: { input },
    schema: z.object({ file: z.string() }),
    clean: [output],
    outputs: (result) => [result.file],
    async run() {
      runs.push(input);
      expect(existsSync(output), 'what an unfinished run left is gone').toBe(false);
      mkdirSync(output);
      writeFileSync(join(output, 'file'), input);
      return { file: join(output, 'file') };
    },
  };
}

describe('runStage', () => {
  const context = (folder: string) => ({ log: join(folder, 'log') });

  test('runs once, then keeps what it made until an input or an output changes', async () => {
    const folder = scratchFolder();
    const runs: string[] = [];
    const go = (input: string) =>
      runStage(copying(folder, input, runs), folder, unwatched, context(folder));
    const first = await go('a');
    expect(await go('a')).toEqual(first);
    expect(runs).toEqual(['a']);

    const changed = await go('b');
    expect(changed.digest).not.toBe(first.digest);
    expect(runs).toEqual(['a', 'b']);

    writeFileSync(join(folder, 'output', 'file'), 'touched by somebody');
    expect((await planStage(copying(folder, 'b'), folder)).plan.why).toMatch(
      /^gone or changed since: .*file$/,
    );
    expect(await go('b')).toEqual(changed);
    expect(runs).toEqual(['a', 'b', 'b']);
    expect(readFileSync(changed.result.file, 'utf8')).toBe('b');
  });

  test('one that failed half-way has no seal and is done from the start', async () => {
    const folder = scratchFolder();
    await runStage(copying(folder, 'a'), folder, unwatched, context(folder));
    const dying: Stage<{ file: string }> = {
      ...copying(folder, 'b'),
      async run() {
        mkdirSync(join(folder, 'output'));
        writeFileSync(join(folder, 'output', 'half'), '');
        throw new Error('killed');
      },
    };
    await expect(runStage(dying, folder, unwatched, context(folder))).rejects.toThrow('killed');
    expect(await readSeal(folder, 'copy')).toBeUndefined();
    await runStage(copying(folder, 'a'), folder, unwatched, context(folder));
    expect(existsSync(join(folder, 'output', 'half'))).toBe(false);
  });

  test('an interrupt during the last moments leaves no seal', async () => {
    const folder = scratchFolder();
    const controller = new AbortController();
    const stage = copying(folder, 'a');
    const interrupted: Stage<{ file: string }> = {
      ...stage,
      async run(stageContext) {
        const result = await stage.run(stageContext);
        controller.abort();
        return result;
      },
    };
    await expect(
      runStage(interrupted, folder, unwatched, { ...context(folder), signal: controller.signal }),
    ).rejects.toThrow();
    expect(await readSeal(folder, 'copy')).toBeUndefined();
  });

  test('a damaged seal is no seal', async () => {
    const folder = scratchFolder();
    await runStage(copying(folder, 'a'), folder, unwatched, context(folder));
    writeFileSync(join(folder, 'copy.json'), '{"schemaVersion":1,');
    expect((await planStage(copying(folder, 'a'), folder)).plan).toMatchObject({
      action: 'run',
      why: 'not finished before',
    });
  });
});

describe('planStage', () => {
  test('says which determinant changed, without touching anything', async () => {
    const folder = scratchFolder();
    await runStage(copying(folder, 'a'), folder, unwatched, { log: join(folder, 'log') });
    const { plan, outcome } = await planStage(copying(folder, 'b'), folder);
    expect(plan).toEqual({ stage: 'copy', title: 'Copy', action: 'run', why: 'changed: input' });
    expect(outcome).toBeUndefined();
    expect((await planStage(copying(folder, 'a'), folder)).plan.action).toBe('keep');
    rmSync(join(folder, 'output'), { recursive: true });
    expect((await planStage(copying(folder, 'a'), folder)).plan.action).toBe('run');
  });
});

describe('stageKey', () => {
  const determinants = fc.dictionary(
    fc.string(),
    fc.oneof(fc.string(), fc.integer(), fc.boolean()),
  );

  test('goes by names and values, not by their order', () => {
    fc.assert(
      fc.property(determinants, (d) => {
        const reversed = Object.fromEntries(Object.entries(d).reverse());
        expect(stageKey(reversed)).toBe(stageKey(d));
      }),
    );
  });

  test('another value, another key, and the change is named', () => {
    fc.assert(
      fc.property(determinants, fc.string(), fc.string(), (d, name, value) => {
        const changed = { ...d, [name]: `${value}!` };
        fc.pre(d[name] !== changed[name]);
        expect(stageKey(changed)).not.toBe(stageKey(d));
        const seal = {
          schemaVersion: 1 as const,
          stage: 's',
          key: '',
          determinants: d,
          outputs: {},
          result: null,
        };
        expect(changedDeterminants(seal, changed)).toEqual([name]);
      }),
    );
  });
});
