import { Allowance, limits } from './limits.ts';
import type { Location } from './model.ts';
import { variableOf } from './references.ts';

/** What the macro language needs from around it. */
export interface PreprocessHost {
  readonly environment: Readonly<Record<string, string>>;
  /** The file and line that are being read. */
  position(): Location;
  /** The output of a `$(shell,…)` command as kconfig sees it; undefined if not known yet. */
  shell(command: string): string | undefined;
  /** Called in place of `shell` for a command that hangs on an answer which is not known yet. */
  blocked(): void;
  /** Called where reading cannot go on as it would have with an answer that is not known yet. */
  unsettled(): void;
  fail(reason: string): never;
  warn(message: string): void;
  info(message: string): void;
}

type Flavor = 'recursive' | 'simple';

interface Variable {
  value: string;
  flavor: Flavor;
  /** The value hangs on an answer that is not known yet. */
  provisional: boolean;
  depth: number;
}

interface Argument {
  readonly text: string;
  /** The text hangs on an answer that is not known yet. */
  readonly provisional: boolean;
}

interface BuiltIn {
  readonly min: number;
  readonly max: number;
  readonly run: (args: readonly string[]) => string;
}

/**
 * Stands for an answer that is not known yet: the number of its command between characters that no
 * Kconfig file has. An empty text instead would make most statements no syntax.
 */
const standIn = {
  of: (number: number): string => `\u0001${number}\u0001`,
  pattern: /\u0001(\d+)\u0001/g,
};

/** What an evaluation costs beside the text that it is of, in characters. */
const evaluationCost = 50;

const maxArguments = 16;
const maxDepth = 1000;

/** The macro language of Kconfig files (scripts/kconfig/preprocess.c). */
export class Preprocessor {
  readonly #host: PreprocessHost;
  readonly #variables = new Map<string, Variable>();
  readonly #text = new Allowance(limits.macroText, 'macros expand to too much text');
  readonly #builtIns: ReadonlyMap<string, BuiltIn>;
  /**
   * Set when the expansion under way has met an unknown answer. Commands made of such text are not
   * asked for: they are not yet the commands that the tree means to run.
   */
  #provisional = false;
  /** The commands that there are stand-ins for, by number; they may have stand-ins in them. */
  readonly #awaited: string[] = [];

