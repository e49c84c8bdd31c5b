import { Command, Option } from 'commander';
import type { HardwareReport } from '../../hardware/index.ts';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';
import type { Terminal } from '../terminal.ts';

interface CoverageOptions extends CommonOptions {
  readonly suggest?: readonly string[];
  readonly minimal?: boolean;
  readonly built?: string;
  readonly out?: string;
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

/** `--suggest`: the smallest scope for a fleet. */
async function suggest(
  bundle: string | undefined,
  machines: readonly string[],
  { stock, minimal, built, out }: CoverageOptions,
  terminal: Terminal,
): Promise<void> {
  const { suggestFleet } = await import('../../coverage/suggest/suggest-fleet.ts');
  const { fleetError } = await import('../../coverage/suggest/report.ts');
  const { describeFleetReport } = await import('../../coverage/suggest/describe.ts');
  const report = await suggestFleet(
    {
      ...(bundle === undefined ? {} : { bundle }),
      machines,
      stock,
      cards: minimal ? 'one' : 'every',
      ...(built === undefined ? {} : { built }),
      ...(out === undefined ? {} : { out }),
    },
    terminal.step,
    terminal.signal,
  );
  terminal.result(report, describeFleetReport(report));
  const error = fleetError(report);
  if (error !== undefined) throw error;
}

/** The options that only mean something beside `--suggest`. */
const ofSuggest = ['minimal', 'built', 'out'] as const;

/** `bootwright coverage BUNDLE`. */
export function coverageCommand(): Command {
  return withCommonOptions(
    new Command('coverage')
      .description(
        'say whether a machine netboots with a bundle, and by which network cards; without a machine, which network devices of stock the bundle serves; of a fleet of machines, the smallest scope that boots them',
      )
      .argument(
        '[bundle]',
        "the bundle's folder, its archive, or its manifest.json; --suggest can do without, by --stock",
      )
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
      .addOption(new Option('--live', 'the machine: this one').conflicts(['lspci', 'modalias']))
      .addOption(
        new Option(
          '--suggest <file...>',
          'find the smallest scope that boots these machines, each described by a file as for --lspci, and its price',
        ).conflicts(['lspci', 'modalias', 'live']),
      )
      .option(
        '--minimal',
        'of --suggest: serve at least one network card of each machine, not every one',
      )
      .option(
        '--built <bundle>',
        'of --suggest: a bundle that was built with that scope, to quote its size and boot times',
      )
      .option(
        '--out <file>',
        'of --suggest: write the scope to this file, for build --scope fleet=FILE',
      ),
  ).action((path: string | undefined, options: CoverageOptions, command: Command) =>
    perform(options, async (terminal) => {
      const { BootwrightError } = await import('../../system/errors/index.ts');
      if (options.suggest !== undefined) {
        if (path === undefined && options.stock.length === 0) {
          throw new BootwrightError('BW-USAGE', '--suggest needs a bundle, or --stock PATH.');
        }
        await suggest(path, options.suggest, options, terminal);
        return;
      }
      const alone = ofSuggest.find((name) => command.getOptionValueSource(name) === 'cli');
      if (alone !== undefined) {
        throw new BootwrightError('BW-USAGE', `--${alone} goes with --suggest FILE….`);
      }
      if (path === undefined) {
        throw new BootwrightError('BW-USAGE', 'The bundle to look at has to be named.');
      }
      const { step, signal } = terminal;
      const { openBundle } = await import('../../bundle/open.ts');
      const { readNetbootDrivers } = await import('../../coverage/netboot-drivers.ts');
      const { readKeptStock, readStock } = await import('../../coverage/read-stock.ts');
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
          ? await readKeptStock(bundle, signal)
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
