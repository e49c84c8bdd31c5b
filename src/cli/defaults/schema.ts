import type { Command, Option } from 'commander';
import { z } from 'zod';
import { visibleSubcommands } from '../command-tree.ts';
import { isRepeatable, placeholderOf, waysOf } from '../value-kind.ts';

/**
 * What belongs to one call, and would only surprise as a default. Whom to trust is said each time:
 * a folder that somebody got with a bundle could bring a file of defaults, and its own key in it.
 */
const ofOneCall = new Set([
  ...['help', 'version', 'json', 'dry-run', 'out', 'report', 'public-key'],
  ...['suggest', 'built'],
]);

/** The options that all commands have; they are said once, for all. */
const common = new Set(['quiet', 'verbose']);

/** The key under which a file of defaults has what holds for every command. */
export const allCommands = 'all';

/** What a file can say of an option. */
export type DefaultValue = boolean | number | string | readonly string[];

/** What a file of defaults says: by command, as deep as commands nest, and by option. */
export interface Defaults {
  readonly [key: string]: DefaultValue | Defaults;
}

/** The name of an option in a file of defaults: as on the command line, without dashes and without `no-`. */
export function defaultsKey(option: Option): string {
  return (option.long ?? '').replace(/^--(?:no-)?/, '');
}

/** The options of a command that a file of defaults can set. */
export function settableOptions(command: Command): readonly Option[] {
  return command.options.filter(
    (option) => !option.hidden && option.long !== undefined && !ofOneCall.has(defaultsKey(option)),
  );
}

function wordSchema(option: Option): z.ZodType<string> {
  if (option.argChoices !== undefined) return z.enum([...option.argChoices]);
  const ways = waysOf(option);
  if (ways === undefined) return z.string().min(1);
  const paths = ways.beforePath.map((start) => z.string().regex(new RegExp(`^${start}.`)));
  return z.union([z.enum([...ways.words]), ...paths]);
}

function valueSchema(option: Option): z.ZodType<DefaultValue> {
  if (placeholderOf(option) === undefined) return z.boolean();
  const one = wordSchema(option);
  if (isRepeatable(option)) return z.array(one).min(1);
  return typeof option.defaultValue === 'number' ? z.number() : one;
}

/** As in --help. For `--no-ccache` it says what the switch is, not what taking it away means. */
function describe(option: Option): string {
  const { description, defaultValue, defaultValueDescription, negate } = option;
  if (negate) return `false is ${option.long}: ${description}`;
  if (defaultValue === undefined || isRepeatable(option)) return description;
  // A number depends on the machine, such as that of its processors.
  if (typeof defaultValue === 'number') return description;
  return `${description} (default: ${defaultValueDescription ?? String(defaultValue)})`;
}

function optionSchemas(options: readonly Option[]): Record<string, z.ZodType<DefaultValue>> {
  return Object.fromEntries(
    options.map((option) => [
      defaultsKey(option),
      valueSchema(option).optional().describe(describe(option)),
    ]) as [string, z.ZodType<DefaultValue>][],
  );
}

/** The part of a command, or undefined if there is nothing that a file could set. */
function commandSchema(command: Command): z.ZodType<Defaults> | undefined {
  const own = settableOptions(command).filter((option) => !common.has(defaultsKey(option)));
  const parts: Record<string, z.ZodType> = optionSchemas(own);
  for (const sub of visibleSubcommands(command)) {
    const schema = commandSchema(sub);
    if (schema !== undefined) {
      parts[sub.name()] = schema.optional().describe(sub.description());
    }
  }
  if (Object.keys(parts).length === 0) return undefined;
  return z.strictObject(parts) as z.ZodType<Defaults>;
}

/**
 * What a file of defaults may hold. It is made from the program's own commands and options, so that
 * it always takes just what the command line takes.
 */
export function defaultsSchema(program: Command): z.ZodType<Defaults> {
  const some = program.commands.find(({ options }) => options.length > 0);
  const shared = some === undefined ? [] : settableOptions(some);
  const parts: Record<string, z.ZodType> = {
    $schema: z.string().optional().describe('where this schema is, for editors'),
    [allCommands]: z
      .strictObject(optionSchemas(shared.filter((option) => common.has(defaultsKey(option)))))
      .optional()
      .describe('for every command'),
  };
  for (const command of visibleSubcommands(program)) {
    const schema = commandSchema(command);
    if (schema !== undefined) {
      parts[command.name()] = schema.optional().describe(command.description());
    }
  }
  return z
    .strictObject(parts)
    .describe(
      'Defaults of the options of bootwright(1): $XDG_CONFIG_HOME/bootwright/config.json and ./bootwright.json',
    ) as z.ZodType<Defaults>;
}
