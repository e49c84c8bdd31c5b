import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitStatus } from '../../src/system/errors/definition.ts';
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
    for (const verb of ['build', 'prove', 'verify', 'sign', 'show', 'key', 'config']) {
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

describe('exit status', () => {
  test.each([[['config']], [[]]])('without a verb (%j) is that of wrong usage', async (args) => {
    const { exitCode, stdout, stderr } = await bootwright(args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: bootwright');
  });

  test('usage errors are JSON, too', async () => {
    const { exitCode, stdout, stderr } = await bootwright(['verify', '--json', '--nope', 'x']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ type: 'error', error: { code: 'BW-USAGE' } });
  });

  test('--quiet and --verbose do not go together', async () => {
    const { exitCode, stderr } = await bootwright(['verify', '-q', '-v', 'x']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("'-v, --verbose' cannot be used with option '-q, --quiet'");
  });

  test('a reader that has seen enough is no failure', async () => {
    const script = `'${launcher}' completion bash | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await run('bash', ['-c', script]);
    expect(stdout).toMatch(/^# bash completion.*\n0\n$/);
    expect(stderr).toBe('');
  });

  test('--help says what every status means', async () => {
    const { stdout } = await bootwright(['--help']);
    for (const status of Object.values(exitStatus)) {
      expect(stdout).toMatch(new RegExp(`^ {2}${status} {2,}\\w`, 'm'));
    }
    expect(stdout).toContain('man/bootwright.1');
  });
});

describe('on a terminal', () => {
  /** Runs a failing command on a terminal of its own (script(1)); what it prints is one stream. */
  async function onTerminal(env: Readonly<Record<string, string>>): Promise<string> {
    const { stdout } = await run('script', ['-qec', `'${launcher}' verify gone`, '/dev/null'], {
      cwd: scratchFolder(),
      // Node takes an unknown CI for a terminal without colours.
      env: { ...process.env, CI: undefined, FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
      accept: [3],
    });
    return stdout;
  }

  test('errors are in colour, unless NO_COLOR or a dumb terminal forbids it', async () => {
    const terminal = { TERM: 'xterm-256color', LANG: 'C.UTF-8' };
    expect(await onTerminal(terminal)).toContain('\x1b[31m');
    expect(await onTerminal({ ...terminal, NO_COLOR: '1' })).not.toContain('\x1b[');
    expect(await onTerminal({ ...terminal, TERM: 'dumb' })).not.toContain('\x1b');
  });
});

describe('defaults', () => {
  test('a file in the folder sets them, and the command says so', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'bootwright.json');
    writeFileSync(file, '{"build":{"scope":"wired","jobs":3}}');
    const { exitCode, stderr } = await bootwright(['build', 'gone.src.rpm'], folder);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`defaults from ${file}: --scope wired --jobs 3\n`);
  });

  test('a wrong one stops every command but those that only tell', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'bootwright.json'), '{"build":{"scope":"all"}}');
    const { exitCode, stderr } = await bootwright(['verify', 'x'], folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('BW-DEFAULTS-INVALID');
    expect(stderr).toContain('build.scope');
    expect((await bootwright(['build', '--help'], folder)).exitCode).toBe(0);
    expect((await bootwright(['completion', 'fish'], folder)).exitCode).toBe(0);
    const doctor = await bootwright(['doctor', '-w', '/tmp'], folder);
    expect(doctor.exitCode).toBe(4);
    expect(doctor.stdout).toMatch(/FAULT +defaults .*build\.scope/s);
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
