import { Command } from 'commander';
import { askPassphrase, readPassphraseFile } from '../passphrase.ts';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

interface SignOptions extends CommonOptions {
  readonly key: string;
  readonly passphraseFile?: string;
  readonly comment?: string;
}

/** `bootwright sign BUNDLE`. */
export function signCommand(): Command {
  return withCommonOptions(
    new Command('sign')
      .description("check a bundle and sign it, in minisign's format")
      .argument('<bundle>', "the bundle's folder, its archive, or its manifest.json")
      .requiredOption('--key <file>', 'the secret key, of "bootwright key new" or minisign')
      .option(
        '--passphrase-file <file>',
        "take the key's passphrase from the first line of this file, instead of asking",
      )
      .option(
        '--comment <text>',
        'what is signed along and shown to whoever verifies, in one line',
      ),
  ).action((bundle: string, options: SignOptions) =>
    perform(options, async (terminal) => {
      const { readSecretKey } = await import('../../bundle/signature/keys.ts');
      const { describeSigned, signBundle } = await import('../../bundle/signature/sign.ts');
      const { key, passphraseFile, comment } = options;
      const passphrase = () =>
        passphraseFile === undefined
          ? askPassphrase([`Passphrase of ${key}: `], terminal.signal)
          : readPassphraseFile(passphraseFile);
      const signed = await signBundle(bundle, () => readSecretKey(key, passphrase), {
        step: terminal.step,
        signal: terminal.signal,
        ...(comment === undefined ? {} : { comment }),
      });
      terminal.result(signed, describeSigned(signed));
    }),
  );
}
