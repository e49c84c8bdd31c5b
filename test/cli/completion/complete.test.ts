import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { visibleCommands } from '../../../src/cli/command-tree.ts';
import { complete } from '../../../src/cli/completion/complete.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { optionValueKind, placeholderOf } from '../../../src/cli/value-kind.ts';

const symbols: Readonly<Record<string, readonly string[]>> = { tree: ['IP_PNP', 'IPV6', 'NFS_FS'] };
const symbolNames = async (tree: string) => symbols[tree] ?? [];

/** The words offered for a line; what is being typed is what follows its last space. */
async function offered(line: string, program = createProgram()): Promise<readonly string[]> {
  const { suggestions, also } = await complete(program, line.split(' '), symbolNames);
  return [...suggestions.map(({ word }) => word), ...(also === undefined ? [] : [`:${also}`])];
}

test.each([
  ['b', ['build']],
  ['co', ['coverage', 'compare', 'config', 'completion']],
  ['help pro', ['prove']],
  ['config pr', ['promote']],
  ['build --firm', ['--firmware', '--firmware-as']],
  ['build --firmware ', ['strict', 'bios', 'uefi', ':files']],
  ['build --firmware=u', ['--firmware=uefi', ':files']],
  ['prove --firmware ', ['bios', 'uefi']],
  ['build x.src.rpm --no-', ['--no-ccache']],
  ['prove --nic vm', ['vmxnet3']],
  ['build ', [':files']],
  ['build --workspace ', [':folders']],
  ['build -w ', [':folders']],
  ['build --config=', [':files']],
  ['build --until=bundle ', [':files']],
  ['build --scope ', ['network-devices', 'wired', 'fleet=']],
  ['build --scope fl', ['fleet=']],
  ['build --scope fleet=f', [':files']],
  ['config promote --scope=w', ['--scope=wired']],
  ['build --jobs ', []],
  ['build -j 4 --form', ['--format']],
  ['build -j4 --form', ['--format']],
  ['build -- --j', [':files']],
  ['build a.src.rpm ', []],
  ['config promote --tree ', [':folders']],
  ['verify --quiet --q', []],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['nonsense ', []],
  ['build --nonsense=', []],
])('%j is completed by %j', async (line, words) => {
  expect(await offered(line)).toEqual(words);
});

test('the first word can be any command of --help, and no other', async () => {
  const help = createProgram().helpInformation();
  const words = await offered('');
  const listed = [...help.matchAll(/^ {2}([a-z]+) (?:\[|<| {2})/gm)].map(([, name]) => name);
  expect(words).toEqual(listed);
  expect(words).not.toContain('complete');
});

test('every option that --help of a command shows is offered, with its words', async () => {
  for (const command of visibleCommands(createProgram()).slice(1)) {
    if (command.commands.length > 0) continue;
    const path = command.parent?.parent
      ? `${command.parent.name()} ${command.name()}`
      : command.name();
    const { suggestions } = await complete(
      createProgram(),
      [...path.split(' '), '--'],
      symbolNames,
    );
    const help = command.helpInformation();
    const shown = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect(
      suggestions.map(({ word }) => word),
      path,
    ).toEqual(shown);
    for (const { description } of suggestions) expect(description).not.toBe('');
  }
});

describe('names of symbols', () => {
  const program = () =>
    new Command('bootwright').addCommand(
      new Command('explain')
        .argument('<symbol...>')
        .option('--tree <dir>')
        .option('--promote <symbol...>')
        .option('-f, --fragment [file]'),
    );
  test.each([
    ['explain --tree tree IP', ['IP_PNP', 'IPV6']],
    ['explain --tree=tree NFS_FS IP', ['IP_PNP', 'IPV6']],
    ['explain --tree tree CONFIG_N', ['CONFIG_NFS_FS']],
    ['explain --tree tree --promote IP_PNP N', ['NFS_FS']],
    ['explain --tree tree --promote IP_PNP --fr', ['--fragment']],
    ['explain --tree elsewhere IP', []],
    ['explain IP', []],
    ['explain --fragment ', [':files']],
    ['explain --fragment --tr', ['--tree']],
  ])('%j is completed by %j', async (line, words) => {
    expect(await offered(line, program())).toEqual(words);
  });
});

test('an option that names a file or folder shows it by its placeholder', () => {
  // By these words a person knows a path; completion goes by the placeholder.
  const aboutPaths = /\b(?:file|folder|tree|fragment|workspace)\b/i;
  const isText = ['--format'];
  for (const command of visibleCommands(createProgram())) {
    for (const option of command.options) {
      if (placeholderOf(option) === undefined || option.argChoices !== undefined) continue;
      if (!aboutPaths.test(option.long ?? '') || isText.includes(option.long ?? '')) continue;
      expect(optionValueKind(option), `${command.name()} ${option.flags}`).not.toBe('text');
    }
  }
});
