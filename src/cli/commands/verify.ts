import { Command } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

/** `bootwright verify BUNDLE`. */
export function verifyCommand(): Command {
  return withCommonOptions(
    new Command('verify')
      .description('check that a bundle is whole and holds what its manifest says')
      .argument('<bundle>', "the bundle's folder, its archive, or its manifest.json"),
  ).action((bundle: string, options: CommonOptions) =>
    perform(options, async (terminal) => {
      const { verifyBundle, verificationError, describeVerification } = await import(
        '../../bundle/verify.ts'
      );
      const verification = await verifyBundle(bundle, terminal);
      terminal.result(verification, describeVerification(verification));
      const error = verificationError(verification);
      if (error !== undefined) throw error;
    }),
  );
}
