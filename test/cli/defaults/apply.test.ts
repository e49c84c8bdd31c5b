import { chmodSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { beforeEach, describe, expect, test } from 'vitest';
import { applyDefaults } from '../../../src/cli/defaults/apply.ts';
import type { Defaults } from '../../../src/cli/defaults/schema.ts';
import { withCommonOptions } from '../../../src/cli/perform.ts';
import { BootwrightError } from '../../../src/system/errors/index.ts';
import { scratchFolder } from '../../scratch.ts';

/** What a command was called with, and what was said of defaults. */
let given: Record<string, unknown>;
let told: string[];
beforeEach(() => {
  given = {};
  told = [];
});

function program(): Command {
  const note = (options: Record<string, unknown>) => {
    given = options;
  };
  const build = new Command('build')
    .option('--scope <scope>', 'scope', 'all')
    .addOption(
      new Option('-j, --jobs <n>').default(4).argParser((text) => {
        if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
        return Number(text);
      }),
    )
    .addOption(new Option('--format <format>').choices(['gz', 'xz']).default('gz'))
    .option('--no-ccache', 'without')
    .option('--sign-key <file>', 'key')
    .option('--which <all|of=file>', 'which')
    .option('--promote <symbol...>', 'more')
    .addOption(
      new Option('--define <text>')
        .argParser((text: string, before: readonly string[]) => [...before, text])
        .default([], 'none'),
    )
    .addOption(
      new Option('--firmware <path|strict|bios|uefi>')
        .argParser((text: string, before: readonly string[]) => [...before, text])
        .default([], 'none'),
    )
    .option('--dry-run', 'nothing')
    .action(note);
  const promote = new Command('promote').requiredOption('--tree <dir>').action(note);
  return new Command('bootwright')
    .addCommand(withCommonOptions(build))
    .addCommand(new Command('config').addCommand(withCommonOptions(promote)));
}

/** Runs a command line with files of defaults, the nearest last. */
function call(words: readonly string[], ...contents: readonly (Defaults | string)[]) {
  const folders: string[] = [];
  const files = contents.map((content) => {
    const folder = scratchFolder();
    folders.push(folder);
    const path = join(folder, 'bootwright.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return { path, isOfFolder: true };
  });
  const whole = program();
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    for (const sub of command.commands) quiet(sub);
  };
  quiet(whole);
  applyDefaults(whole, (line) => told.push(line), files);
  whole.parse(words, { from: 'user' });
  return folders;
}

function problemOf(...contents: readonly (Defaults | string)[]): BootwrightError {
  try {
    call(['build'], ...contents);
  } catch (error) {
    if (error instanceof BootwrightError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('values', () => {
  test('take the place of the defaults, and yield to the command line', () => {
    const defaults = { build: { jobs: 8, scope: 'wired', format: 'xz', ccache: false } };
    call(['build'], defaults);
    expect(given).toMatchObject({ jobs: 8, scope: 'wired', format: 'xz', ccache: false });
    call(['build', '-j2', '--format=gz'], defaults);
    expect(given).toMatchObject({ jobs: 2, scope: 'wired', format: 'gz', ccache: false });
  });

  test('of the nearer file win over those of the farther', () => {
    call(['build'], { build: { jobs: 8, scope: 'far' } }, { build: { scope: 'near' } });
    expect(given).toMatchObject({ jobs: 8, scope: 'near' });
  });

  test('satisfy an option that has to be given, and are paths from where the file is', () => {
    const [folder = ''] = call(['config', 'promote'], { config: { promote: { tree: 'linux' } } });
    expect(given.tree).toBe(join(folder, 'linux'));
    call(['build'], { build: { 'sign-key': '~/key.pem' } });
    expect(given.signKey).toBe(join(homedir(), 'key.pem'));
    call(['build'], { build: { 'sign-key': '/etc/key.pem' } });
    expect(given.signKey).toBe('/etc/key.pem');
    const [here = ''] = call(['build'], { build: { which: 'of=machines.json' } });
    expect(given.which).toBe(`of=${join(here, 'machines.json')}`);
    call(['build'], { build: { which: 'all' } });
    expect(given.which).toBe('all');
  });

  test('of options that can be repeated are added to by the command line', () => {
    const defaults = { build: { define: ['a 1', 'b 2'], promote: ['IPV6'] } };
    call(['build', '--define', 'c 3', '--promote', 'TUN', 'TAP'], defaults);
    expect(given).toMatchObject({ define: ['a 1', 'b 2', 'c 3'], promote: ['IPV6', 'TUN', 'TAP'] });
    call(['build'], defaults, { build: { define: ['near 1'] } });
    expect(given.define).toEqual(['near 1']);
  });

  test('that are words beside a path stay words', () => {
    const [folder = ''] = call(['build'], { build: { firmware: ['strict', 'blobs', 'uefi'] } });
    expect(given.firmware).toEqual(['strict', join(folder, 'blobs'), 'uefi']);
  });

  test('for all commands hold for each', () => {
    call(['config', 'promote', '--tree', '.'], { all: { verbose: true } });
    expect(given.verbose).toBe(true);
    call(['build'], { all: { verbose: true } });
    expect(given.verbose).toBe(true);
  });

  test('give way to an option that cannot stand beside them', () => {
    call(['build', '--verbose'], { all: { quiet: true } });
    expect(given).toMatchObject({ verbose: true });
    expect(given.quiet).toBeUndefined();
    call(['build', '--quiet'], { all: { verbose: true } });
    expect(given).toMatchObject({ quiet: true });
    expect(given.verbose).toBeUndefined();
  });
});

test('what is in force is told, by file, and only that', () => {
  const folders = call(
    ['build', '--scope', 'mine'],
    { build: { jobs: 8, scope: 'far' }, all: { verbose: true } },
    { build: { ccache: false } },
  );
  expect(told).toEqual([
    `defaults from ${folders[0]}/bootwright.json: --verbose --jobs 8`,
    `defaults from ${folders[1]}/bootwright.json: --no-ccache`,
  ]);
  told = [];
  call(['build'], { config: { promote: { tree: 'x' } } });
  expect(told).toEqual([]);
});

describe('a file that is wrong names itself and the key', () => {
  test.each<[Defaults | string, string]>([
    ['{"build":', 'is no JSON'],
    ['[]', 'the file as a whole'],
    [{ biuld: {} }, '"biuld"'],
    [{ build: { scop: 'x' } }, '"build.scop"'],
    [{ build: { format: 'zip' } }, '"build.format"'],
    [{ build: { jobs: '8' } }, '"build.jobs"'],
    [{ build: { jobs: 0.5 } }, '"build.jobs": It has to be a whole number.'],
    [{ build: { ccache: 'no' } }, '"build.ccache"'],
    [{ build: { define: 'a 1' } }, '"build.define"'],
    [{ build: { 'dry-run': true } }, '"build.dry-run"'],
    [{ build: { json: true } }, '"build.json"'],
    [{ config: { promote: { tree: '' } } }, '"config.promote.tree"'],
    [{ all: { jobs: 8 } }, '"all.jobs"'],
  ])('%j', (content, words) => {
    const error = problemOf(content);
    expect(error.code).toBe('BW-DEFAULTS-INVALID');
    expect(error.message).toContain('bootwright.json"');
    expect(error.message).toContain(words);
    expect(error.exitStatus).toBe(2);
  });
});

test('a file in the folder that everybody can write is refused; the person’s own is theirs', () => {
  const path = join(scratchFolder(), 'bootwright.json');
  writeFileSync(path, '{}');
  chmodSync(path, 0o666);
  const load = (isOfFolder: boolean) =>
    applyDefaults(program(), () => undefined, [{ path, isOfFolder }]);
  expect(() => load(true)).toThrow(expect.objectContaining({ code: 'BW-DEFAULTS-FOREIGN' }));
  expect(() => load(false)).not.toThrow();
});

test.skipIf(process.getuid?.() !== 0)('another user’s file in the folder is refused', async () => {
  const { chownSync } = await import('node:fs');
  const path = join(scratchFolder(), 'bootwright.json');
  writeFileSync(path, '{}');
  chownSync(path, 65534, 65534);
  expect(() => applyDefaults(program(), () => undefined, [{ path, isOfFolder: true }])).toThrow(
    'belongs to another user (id 65534)',
  );
});
