import { Command } from 'commander';
import type { ProofRecord } from '../../bundle/proof-record.ts';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

/** `bootwright show BUNDLE`. */
export function showCommand(): Command {
  return withCommonOptions(
    new Command('show')
      .description('explain a bundle: which kernel, made from what, and how it differs from stock')
      .argument('<bundle>', "the bundle's folder, its archive, or its manifest.json"),
  ).action((path: string, options: CommonOptions) =>
    perform(options, async (terminal) => {
      const { openBundle } = await import('../../bundle/open.ts');
      const { readProofs } = await import('../../bundle/proof-record.ts');
      const { readShorterStart } = await import('../../bundle/profile-record.ts');
      const { describeBundle } = await import('../../bundle/show.ts');
      const { manifest, folder } = await openBundle(path);
      const proofs: ProofRecord[] = [];
      for (const record of folder === undefined ? [] : await readProofs(folder)) {
        if ('problem' in record) {
          terminal.step.warn(`${record.file} cannot be read: ${record.problem}`);
        } else {
          proofs.push(record);
        }
      }
      const { shorter, unreadable } =
        folder === undefined ? { unreadable: [] } : await readShorterStart(folder, manifest.id);
      for (const { file, problem } of unreadable) {
        terminal.step.warn(`${file} cannot be read: ${problem}`);
      }
      terminal.result(manifest, describeBundle(manifest, proofs, shorter));
    }),
  );
}
