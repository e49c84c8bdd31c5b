import { Argument, Command, Option } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** `bootwright completion SHELL`. */
export function completionCommand(): Command {
  return withCommonOptions(
    new Command('completion')
      .description('print a script that completes commands, options and values in your shell')
      .addArgument(new Argument('<shell>', 'the shell that it is for').choices(shells)),
  ).action((shell: Shell, options: CommonOptions) =>
    perform(options, async (terminal) => {
      const { readTextFile } = await import('../../system/files.ts');
      const { fileURLToPath } = await import('node:url');
      const path = new URL(`../completion/shells/bootwright.${shell}`, import.meta.url);
      const script = await readTextFile(fileURLToPath(path), 'completion script');
      terminal.result({ shell, script }, script.trimEnd());
    }),
  );
}

/**
 * `bootwright complete --shell SHELL -- WORD…`: what the scripts of `bootwright completion` ask.
 * It prints a word a line, with a tab and its description, and `:files` or `:folders` for what the
 * shell is to add. It never fails: a shell that is completing has no place for an error.
 */
export function completeCommand(): Command {
  return new Command('complete')
    .description('answer a shell that completes a command line')
    .addOption(new Option('--shell <name>', 'the shell that asks').choices(shells))
    .argument('[word...]', 'the words after the name of the program, up to the cursor')
    .action(async (typed: readonly string[], options: { shell?: Shell }, command: Command) => {
      const { complete } = await import('../completion/complete.ts');
      const { joinAtEquals, unquoted } = await import('../completion/words.ts');
      const { words, split } =
        options.shell === 'bash' ? joinAtEquals(typed) : { words: typed, split: 0 };
      const { suggestions, also } = await complete(
        command.parent ?? command,
        words.map(unquoted),
        // Only if it is asked for: to load it takes as long as all the rest.
        async (tree) => (await import('../completion/symbol-names.ts')).kconfigSymbolNames(tree),
      );
      const lines = suggestions.map(
        ({ word, description }) =>
          word.slice(split) + (description === '' ? '' : `\t${description.split('\n')[0]}`),
      );
      if (also !== undefined) lines.push(`:${also}`);
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    });
}
