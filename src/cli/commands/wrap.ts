import { Command, Option } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

interface WrapOptions extends CommonOptions {
  readonly scope: 'network-devices' | 'wired';
  readonly modules: 'all' | 'none';
  readonly firmware?: string;
  readonly busybox?: string;
  readonly compression?: 'zstd' | 'xz' | 'gzip';
  readonly format: 'tar.zst' | 'tar.bz2' | 'tar.xz' | 'tar.gz' | 'folder';
  readonly out: string;
}

/** `bootwright wrap PATH…`. The names stand here in full; a test holds them against the room's. */
export function wrapCommand(): Command {
  return withCommonOptions(
    new Command('wrap')
      .description(
        'make a bundle of the stock kernel as it is, compiling nothing: its image, signature and all, and a small initramfs with the network drivers that mounts the root over NFS',
      )
      .argument(
        '<path...>',
        'the packages of the stock kernel (.rpm, .deb), or a folder with lib/modules and boot as on a system, such as /',
      )
      .addOption(
        new Option('--scope <scope>', 'the drivers of which networks are in the initramfs')
          .choices(['network-devices', 'wired'])
          .default('wired'),
      )
      .addOption(
        new Option(
          '--modules <which>',
          "which of the stock kernel's modules the bundle has besides, for the root over NFS",
        )
          .choices(['all', 'none'])
          .default('all'),
      )
      .option(
        '--firmware <dir>',
        'a tree of firmware, such as /lib/firmware: what the drivers name and is there goes along',
      )
      .option(
        '--busybox <file>',
        'the static busybox that is the userland of the initramfs; the default is the one on PATH',
      )
      .addOption(
        new Option(
          '--compression <name>',
          'how the initramfs is compressed; the default is the best that the kernel unpacks',
        ).choices(['zstd', 'xz', 'gzip']),
      )
      .addOption(
        new Option('--format <format>', "what the bundle's files lie in: an archive, or its folder")
          .choices(['tar.zst', 'tar.bz2', 'tar.xz', 'tar.gz', 'folder'])
          .default('tar.zst'),
      )
      .addOption(
        new Option('-o, --out <dir>', "where the bundle's folder goes").default(
          '.',
          'the current folder',
        ),
      ),
  ).action((paths: readonly string[], options: WrapOptions) =>
    perform(options, async (terminal) => {
      const { wrapStock } = await import('../../wrap/wrap.ts');
      const { describeWrapped } = await import('../../wrap/describe.ts');
      const { scope, modules, firmware, busybox, compression, format, out: folder } = options;
      const { bundle, report } = await wrapStock(
        {
          paths,
          scope,
          modules,
          format,
          folder,
          ...(firmware === undefined ? {} : { firmware }),
          ...(busybox === undefined ? {} : { busybox }),
          ...(compression === undefined ? {} : { compression }),
          signal: terminal.signal,
        },
        terminal.step,
      );
      terminal.result({ ...bundle, report }, describeWrapped(bundle, report));
    }),
  );
}
