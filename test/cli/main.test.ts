import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/system/process.ts';
import { scratchFolder } from '../scratch.ts';

const launcher = resolve('bootwright');

/** Runs the command line as a person would, from another folder. */
async function bootwright(args: readonly string[], cwd = scratchFolder()) {
  const anyStatus = Array.from({ length: 256 }, (_, status) => status);
  return run(launcher, args, { cwd, accept: anyStatus });
}

describe('usage', () => {
  test('--help names every command and ends well', async () => {
    const { exitCode, stdout } = await bootwright(['--help']);
    expect(exitCode).toBe(0);
    for (const verb of ['build', 'prove', 'verify', 'show', 'config']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
    }
  });

  test.each([
    [['bild'], 'bild'],
    [['build'], 'srpm'],
    [['build', '--jobs', '0', 'x.src.rpm'], 'whole number'],
    [['build', '--until', 'lunch', 'x.src.rpm'], 'lunch'],
    [['build', '--define', 'novalue', 'x.src.rpm'], 'NAME VALUE'],
    [['config', 'promote', '--tree', '.'], '--config'],
  ])('%j is told as a usage error', async (args, word) => {
    const { exitCode, stderr } = await bootwright(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('BW-USAGE');
    expect(stderr).toContain(word);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('bad input', () => {
  test('a package that is not there', async () => {
    const { exitCode, stderr } = await bootwright(['build', 'gone.src.rpm']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('BW-FILE-MISSING');
    expect(stderr).toContain('gone.src.rpm');
  });

  test('a file that is no package leaves nothing behind', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'kernel.src.rpm'), 'this is no package'.repeat(1000));
    const { exitCode, stderr } = await bootwright(['build', 'kernel.src.rpm'], folder);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('BW-SOURCE-NOT-RPM');
    expect(readdirSync(folder)).toEqual(['kernel.src.rpm']);
  });

  test.each(['my builds', 'a:b'])('a workspace called %j is refused at once', async (name) => {
    const folder = scratchFolder();
    const { exitCode, stderr } = await bootwright(['build', '-w', name, 'x.src.rpm'], folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('BW-COMPILE-PATH');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('with --json the error is one object on standard output', async () => {
    const { exitCode, stdout } = await bootwright(['verify', '--json', 'gone.tar.zst']);
    expect(exitCode).toBe(3);
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ type: 'error', error: { code: 'BW-FILE-MISSING' } });
  });
});
