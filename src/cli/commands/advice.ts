import { Command, InvalidArgumentError, Option } from 'commander';
import type { RootKind } from '../../advice/root-on.ts';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';
import { collect } from './wish-options.ts';

/** What a root can be on, for --help; a test holds it against the list of the advice. */
export const rootChoices: readonly RootKind[] = [
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'jfs',
  'reiserfs',
  'lvm',
  'lvm-thin',
  'lvm-raid',
  'lvm-cache',
  'luks',
  'mdraid',
  'multipath',
  'nfs',
  'iscsi',
];

interface AdviceOptions extends CommonOptions {
  readonly modaliases: string;
  readonly bundle: string;
  readonly stock: readonly string[];
  readonly rootOn: readonly RootKind[];
  readonly format: 'table' | 'dracut' | 'mkinitrd' | 'initramfs-tools';
}

/** `--root-on lvm,xfs`. */
function collectRootKinds(text: string, before: readonly RootKind[]): readonly RootKind[] {
  const kinds = text.split(',').map((name) => {
    const kind = rootChoices.find((choice) => choice === name.trim());
    if (kind === undefined) {
      throw new InvalidArgumentError(`"${name.trim()}" is none of ${rootChoices.join(', ')}.`);
    }
    return kind;
  });
  return [...before, ...kinds];
}

/** `bootwright advice --modaliases FILE --bundle BUNDLE`. */
export function adviceCommand(): Command {
  return withCommonOptions(
    new Command('advice')
      .description(
        'say which modules of the stock kernel the initramfs of the installed system needs on a machine, and because of which device',
      )
      .requiredOption(
        '--modaliases <file>',
        'the machine: "find /sys -name modalias | xargs cat", with or without paths, or "lspci -nnk", lshw; "-" is standard input',
      )
      .requiredOption(
        '--bundle <bundle>',
        'the netboot bundle of that kernel: its folder, its archive, or its manifest.json',
      )
      .addOption(
        new Option(
          '--stock <path>',
          'the stock kernel, for a bundle that keeps nothing of its modules: a package of it (.rpm, .deb; can be repeated), or /lib/modules/RELEASE',
        )
          .argParser(collect)
          .default([], 'none'),
      )
      .addOption(
        new Option(
          '--root-on <kinds>',
          `what the root is on, with commas: ${rootChoices.join(', ')}; without it, all disk controllers, USB hosts and network cards are looked at`,
        )
          .argParser(collectRootKinds)
          .default([], 'not told'),
      )
      .addOption(
        new Option(
          '--format <format>',
          'a table, or in the words of a program that makes the image',
        )
          .choices(['table', 'dracut', 'mkinitrd', 'initramfs-tools'])
          .default('table'),
      ),
  ).action((options: AdviceOptions) =>
    perform(options, async (terminal) => {
      const { step, signal } = terminal;
      const { openBundle } = await import('../../bundle/open.ts');
      const { readMachineFile, readMachineStream } = await import('../../coverage/read-machine.ts');
      const { advise } = await import('../../advice/advise.ts');
      const { configure } = await import('../../advice/configuration.ts');
      const { describeAdvice } = await import('../../advice/describe.ts');
      const { readStock } = await import('../../advice/read-stock.ts');
      const { adviceError } = await import('../../advice/report.ts');
      const { modaliases, rootOn, format } = options;
      const machine =
        modaliases === '-'
          ? await readMachineStream(process.stdin, 'Standard input')
          : await readMachineFile(modaliases);
      const bundle = await openBundle(options.bundle);
      const stock = await step.step("Read the stock kernel's modules", (reading) =>
        readStock(options.stock, bundle, reading, signal),
      );
      const { system } = machine;
      const advice = {
        schema: 'bootwright/advice',
        version: 1,
        bundle: bundle.manifest.id,
        kernelRelease: stock.kernelRelease,
        ...(system === undefined ? {} : { system }),
        rootOn: [...new Set(rootOn)],
        ...advise(machine.devices, stock, rootOn),
      } as const;
      const configuration = format === 'table' ? undefined : configure(advice, format);
      const report = { ...advice, ...(configuration === undefined ? {} : { configuration }) };
      terminal.result(report, configuration?.text ?? describeAdvice(report));
      const error = adviceError(report);
      if (error !== undefined) throw error;
    }),
  );
}
