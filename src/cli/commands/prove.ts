import { Command, InvalidArgumentError, Option } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';
import type { Terminal } from '../terminal.ts';
import { parseJobs } from './jobs.ts';
import { type MachineOptions, machineOf, withMachineOptions } from './machine-options.ts';

interface ProveOptions extends MachineOptions, CommonOptions {
  readonly medium?: 'cd' | 'usb';
  readonly matrix?: 'quick' | 'full';
  readonly jobs?: number;
  readonly loadModules?: number;
  readonly seed: number;
  readonly profile?: true;
}

function parseNumber(text: string, least: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least) return number;
  throw new InvalidArgumentError(`It has to be a whole number from ${least} on.`);
}

const parseCount = (text: string): number => parseNumber(text, 1);
const parseSeed = (text: string): number => parseNumber(text, 0);

async function proveOnOne(
  bundle: string,
  options: ProveOptions,
  terminal: Terminal,
): Promise<void> {
  const { proveBundle } = await import('../../proof/prove-bundle.ts');
  const { requirePassed } = await import('../../proof/prove-kernel.ts');
  const { describeProof } = await import('../../proof/describe.ts');
  const order = {
    ...machineOf(options),
    ...(options.medium === undefined ? {} : { medium: options.medium }),
    ...(options.loadModules === undefined
      ? {}
      : { sample: { count: options.loadModules, seed: options.seed } }),
    signal: terminal.signal,
  };
  if (options.profile === undefined) {
    const { proof, record } = await proveBundle(bundle, order, terminal.step);
    terminal.result({ record, proof }, describeProof(proof, record));
    requirePassed(proof, record);
    return;
  }
  const { profileBundle } = await import('../../proof/profile/profile-bundle.ts');
  const { describeProfile } = await import('../../proof/profile/describe.ts');
  const { proof, record, profile } = await profileBundle(bundle, order, terminal.step);
  terminal.result(
    { record, proof, ...(profile === undefined ? {} : { profile }) },
    [
      describeProof(proof, record),
      ...(profile === undefined ? [] : [describeProfile(profile.profile, profile.record)]),
    ].join('\n\n'),
  );
  requirePassed(proof, record);
}

async function proveOnMany(
  bundle: string,
  name: 'quick' | 'full',
  jobs: number | undefined,
  terminal: Terminal,
): Promise<void> {
  const { proveMatrix, requireMatrixPassed } = await import('../../proof/matrix/prove-matrix.ts');
  const { describeMatrix } = await import('../../proof/matrix/describe.ts');
  const { matrix, record } = await proveMatrix(
    bundle,
    { name, ...(jobs === undefined ? {} : { jobs }), signal: terminal.signal },
    terminal.step,
  );
  terminal.result({ record, matrix }, describeMatrix(matrix, record));
  requireMatrixPassed(matrix, record);
}

/** `bootwright prove BUNDLE`. */
export function proveCommand(): Command {
  return withCommonOptions(
    withMachineOptions(
      new Command('prove')
        .description('boot a bundle for real: PXE, loader, kernel, root over NFS (needs root)')
        .argument('<bundle>', "the bundle's folder or its archive"),
    )
      .addOption(
        new Option(
          '--medium <kind>',
          'boot from a medium as export makes it, on a card without a boot ROM; --loader then is grub, with the kernel on the medium, or ipxe',
        ).choices(['cd', 'usb']),
      )
      .addOption(
        new Option('--matrix <name>', 'boot it on many machines, some side by side')
          .choices(['quick', 'full'])
          .conflicts([
            'nic',
            'firmware',
            'nfs',
            'boot',
            'root',
            'loader',
            'transport',
            'trouble',
            'medium',
            'loadModules',
          ]),
      )
      .option(
        '--load-modules <n>',
        'have the guest load so many modules of all subsystems; those without a device there do not count',
        parseCount,
      )
      .addOption(
        new Option(
          '--profile',
          'boot it twice or three times, and tell where the time goes: the parts of the way, the longest initcalls, and drivers that wait for a card which is not there',
        ).conflicts(['matrix', 'medium']),
      )
      .option('--seed <n>', 'which modules: the same number chooses the same ones', parseSeed, 1)
      .option(
        '-j, --jobs <n>',
        'how many machines of a matrix run side by side; the default is what processors and memory allow',
        parseJobs,
      ),
  ).action((bundle: string, options: ProveOptions) =>
    perform(options, (terminal) =>
      options.matrix === undefined
        ? proveOnOne(bundle, options, terminal)
        : proveOnMany(bundle, options.matrix, options.jobs, terminal),
    ),
  );
}
