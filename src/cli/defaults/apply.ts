import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { BootwrightError } from '../../system/errors/index.ts';
import { isRepeatable, optionKeywords, optionValueKind, waysOf } from '../value-kind.ts';
import { type DefaultsFile, findDefaultsFiles, readDefaultsFile } from './files.ts';
import {
  allCommands,
  type Defaults,
  type DefaultValue,
  defaultsKey,
  defaultsSchema,
  settableOptions,
} from './schema.ts';

/** What commander calls the source of a value that came from a file. */
const source = 'config';

/** Which file set an option of a command, by the option's attribute. */
type Origins = Map<Command, Map<string, DefaultsFile>>;

function isValue(value: DefaultValue | Defaults | undefined): value is DefaultValue {
  return value !== undefined && (typeof value !== 'object' || Array.isArray(value));
}

/** A path in a file is meant from where the file is; `~` is the home folder. */
function fromFolder(path: string, folder: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(folder, path);
}

/** A value of an option as it is meant, if it is a path or has one in it. */
function located(option: Option, text: string, folder: string): string {
  const start = waysOf(option)?.beforePath.find((each) => text.startsWith(each));
  if (start !== undefined) return start + fromFolder(text.slice(start.length), folder);
  const kind = optionValueKind(option);
  if (optionKeywords(option).includes(text)) return text;
  return kind === 'file' || kind === 'folder' ? fromFolder(text, folder) : text;
}

/** The value as the command line would have given it. */
function parsed(option: Option, value: DefaultValue, folder: string): unknown {
  if (typeof value === 'boolean') return value;
  const texts = (Array.isArray(value) ? value : [String(value)]) as readonly string[];
  let result: unknown = option.defaultValue;
  for (const text of texts) {
    const given = located(option, text, folder);
    if (option.parseArg !== undefined) result = option.parseArg(given, result as never);
    else if (option.variadic) result = [...(Array.isArray(result) ? result : []), given];
    else result = given;
  }
  return result;
}

function setOption(
  command: Command,
  option: Option,
  value: DefaultValue,
  file: DefaultsFile,
  key: string,
  origins: Origins,
): void {
  const name = option.attributeName();
  try {
    const result = parsed(option, value, dirname(file.path));
    command.setOptionValueWithSource(name, result, source);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new BootwrightError('BW-DEFAULTS-INVALID', `"${file.path}": "${key}": ${error.message}`);
  }
  const ofCommand = origins.get(command) ?? new Map<string, DefaultsFile>();
  origins.set(command, ofCommand.set(name, file));
}

function setCommand(
  command: Command,
  defaults: Defaults,
  file: DefaultsFile,
  path: string,
  origins: Origins,
): void {
  for (const option of settableOptions(command)) {
    const value = defaults[defaultsKey(option)];
    if (!isValue(value)) continue;
    setOption(command, option, value, file, `${path}${defaultsKey(option)}`, origins);
  }
  for (const sub of command.commands) {
    const part = defaults[sub.name()];
    if (part === undefined || isValue(part)) continue;
    setCommand(sub, part, file, `${path}${sub.name()}.`, origins);
  }
}

function setAll(command: Command, defaults: Defaults, file: DefaultsFile, origins: Origins): void {
  for (const sub of command.commands) {
    if (sub.commands.length > 0) setAll(sub, defaults, file, origins);
    else setCommand(sub, defaults, file, `${allCommands}.`, origins);
  }
}

/** What is said on the command line displaces what a file says against it (-v a `"quiet": true`). */
function yieldToCommandLine(command: Command): void {
  for (const option of command.options) {
    for (const other of conflictsOf(command, option)) {
      command.on(`option:${option.name()}`, () => {
        if (command.getOptionValueSource(other) === source) {
          command.setOptionValueWithSource(other, undefined, 'default');
        }
      });
    }
  }
  for (const sub of command.commands) yieldToCommandLine(sub);
}

/** The attributes that an option must not stand beside: a field of commander's that its types leave out. */
function rivalsOf(
  option: Option & { readonly conflictsWith?: readonly string[] },
): readonly string[] {
  return option.conflictsWith ?? [];
}

/** The attributes that an option cannot stand beside, whichever of the two says so. */
function conflictsOf(command: Command, option: Option): readonly string[] {
  const others = command.options
    .filter((other) => rivalsOf(other).includes(option.attributeName()))
    .map((other) => other.attributeName());
  return [...rivalsOf(option), ...others];
}

/** The options of a command that a file has set, as one would write them, by file. */
function inForce(command: Command, origins: Origins): ReadonlyMap<DefaultsFile, string> {
  const told = new Map<DefaultsFile, string>();
  for (const [name, file] of origins.get(command) ?? []) {
    const value: unknown = command.getOptionValue(name);
    const option = command.options.find((each) => each.attributeName() === name);
    if (command.getOptionValueSource(name) !== source || option === undefined) continue;
    const flag = `--${typeof value === 'boolean' && !value ? 'no-' : ''}${defaultsKey(option)}`;
    const shown = typeof value === 'boolean' || isRepeatable(option) ? flag : `${flag} ${value}`;
    told.set(file, told.has(file) ? `${told.get(file)} ${shown}` : shown);
  }
  return told;
}

/**
 * Puts what the files of defaults say in the place of the options' own defaults: first the
 * person's, then, over it, that of the folder. What is said on the command line is stronger than
 * both; options that can be repeated are added to what the file has. Before a command does its
 * work, `tell` is given a line for each file that had a say in it.
 *
 * @throws BootwrightError `BW-DEFAULTS-INVALID`, `BW-DEFAULTS-FOREIGN`, `BW-FILE-ACCESS`
 */
export function applyDefaults(
  program: Command,
  tell: (line: string, command: Command) => void,
  files: readonly DefaultsFile[] = findDefaultsFiles(),
): void {
  if (files.length === 0) return;
  const schema = defaultsSchema(program);
  const origins: Origins = new Map();
  for (const file of files) {
    const defaults = readDefaultsFile(file, schema);
    const all = defaults[allCommands];
    if (all !== undefined && !isValue(all)) setAll(program, all, file, origins);
    setCommand(program, defaults, file, '', origins);
  }
  yieldToCommandLine(program);
  program.hook('preAction', (_, command) => {
    for (const [file, shown] of inForce(command, origins)) {
      tell(`defaults from ${file.path}: ${shown}`, command);
    }
  });
}
