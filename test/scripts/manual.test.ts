import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { manualPage } from '../../scripts/documents/manual.ts';
import { paragraph, roffText } from '../../scripts/documents/roff.ts';
import { visibleCommands } from '../../src/cli/command-tree.ts';
import { createProgram } from '../../src/cli/program.ts';
import { exitStatus } from '../../src/system/errors/definition.ts';
import { run } from '../../src/system/process.ts';
import { findTool } from '../../src/system/tools.ts';

/** The page as a person reads it, without bold and the like. */
async function rendered(page: string): Promise<string> {
  const { stdout } = await run('man', ['-E', 'ascii', '-P', 'cat', '-l', '-'], {
    input: page,
    env: { ...process.env, MANWIDTH: '100', MAN_KEEP_FORMATTING: undefined, GROFF_NO_SGR: '1' },
  });
  return stdout.replaceAll(/.\x08/g, '');
}

describe('the manual page', () => {
  const page = manualPage(createProgram());

  test('has all sections, in the order of man-pages(7)', () => {
    expect([...page.matchAll(/^\.SH (.*)$/gm)].map(([, title]) => title)).toEqual([
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'OPTIONS',
      'COMMANDS',
      'EXIT STATUS',
      'ENVIRONMENT',
      'FILES',
      'EXAMPLES',
      'SEE ALSO',
    ]);
  });

  test.skipIf(findTool('man') === undefined)('shows every command, option and status', async () => {
    const text = await rendered(page);
    for (const command of visibleCommands(createProgram()).slice(1)) {
      if (command.commands.length === 0) expect(text).toContain(`${command.name()} [option ...]`);
      for (const { long } of command.options) expect(text).toContain(` ${long}`);
    }
    for (const status of Object.values(exitStatus)) {
      expect(text).toMatch(new RegExp(`^ +${status} `, 'm'));
    }
    expect(text).toContain('{"build": {"jobs": 8');
    expect(text).not.toContain('*');
  });

  test.skipIf(findTool('mandoc') === undefined)('mandoc finds no fault with it', async () => {
    const { stdout } = await run('mandoc', ['-Tlint'], { input: page });
    expect(stdout).toBe('');
  });

  test.skipIf(findTool('man') === undefined)('man renders it without a warning', async () => {
    const { stderr } = await run('man', ['--warnings', '-E', 'ascii', '-P', 'cat', '-l', '-'], {
      input: page,
    });
    expect(stderr).toBe('');
  });

  test.skipIf(findTool('man') === undefined)('survives what descriptions may hold', async () => {
    const nasty = '.so /etc/passwd \\fB "quoted" \'single\' … – → ü -x `y` ~z ^';
    const program = new Command('bootwright')
      .version('1')
      .addCommand(new Command('do').description(nasty).addOption(new Option('--it <file>', nasty)));
    const text = await rendered(manualPage(program));
    expect(text).toContain('.so /etc/passwd \\fB "quoted" \'single\'');
  });
});

test('every variable that the code asks for is in the manual', () => {
  const page = manualPage(createProgram());
  const names = new Set<string>();
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join('src', file), 'utf8');
    for (const [, name = ''] of text.matchAll(/\benv\.([A-Z_]+)\b/g)) names.add(name);
  }
  expect(names.size).toBeGreaterThan(5);
  for (const name of names) expect(page).toContain(name);
});

test.each([
  ['.SH x', '\\&.SH x'],
  ["'tis", '\\(aqtis'],
  ['a\\b', 'a\\eb'],
  ['--x', '\\-\\-x'],
  ['ü', '\\[u00FC]'],
  ['a\n.b', 'a .b'],
])('roff prints %j as it is', (text, roff) => {
  expect(roffText(text)).toBe(roff);
});

test('sentences stand on lines of their own, and what is bold is kept together', () => {
  expect(paragraph('One. Two *a b*, three.')).toBe('One.\nTwo \\fBa b\\fR, three.');
});
