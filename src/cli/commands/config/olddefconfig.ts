import { Command } from 'commander';
import { perform } from '../../perform.ts';
import { architectureOf, type WriteOptions, withWriteOptions } from './options.ts';

/** `bootwright config olddefconfig`. */
export function olddefconfigCommand(): Command {
  return withWriteOptions(
    new Command('olddefconfig').description(
      "complete a config as the tree's own `make olddefconfig` does, byte for byte",
    ),
  ).action((options: WriteOptions) =>
    perform(options, async (terminal) => {
      const { olddefconfig } = await import('../../../kernel/configure/olddefconfig.ts');
      const { readTextFile, writeWhole } = await import('../../../system/files.ts');
      const { cacheFolder } = await import('../../../system/cache.ts');
      const config = await readTextFile(options.config, 'kernel config');
      const settled = await terminal.step.step('Complete the config', () =>
        olddefconfig({
          tree: options.tree,
          arch: architectureOf(options, config),
          config,
          cacheFolder: cacheFolder('kconfig'),
          signal: terminal.signal,
        }),
      );
      await writeWhole(options.out, settled.text);
      for (const warning of settled.warnings) terminal.step.warn(warning);
      terminal.result(
        { out: options.out, warnings: settled.warnings },
        `${options.out} written, ${settled.warnings.length} warnings.`,
      );
    }),
  );
}
