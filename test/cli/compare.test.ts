import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { run } from '../../src/system/process.ts';
import { layStock, packBundleOf } from '../compare/packed.ts';
import { bundle, exported, stock } from '../compare/world.ts';
import { scratchFolder } from '../scratch.ts';

const launcher = resolve('bootwright');

let home = '';
let packed = '';

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  packed = await packBundleOf(bundle, home);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs `bootwright compare` on the bundle. */
async function compare(...args: readonly string[]) {
  const anyStatus = Array.from({ length: 256 }, (_, status) => status);
  return run(launcher, ['compare', packed, ...args], { cwd: home, accept: anyStatus });
}

test('0, and a page, for a kernel that equals stock but for what was asked for', async () => {
  const folder = layStock(stock, scratchFolder());
  const html = join(scratchFolder(), 'new', 'comparison.html');
  const { exitCode, stdout } = await compare('--stock', folder, '--html', html);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/but for what was\s+asked\s+for\s+\(4\s+modules\s+built\s+in\)/);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

test('6 for one that differs, with all of it as JSON', async () => {
  const symvers = [...(stock.symvers ?? []), exported('kmalloc', 9)];
  const folder = layStock({ ...stock, symvers }, scratchFolder());
  const { exitCode, stdout } = await compare('--stock', folder, '--json', '--quiet');
  expect(exitCode).toBe(6);
  const [result, error] = stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const shape = z.object({
    type: z.literal('result'),
    value: z.object({
      schema: z.literal('bootwright/stock-comparison'),
      equal: z.literal(false),
      open: z.tuple([z.literal('1 symbol with another CRC')]),
    }),
  });
  expect(shape.safeParse(result).error).toBeUndefined();
  expect(error).toMatchObject({ type: 'error', error: { code: 'BW-COMPARE-DIFFERS' } });
});

test('2 without a stock kernel, 3 for one that is none', async () => {
  const without = await compare();
  expect(without.exitCode).toBe(2);
  expect(without.stderr).toContain('--stock PATH');
  const none = await compare('--stock', scratchFolder());
  expect(none.exitCode).toBe(3);
  expect(none.stderr).toContain('BW-STOCK-NOT');
});
