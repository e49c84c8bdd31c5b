import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exitStatus } from '../../src/system/errors/definition.ts';
import { BootwrightError, toBootwrightError } from '../../src/system/errors/index.ts';
import { errorTable } from '../../src/system/errors/table.ts';

describe('the error table', () => {
  test('no code stands in it twice, and no area is left out', async () => {
    const folder = new URL('../../src/system/errors/table/', import.meta.url);
    const areas = await Promise.all(
      readdirSync(folder).map(
        async (name): Promise<Record<string, object>> => import(new URL(name, folder).href),
      ),
    );
    const codes = areas.flatMap((area) =>
      Object.values(area).flatMap((table) => Object.keys(table)),
    );
    expect(codes.sort()).toEqual(Object.keys(errorTable).sort());
  });

  test.each(Object.entries(errorTable))(
    '%s is whole sentences and has an exit status',
    (code, row) => {
      expect(code).toMatch(/^BW-[A-Z0-9]+(-[A-Z0-9]+)*$/);
      for (const text of [row.what, row.why, row.hint]) expect(text).toMatch(/^\S.*[.)]$/s);
      expect(exitStatus[row.exit]).toBeGreaterThan(1);
    },
  );
});

describe('toBootwrightError', () => {
  const systemError = (code: string): Error =>
    Object.assign(new Error(code), { code, path: '/x/y' });

  test.each([
    ['ENOSPC', 'BW-DISK-FULL', 4],
    ['ENOENT', 'BW-FILE-MISSING', 3],
    ['EACCES', 'BW-FILE-ACCESS', 4],
    ['EROFS', 'BW-FILE-ACCESS', 4],
    ['EBUSY', 'BW-INTERNAL', 70],
  ])('%s is %s', (system, code, status) => {
    const error = toBootwrightError(systemError(system));
    expect(error).toMatchObject({ code, exitStatus: status });
    if (code !== 'BW-INTERNAL') expect(error.message).toContain('/x/y');
  });

  test('an abort is no failure of ours', () => {
    expect(toBootwrightError(AbortSignal.abort().reason).code).toBe('BW-INTERRUPTED');
  });

  test('a report has what --json promises, and nothing undefined', () => {
    const report = new BootwrightError('BW-USAGE', 'No file was named.', { log: '/l' }).toReport();
    expect(report).toEqual({
      code: 'BW-USAGE',
      what: 'The command line was not understood.',
      detail: 'No file was named.',
      hint: 'Run the same command with --help to see what it takes.',
      log: '/l',
    });
  });
});
