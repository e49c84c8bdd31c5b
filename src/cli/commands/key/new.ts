import { Command, Option } from 'commander';
import { BootwrightError } from '../../../system/errors/index.ts';
import { askPassphrase, readPassphraseFile } from '../../passphrase.ts';
import { type CommonOptions, perform, withCommonOptions } from '../../perform.ts';

interface NewKeyOptions extends CommonOptions {
  readonly out: string;
  readonly passphrase: boolean;
  readonly passphraseFile?: string;
}

/** `bootwright key new`. */
export function newKeyCommand(): Command {
  return withCommonOptions(
    new Command('new')
      .description("make a pair of keys in minisign's format: FILE to sign, FILE.pub to verify")
      .addOption(
        new Option('-o, --out <file>', 'where the secret key goes').default('bootwright.key'),
      )
      .option(
        '--passphrase-file <file>',
        'take the passphrase from the first line of this file, instead of asking twice',
      )
      .option('--no-passphrase', 'leave the secret key open, for whoever can read its file'),
  ).action((options: NewKeyOptions) =>
    perform(options, async (terminal) => {
      const { describeKeyFiles, makeKeyFiles } = await import('../../../bundle/signature/keys.ts');
      const { out, passphrase: isWanted, passphraseFile } = options;
      if (!isWanted && passphraseFile !== undefined) {
        throw new BootwrightError(
          'BW-USAGE',
          '--no-passphrase and --passphrase-file say opposite things.',
        );
      }
      const passphrase = async () => {
        if (!isWanted) return undefined;
        if (passphraseFile !== undefined) return readPassphraseFile(passphraseFile);
        const prompts = [`Passphrase for ${out}: `, 'The same once more: '];
        return askPassphrase(prompts, terminal.signal);
      };
      const made = await makeKeyFiles(out, passphrase);
      terminal.result(made, describeKeyFiles(made));
    }),
  );
}
