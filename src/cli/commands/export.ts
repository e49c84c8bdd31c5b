import { Command, Option } from 'commander';
import { BootwrightError } from '../../system/errors/index.ts';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

interface ExportOptions extends CommonOptions {
  readonly format: 'rpm' | 'deb' | 'iso';
  readonly out: string;
  readonly nfsroot?: string;
  readonly append: readonly string[];
  readonly first?: 'kernel' | 'ipxe';
}

/** What only a boot medium has, as it was asked for. */
function isoOf({ format, nfsroot, append, first }: ExportOptions) {
  if (format !== 'iso' && (nfsroot !== undefined || append.length > 0 || first !== undefined)) {
    throw new BootwrightError(
      'BW-USAGE',
      `--nfsroot, --append and --first are for a boot medium, not for --format ${format}.`,
      { hint: 'Leave them out, or make a boot medium: --format iso' },
    );
  }
  return {
    append,
    ...(nfsroot === undefined ? {} : { nfsRoot: nfsroot }),
    ...(first === undefined ? {} : { first }),
  };
}

/** `bootwright export BUNDLE`. The names stand here in full; a test holds them against the room's. */
export function exportCommand(): Command {
  return withCommonOptions(
    new Command('export')
      .description('make a package for boot servers, or a boot medium, out of a bundle')
      .argument('<bundle>', "the bundle's folder or its archive")
      .addOption(
        new Option(
          '--format <form>',
          'what to make: a package (.rpm, .deb), or an image for CD and USB stick that boots where firmware has no PXE',
        )
          .choices(['rpm', 'deb', 'iso'])
          .makeOptionMandatory(),
      )
      .addOption(new Option('-o, --out <dir>', 'where it goes').default('.', 'the current folder'))
      .option(
        '--nfsroot <address:/path>',
        'iso: the root of the kernel, with NFS options after a comma; without it, DHCP names it (option 17)',
      )
      .addOption(
        new Option(
          '--append <parameter>',
          'iso: a further kernel parameter, such as console=ttyS0,115200; can be repeated',
        )
          .argParser((parameter: string, before: readonly string[]) => [...before, parameter])
          .default([], 'none'),
      )
      .addOption(
        new Option(
          '--first <what>',
          'iso: what boots if nobody chooses; the default is the kernel',
        ).choices(['kernel', 'ipxe']),
      ),
  ).action((bundle: string, options: ExportOptions) =>
    perform(options, async (terminal) => {
      const { exportBundle } = await import('../../export/export-bundle.ts');
      const { describeExport } = await import('../../export/describe-export.ts');
      const { format, out: folder } = options;
      const iso = isoOf(options);
      const made = await exportBundle(
        bundle,
        { format, folder, iso, signal: terminal.signal },
        terminal.step,
      );
      terminal.result(made, describeExport(made));
    }),
  );
}
