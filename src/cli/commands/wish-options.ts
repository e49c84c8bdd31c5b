import { type Command, Option } from 'commander';

/** Where the config is to depart from what the rules make, as options. */
export interface WishOptions {
  readonly promote: readonly string[];
  readonly exclude: readonly string[];
  readonly fragment?: string;
}

/** For an option that can be repeated: adds to what was given before. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Adds the options of deviations on purpose. */
export function withWishOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--promote <symbol>', 'build this in, too; can be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--exclude <symbol>', 'leave this as stock has it; can be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--fragment <file>', 'lines of a config to merge; one that does not take is an error');
}

/** The wishes that the options name. */
export function wishesOf({ promote, exclude, fragment }: WishOptions) {
  return { promote, exclude, ...(fragment === undefined ? {} : { fragment }) };
}
