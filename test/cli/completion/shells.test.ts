import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTool } from '../../../src/system/tools.ts';

const launcher = resolve('bootwright');

/** How each shell is started without anybody's settings, and how it loads the script. */
const shells = {
  bash: {
    start: 'bash --noprofile --norc -i',
    load: 'source <(bootwright completion bash)',
  },
  zsh: {
    start: 'zsh -f -i',
    load: 'autoload -Uz compinit; compinit -u -D; source <(bootwright completion zsh)',
  },
  fish: {
    start: 'fish --no-config -i',
    load: 'bootwright completion fish | source',
  },
} as const;

/**
 * A folder to complete in, with a program that answers what completion asks, and otherwise prints
 * the words that it was given.
 */
function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  mkdirSync(join(folder, 'bin'));
  const program = join(folder, 'bin/bootwright');
  writeFileSync(
    program,
    `#!/bin/sh
case $1 in complete | completion) exec '${launcher}' "$@" ;; esac
printf 'WORDS'
printf '<%s>' "$@"
echo
`,
  );
  chmodSync(program, 0o755);
  mkdirSync(join(folder, 'my dir'));
  writeFileSync(join(folder, 'my dir/a file.config'), '');
  mkdirSync(join(folder, 'linux'));
  writeFileSync(join(folder, 'linux.txt'), '');
  return folder;
}

/** What is typed, and which words the program then gets. */
const lines = [
  ['bootwright ver\t x', '<verify><x>'],
  ['bootwright config prom\t', '<config><promote>'],
  ['bootwright prove --firm\t', '<prove><--firmware>'],
  ['bootwright prove --nic vm\t', '<prove><--nic><vmxnet3>'],
  ['bootwright prove --nic=vm\t', '<prove><--nic=vmxnet3>'],
  ['bootwright verify my\ta\t', '<verify><my dir/a file.config>'],
  ['bootwright verify "my\ta\t', '<verify><my dir/a file.config>'],
  ['bootwright build --config=linux.\t', '<build><--config=linux.txt>'],
  // Of the folder linux and the file linux.txt.
  ['bootwright config promote --tree li\t --x', /^<config><promote><--tree><linux\/?><--x>$/],
  ['bootwright build --jobs li\t', '<build><--jobs><li>'],
  ['./bin/bootwright sh\t', '<show>'],
  ['~/bin/bootwright sh\t', '<show>'],
  // Ctrl-U takes the first line back, unsent: to complete it must not run what it holds.
  ['bootwright verify $(touch ran) --js\t\x15 bootwright show', '<show>'],
] as const;

/**
 * Types lines into a real shell on a terminal of its own (script(1)).
 *
 * @returns for each line, the words that the program was given
 */
async function typeInto(name: keyof typeof shells, folder: string): Promise<readonly string[]> {
  const { start, load } = shells[name];
  const child = spawn('script', ['-qec', start, '/dev/null'], {
    cwd: folder,
    env: {
      ...process.env,
      HOME: folder,
      TERM: 'xterm',
      LANG: 'C.UTF-8',
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    },
  });
  let screen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
  });
  const given = () => [...screen.matchAll(/WORDS(<.*>)/g)].map(([, words = '']) => words);
  const until = async (condition: () => boolean) => {
    for (let waited = 0; waited < 10_000 && !condition(); waited += 10) await sleep(10);
  };
  // The quotes keep the command's own echo from being taken for its output.
  child.stdin.write(`${load}; echo load""ed\n`);
  await until(() => screen.includes('loaded'));
  for (const [at, [line]] of lines.entries()) {
    child.stdin.write(`${line}\n`);
    await until(() => given().length > at);
  }
  child.stdin.write('exit\n');
  child.stdin.end();
  await once(child, 'close');
  return given();
}

const names = ['bash', 'zsh', 'fish'] as const;
const isHere = (name: string) => findTool(name) !== undefined && findTool('script') !== undefined;
const folders = { bash: place(), zsh: place(), fish: place() };
const answers = new Map<string, readonly string[]>();

beforeAll(async () => {
  const type = async (name: keyof typeof shells) => {
    if (isHere(name)) answers.set(name, await typeInto(name, folders[name]));
  };
  await Promise.all(names.map(type));
});
afterAll(() => {
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
});

describe.each(names)('%s', (name) => {
  test.skipIf(!isHere(name)).each(lines.map(([line, words], at) => ({ line, words, at })))(
    'completes $line',
    ({ words, at }) => {
      const given = answers.get(name)?.[at];
      if (typeof words === 'string') expect(given).toBe(words);
      else expect(given).toMatch(words);
      expect(existsSync(join(folders[name], 'ran'))).toBe(false);
    },
  );
});

test.each(names)('%s finds no fault with its script', async (name) => {
  const shell = findTool(name);
  if (shell === undefined) return;
  const script = resolve(`src/cli/completion/shells/bootwright.${name}`);
  const child = spawn(shell, ['-n', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(said).toBe('');
});
