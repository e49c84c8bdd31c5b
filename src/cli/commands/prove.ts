import { Command } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';
import { type MachineOptions, machineOf, withMachineOptions } from './machine-options.ts';

/** `bootwright prove BUNDLE`. */
export function proveCommand(): Command {
  return withCommonOptions(
    withMachineOptions(
      new Command('prove')
        .description('boot a bundle for real: PXE, loader, kernel, root over NFS (needs root)')
        .argument('<bundle>', "the bundle's folder or its archive"),
    ),
  ).action((bundle: string, options: MachineOptions & CommonOptions) =>
    perform(options, async (terminal) => {
      const { proveBundle } = await import('../../proof/prove-bundle.ts');
      const { requirePassed } = await import('../../proof/prove-kernel.ts');
      const { describeProof } = await import('../../proof/describe.ts');
      const { proof, record } = await proveBundle(
        bundle,
        { ...machineOf(options), signal: terminal.signal },
        terminal.step,
      );
      terminal.result({ record, proof }, describeProof(proof, record));
      requirePassed(proof, record);
    }),
  );
}
