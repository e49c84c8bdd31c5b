import type { Command } from 'commander';
import { type CommonOptions, withCommonOptions } from '../../perform.ts';

/** The options of every verb that reads a config with a tree. */
export interface TreeOptions extends CommonOptions {
  readonly tree: string;
  readonly config: string;
  readonly arch?: string;
}

/** The options of a verb that writes a config. */
export interface WriteOptions extends TreeOptions {
  readonly out: string;
}

/** @param config - what the config is to the verb */
export function withTreeOptions(command: Command, config: string): Command {
  return withArchitecture(
    withCommonOptions(
      command
        .requiredOption('--tree <dir>', "the kernel's source tree; it is only read")
        .requiredOption('--config <file>', config),
    ),
  );
}

export function withWriteOptions(command: Command): Command {
  return withTreeOptions(command, 'the config to start from').requiredOption(
    '--out <file>',
    'where the new config goes',
  );
}

export function withArchitecture(command: Command): Command {
  return command.option(
    '--arch <name>',
    "make's ARCH; the default is what the config's first line names (# x86_64), else x86",
  );
}

/** ARCH as EL's configs name it in their first line; make's own default on this machine otherwise. */
export function architectureOf({ arch }: { readonly arch?: string }, config: string): string {
  return arch ?? /^# (\w+)\n/.exec(config)?.[1] ?? 'x86';
}
