import { Command } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

interface VerifyCommandOptions extends CommonOptions {
  readonly publicKey?: string;
}

/** `bootwright verify BUNDLE`. */
export function verifyCommand(): Command {
  return withCommonOptions(
    new Command('verify')
      .description('check that a bundle is whole and holds what its manifest says')
      .argument('<bundle>', "the bundle's folder, its archive, or its manifest.json")
      .option(
        '--public-key <file|base64>',
        'it has to be signed by this key; a signature is only mentioned otherwise',
      ),
  ).action((bundle: string, options: VerifyCommandOptions) =>
    perform(options, async (terminal) => {
      const { verifyBundle, verificationError, describeVerification } = await import(
        '../../bundle/verify.ts'
      );
      const { readPublicKey } = await import('../../bundle/signature/keys.ts');
      const { publicKey } = options;
      const key = publicKey === undefined ? {} : { key: await readPublicKey(publicKey) };
      const verification = await verifyBundle(bundle, { ...terminal, ...key });
      terminal.result(verification, describeVerification(verification));
      const error = verificationError(verification);
      if (error !== undefined) throw error;
    }),
  );
}
