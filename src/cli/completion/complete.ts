import type { Argument, Command, Option } from 'commander';
import {
  argumentValueKind,
  isRepeatable,
  optionKeywords,
  optionValueKind,
  type ValueKind,
  waysOf,
} from '../value-kind.ts';

/** A word that could stand where the cursor is. */
export interface Suggestion {
  readonly word: string;
  readonly description: string;
}

/** What could stand where the cursor is: words, and besides them what the shell knows better. */
export interface Completion {
  readonly suggestions: readonly Suggestion[];
  readonly also?: 'files' | 'folders';
}

/** Names of Kconfig symbols in a kernel tree; none if it is no kernel tree. */
export type SymbolNames = (tree: string) => Promise<readonly string[]>;

/** How far the words before the cursor have got. */
interface Position {
  command: Command;
  /** Operands of the command so far. */
  operands: number;
  /** The option whose value comes next. */
  pending: Option | undefined;
  /** After `--`: no options any more. */
  operandsOnly: boolean;
  readonly given: Set<Option>;
  /** Values of the options so far, by the option's name. */
  readonly values: Map<string, string>;
}

const nothing: Completion = { suggestions: [] };

/** The options that a person is told of, --help among them. */
function optionsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function findOption(command: Command, flag: string): Option | undefined {
  return optionsOf(command).find(({ long, short }) => flag === long || flag === short);
}

/** Takes a word before the cursor in. */
function pass(position: Position, word: string): void {
  const { command, pending } = position;
  const isFlag = !position.operandsOnly && word.startsWith('-') && word !== '-';
  // A value that has to come may look like a flag, as for commander.
  if (pending !== undefined && !(isFlag && (pending.optional || pending.variadic))) {
    position.values.set(pending.attributeName(), word);
    if (!pending.variadic) position.pending = undefined;
    return;
  }
  position.pending = undefined;
  if (!isFlag) {
    // "help" is followed by what could stand in its own place.
    if (word === 'help' && command.commands.length > 0) return;
    const sub = command.commands.find(
      (each) => each.name() === word || each.aliases().includes(word),
    );
    if (sub === undefined) position.operands += 1;
    else Object.assign(position, { command: sub, operands: 0 });
  } else if (word === '--') {
    position.operandsOnly = true;
  } else {
    const [, flag = '', value] =
      /^(--[^=]+)(?:=(.*))?$/s.exec(word) ?? /^(-.)(.+)?$/s.exec(word) ?? [];
    const option = findOption(command, flag);
    if (option === undefined) return;
    position.given.add(option);
    if (!takesValue(option)) return;
    if (value === undefined) position.pending = option;
    else position.values.set(option.attributeName(), value);
  }
}

function matching(
  words: readonly Suggestion[],
  start: string,
  also?: Completion['also'],
): Completion {
  const suggestions = words.filter(({ word }) => word.startsWith(start));
  return also === undefined ? { suggestions } : { suggestions, also };
}

/** What a value could be: one of its choices, or what its placeholder stands for. */
async function values(
  choices: readonly string[] | undefined,
  kind: ValueKind,
  start: string,
  position: Position,
  symbolNames: SymbolNames,
): Promise<Completion> {
  if (choices !== undefined) {
    return matching(
      choices.map((word) => ({ word, description: '' })),
      start,
    );
  }
  switch (kind) {
    case 'file':
      return { suggestions: [], also: 'files' };
    case 'folder':
      return { suggestions: [], also: 'folders' };
    case 'symbol': {
      const tree: unknown = position.values.get('tree') ?? position.command.getOptionValue('tree');
      if (typeof tree !== 'string') return nothing;
      // As people write it, and as .config has it.
      const prefix = start.startsWith('CONFIG_') ? 'CONFIG_' : '';
      return matching(
        (await symbolNames(tree)).map((name) => ({ word: prefix + name, description: '' })),
        start,
      );
    }
    case 'text':
      return nothing;
  }
}

function flags(position: Position, start: string): Completion {
  const left = optionsOf(position.command).filter(
    (option) => !position.given.has(option) || isRepeatable(option),
  );
  return matching(
    left.map((option) => ({
      word: option.long ?? option.short ?? '',
      description: option.description,
    })),
    start,
  );
}

async function operand(
  position: Position,
  start: string,
  symbolNames: SymbolNames,
): Promise<Completion> {
  const { command, operands } = position;
  if (command.commands.length > 0) {
    if (operands > 0) return nothing;
    const subs = command.createHelp().visibleCommands(command);
    return matching(
      subs.map((sub) => ({ word: sub.name(), description: sub.summary() || sub.description() })),
      start,
    );
  }
  const declared: readonly Argument[] = command.registeredArguments;
  const last = declared.at(-1);
  const argument = declared[operands] ?? (last?.variadic ? last : undefined);
  if (argument === undefined) return nothing;
  return values(argument.argChoices, argumentValueKind(argument), start, position, symbolNames);
}

/**
 * What could stand where the cursor is. It goes by the program's own tree of commands, as --help
 * does, so that the two cannot differ.
 *
 * @param words - the words after the program's name, as the program would get them; the last is
 *   the one that is being typed, and may be empty
 */
export async function complete(
  program: Command,
  words: readonly string[],
  symbolNames: SymbolNames,
): Promise<Completion> {
  const position: Position = {
    command: program,
    operands: 0,
    pending: undefined,
    operandsOnly: false,
    given: new Set(),
    values: new Map(),
  };
  for (const word of words.slice(0, -1)) pass(position, word);
  const start = words.at(-1) ?? '';
  const { pending } = position;
  const ofOption = async (option: Option, typed: string): Promise<Completion> => {
    const ways = waysOf(option);
    if (ways?.beforePath.some((begin) => typed.startsWith(begin))) {
      return { suggestions: [], also: 'files' };
    }
    const words = ways === undefined ? option.argChoices : [...ways.words, ...ways.beforePath];
    const kind = optionValueKind(option);
    const found = await values(words, kind, typed, position, symbolNames);
    const besides = optionKeywords(option).map((word) => ({ word, description: '' }));
    const suggestions = [...matching(besides, typed).suggestions, ...found.suggestions];
    return { ...found, suggestions };
  };

  if (pending?.required) {
    if (!(pending.variadic && start.startsWith('-'))) return ofOption(pending, start);
  } else if (pending?.optional && !start.startsWith('-')) {
    return ofOption(pending, start);
  }
  if (position.operandsOnly || !start.startsWith('-')) return operand(position, start, symbolNames);
  const [, flag, typed = ''] = /^(--[^=]+)=(.*)$/s.exec(start) ?? [];
  if (flag === undefined) return flags(position, start);
  const option = findOption(position.command, flag);
  if (option === undefined || !takesValue(option)) return nothing;
  const { suggestions, also } = await ofOption(option, typed);
  return {
    suggestions: suggestions.map(({ word, description }) => ({
      word: `${flag}=${word}`,
      description,
    })),
    ...(also === undefined ? {} : { also }),
  };
}
