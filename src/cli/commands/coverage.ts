import { Command, Option } from 'commander';
import type { HardwareReport } from '../../hardware/index.ts';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

interface CoverageOptions extends CommonOptions {
  readonly stock: readonly string[];
  readonly lspci?: string;
  readonly modalias?: string;
  readonly live?: boolean;
}

/** The machine that is asked about, if one is. */
async function readMachine({
  lspci,
  modalias,
  live,
}: CoverageOptions): Promise<HardwareReport | undefined> {
  if (live) {
    const { readLiveHardware } = await import('../../coverage/live.ts');
    return readLiveHardware();
  }
  const paths = [lspci, modalias].filter((path) => path !== undefined);
  if (paths.length === 0) return undefined;
  const { joinReports, readMachineFile } = await import('../../coverage/read-machine.ts');
  return joinReports(await Promise.all(paths.map(readMachineFile)));
}

/** `bootwright coverage BUNDLE`. */
export function coverageCommand(): Command {
  return withCommonOptions(
    new Command('coverage')
      .description(
        'say whether a machine netboots with a bundle, and by which network cards; without a machine, which network devices of stock the bundle serves',
      )
      .argument('<bundle>', "the bundle's folder, its archive, or its manifest.json")
      .addOption(
        new Option(
          '--stock <path>',
          "the stock kernel, where alone the ids of its drivers' devices stand: a package of it (.rpm, .deb; can be repeated), or /lib/modules/RELEASE",
        )
          .argParser((path: string, before: readonly string[]) => [...before, path])
          .default([], 'none'),
      )
      .option(
        '--lspci <file>',
        'the machine: output of "lspci -nnk", also -nn, -nnmm and -vmmnn, of lshw and dmidecode, as it was pasted',
      )
      .option('--modalias <file>', 'the machine: modaliases of /sys, one a line, also behind paths')
      .addOption(new Option('--live', 'the machine: this one').conflicts(['lspci', 'modalias'])),
  ).action((path: string, options: CoverageOptions) =>
    perform(options, async (terminal) => {
      const { step, signal } = terminal;
      const { openBundle } = await import('../../bundle/open.ts');
      const { readNetbootDrivers } = await import('../../coverage/netboot-drivers.ts');
      const { readStock } = await import('../../coverage/read-stock.ts');
      const { coverageError, coverageReport } = await import('../../coverage/report.ts');
      const { describeCoverageReport } = await import('../../coverage/describe.ts');
      const machine = await readMachine(options);
      const bundle = await openBundle(path);
      const { manifest } = bundle;
      const netboot = await step.step('Read the drivers of the bundle', () =>
        readNetbootDrivers(bundle, signal),
      );
      const stock =
        options.stock.length === 0
          ? undefined
          : await step.step('Read the drivers of stock', (reading) =>
              readStock(options.stock, { manifest, netboot }, reading, signal),
            );
      const report = coverageReport(manifest, netboot, stock, machine);
      terminal.result(report, describeCoverageReport(report));
      const error = coverageError(report);
      if (error !== undefined) throw error;
    }),
  );
}