  constructor(host: PreprocessHost) {
    this.#host = host;
    this.#builtIns = new Map<string, BuiltIn>([
      ['error-if', { min: 2, max: 2, run: ([condition, text]) => this.#errorIf(condition, text) }],
      ['filename', { min: 0, max: 0, run: () => host.position().file }],
      ['info', { min: 1, max: 1, run: ([text]) => this.#info(text) }],
      ['lineno', { min: 0, max: 0, run: () => String(host.position().line) }],
      ['shell', { min: 1, max: 1, run: ([command]) => this.#shell(command ?? '') }],
      ['warning-if', { min: 2, max: 2, run: ([condition, text]) => this.#warnIf(condition, text) }],
    ]);
  }

  /** `name = value`, `name := value`, `name += value`. */
  assign(name: string, operator: '=' | ':=' | '+=', value: string): void {
    const known = this.#variables.get(name);
    const flavor: Flavor =
      operator === '+='
        ? (known?.flavor ?? 'recursive')
        : operator === ':='
          ? 'simple'
          : 'recursive';
    this.#provisional = false;
    const expanded = flavor === 'simple' ? this.expand(value) : value;
    const append = operator === '+=' && known;
    this.#variables.set(name, {
      value: append ? `${known.value} ${expanded}` : expanded,
      flavor,
      provisional: this.#provisional || Boolean(append && known.provisional),
      depth: 0,
    });
    this.#provisional = false;
  }

  /** Whether what was expanded last hangs on an answer that is not known yet. */
  get provisional(): boolean {
    return this.#provisional;
  }

  /** Whether a text is nothing but an answer that is not known yet. */
  isAnswer(text: string): boolean {
    return text.match(standIn.pattern)?.[0] === text;
  }

  /**
   * A text with the answers in their places.
   *
   * @param unknown - gets the commands whose answers are lacking
   * @param found - keeps the answers that have been looked for, between texts
   * @returns undefined if some are
   */
  spell(
    text: string,
    answer: (command: string) => string | undefined,
    unknown: Set<string>,
    found = new Map<string, string | undefined>(),
  ): string | undefined {
    const answerTo = (number: string): string | undefined => {
      const awaited = this.#awaited[Number(number)] ?? '';
      const command = this.spell(awaited, answer, unknown, found);
      const known = command === undefined ? undefined : answer(command);
      if (command !== undefined && known === undefined) unknown.add(command);
      return known;
    };
    let isWhole = true;
    const spelled = text.replace(standIn.pattern, (_, number: string) => {
      // Commands may have each other's answers in them many times over.
      if (!found.has(number)) found.set(number, answerTo(number));
      const known = found.get(number);
      if (known === undefined) isWhole = false;
      return known ?? '';
    });
    return isWhole ? spelled : undefined;
  }

  /** To be called where an expansion matters now that hangs on an answer which is not known yet. */
  unsettled(): void {
    this.#host.unsettled();
  }

  /** Expands all references in a text. */
  expand(text: string, args: readonly Argument[] = []): string {
    let start = text.indexOf('$');
    if (start < 0) return text;
    let out = '';
    let done = 0;
    while (start >= 0) {
      const [expansion, end] = this.#dollar(text, start + 1, args);
      out += text.slice(done, start) + expansion;
      done = end;
      start = text.indexOf('$', done);
    }
    return out + text.slice(done);
  }

  /**
   * Expands the reference that follows a `$`.
   * @param start the position after the `$`
   * @returns the expansion and the position after the reference
   */
  expandReference(text: string, start: number): [string, number] {
    this.#provisional = false;
    return this.#dollar(text, start, []);
  }

  #dollar(text: string, start: number, args: readonly Argument[]): [string, number] {
    // Neither $A nor ${A} is a reference: only "$(" is.
    if (text[start] !== '(') return ['$', start];
    let nest = 0;
    for (let i = start + 1; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 0x28) nest++;
      else if (c === 0x29 && nest-- === 0) {
        return [this.#evaluate(text.slice(start + 1, i), args), i + 1];
      }
    }
    return this.#host.fail(`unterminated reference to '${text.slice(start + 1)}': missing ')'`);
  }

  #evaluate(clause: string, args: readonly Argument[]): string {
    const result = this.#expansion(clause, args);
    this.#text.spend(clause.length + result.length + evaluationCost);
    return result;
  }

  #expansion(clause: string, args: readonly Argument[]): string {
    if (/^\s*\+?\d+$/.test(clause)) {
      const n = Number(clause);
      const argument = n > 0 ? args[n - 1] : undefined;
      if (argument !== undefined) {
        this.#provisional ||= argument.provisional;
        return argument.text;
      }
    }
    const parts = splitArguments(clause);
    if (parts.length > maxArguments) this.#host.fail('too many function arguments');
    const before = this.#provisional;
    const [name, ...values] = parts.map((part) => this.#argument(part, args));
    this.#provisional = name?.provisional ?? false;
    const called = name?.text ?? '';
    const result =
      this.#variable(called, values) ??
      this.#function(called, values) ??
      this.#environment(called, values);
    this.#provisional ||= before;
    return result;
  }

  #argument(part: string, args: readonly Argument[]): Argument {
    this.#provisional = false;
    const text = this.expand(part, args);
    return { text, provisional: this.#provisional };
  }

  #variable(name: string, args: readonly Argument[]): string | undefined {
    const variable = this.#variables.get(name);
    if (!variable) return undefined;
    if (args.length === 0 && variable.depth > 0) {
      this.#host.fail(`Recursive variable '${name}' references itself (eventually)`);
    }
    if (variable.depth > maxDepth) this.#host.fail('Too deep recursive expansion');
    if (variable.provisional) this.#provisional = true;
    if (variable.flavor === 'simple') return variable.value;
    variable.depth++;
    const result = this.expand(variable.value, args);
    variable.depth--;
    return result;
  }

  #function(name: string, args: readonly Argument[]): string | undefined {
    const builtIn = this.#builtIns.get(name);
    if (!builtIn) return undefined;
    if (args.length < builtIn.min) {
      this.#host.fail(`too few function arguments passed to '${name}'`);
    }
    if (args.length > builtIn.max) {
      this.#host.fail(`too many function arguments passed to '${name}'`);
    }
    const hangs = args.some(({ provisional }) => provisional);
    if (hangs && name !== 'shell') this.#host.unsettled();
    this.#provisional ||= hangs;
    return builtIn.run(args.map(({ text }) => text));
  }

  #environment(name: string, args: readonly Argument[]): string {
    return args.length === 0 ? (variableOf(this.#host.environment, name) ?? '') : '';
  }

  #shell(command: string): string {
    if (this.#provisional) {
      this.#host.blocked();
      return this.#standIn(command);
    }
    const answer = this.#host.shell(command);
    if (answer !== undefined) return answer;
    this.#provisional = true;
    return this.#standIn(command);
  }

  #standIn(command: string): string {
    return standIn.of(this.#awaited.push(command) - 1);
  }

  #errorIf(condition: string | undefined, text: string | undefined): string {
    if (condition === 'y') this.#host.fail(text ?? '');
    return '';
  }

  #warnIf(condition: string | undefined, text: string | undefined): string {
    if (condition === 'y') this.#host.warn(text ?? '');
    return '';
  }

  #info(text: string | undefined): string {
    this.#host.info(text ?? '');
    return '';
  }
}

/** Splits `name,argument,…` at the commas that are in no parentheses. */
function splitArguments(clause: string): string[] {
  const parts: string[] = [];
  let nest = 0;
  let start = 0;
  for (let i = 0; i < clause.length; i++) {
    const c = clause.charCodeAt(i);
    if (c === 0x28) nest++;
    else if (c === 0x29) nest--;
    else if (c === 0x2c && nest === 0) {
      parts.push(clause.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(clause.slice(start));
  return parts;
}
