import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { MenuBuilder } from './builder.ts';
import { RecursionCheck } from './check.ts';
import { detectDialect } from './dialect.ts';
import { KconfigSyntaxError } from './errors.ts';
import { Finalizer } from './finalize.ts';
import { Lexer } from './lexer.ts';
import { boundedAt, KconfigLimitError } from './limits.ts';
import type { Dialect, Kconfig, Probe } from './model.ts';
import { Parser } from './parser.ts';
import { Preprocessor } from './preprocess.ts';
import type { Deferred } from './reader.ts';
import { SymbolTable } from './symbols.ts';

export interface LoadOptions {
  /** The tree's root folder: `source` statements are resolved against it. */
  readonly root: string;
  /** The first file, relative to `root` (default `Kconfig`). */
  readonly rootFile?: string;
  /** The environment as the tree's own make gives it to conf. */
  readonly environment: Readonly<Record<string, string>>;
  readonly probe: Probe;
  /** Told each command as soon as it is met: who wants to start it before `probe` asks for it. */
  readonly foresee?: (command: string) => void;
  /** Outputs of commands that are known beforehand: if all are, the files are parsed but once. */
  readonly knownOutputs?: ReadonlyMap<string, string>;
  /**
   * Whether these files, with the answers given, are known to have no symbol whose value hangs on
   * itself, so that there is no need to look for one.
   */
  readonly knownSound?: (files: readonly string[]) => boolean;
  /** Reads a file by its path; undefined if there is none. Replaces the file system in tests. */
  readonly read?: (path: string) => string | undefined;
  /** The dialect, if it is not to be found out from the tree's scripts/kconfig. */
  readonly dialect?: Dialect;
}

/** More rounds than any nesting of probes could need: a guard against answers that never settle. */
const maxRounds = 32;

/**
 * So many files hold the macros that all others are written in: the root file, and
 * scripts/Kconfig.include. The answers that those hang on are asked for at once, before the whole
 * tree is read.
 */
const macroFiles = 2;

/**
 * While no more files than these have been read, beginning anew costs next to nothing, and is done
 * as soon as something is met that the reading hangs on.
 */
const earlyFiles = 40;

/**
 * Commands that print y, n or m, one way or another: such an answer can be put in its place when all
 * files have been read.
 */
const answersTristate = /\becho "?[ynm]"? *(?:\|\| *echo "?[ynm]"? *)?$/;

/**
 * Reads the Kconfig files of a tree.
 * @throws {KconfigSyntaxError} where the tree's own conf would stop.
 */
export async function load(options: LoadOptions): Promise<Kconfig> {
  const files = new Map<string, string | undefined>();
  const readPath = options.read ?? readText;
  const open = (file: string): string | undefined => {
    if (!files.has(file)) {
      files.set(file, readPath(isAbsolute(file) ? file : `${options.root}/${file}`));
    }
    return files.get(file);
  };
  const dialect =
    options.dialect ??
    detectDialect((name) => readPath(join(options.root, 'scripts/kconfig', name)));
  const answers = new Map<string, string>();
  const answer = (command: string): string | undefined => {
    const known = answers.get(command) ?? options.knownOutputs?.get(command);
    return known === undefined ? undefined : shellOutput(known, dialect);
  };
  const ask = async (commands: readonly string[], cause?: unknown): Promise<void> => {
    const outputs = await options.probe(commands);
    if (outputs.length !== commands.length) {
      throw new RangeError(`${commands.length} probes, but ${outputs.length} answers`, { cause });
    }
    commands.forEach((command, i) => {
      answers.set(command, outputs[i] ?? '');
    });
  };
  for (let round = 0; round < maxRounds; round++) {
    const questions = new Questions(answer, options.foresee);
    let reading: Reading | undefined;
    let failure: unknown;
    try {
      reading = readFiles(options, dialect, open, questions);
    } catch (error) {
      // With answers missing, an error may be one of their absence.
      if (questions.open.size === 0 || error instanceof KconfigLimitError) throw error;
      failure = error;
    }
    if (reading !== undefined && questions.open.size === 0)
      return finish(reading, dialect, options);
    await ask(reading === undefined ? questions.first() : [...questions.open], failure);
    if (reading === undefined || !questions.settled) continue;
    for (;;) {
      const unknown = new Set<string>();
      const fits = putInPlace(reading, answer, unknown);
      if (fits) return finish(reading, dialect, options);
      if (unknown.size === 0) break;
      await ask([...unknown]);
    }
  }
  throw new RangeError(`the probes of ${options.root} did not settle in ${maxRounds} rounds`);
}

/** What a round of reading asks of the host. */
class Questions {
  /** Commands whose answers are not known yet. */
  readonly open = new Set<string>();
  /** Those among them that the reading is likely to hang on. */
  readonly #urgent = new Set<string>();
  readonly #answer: (command: string) => string | undefined;
  readonly #foresee: ((command: string) => void) | undefined;
  #settled = true;

  constructor(
    answer: (command: string) => string | undefined,
    foresee: ((command: string) => void) | undefined,
  ) {
    this.#answer = answer;
    this.#foresee = foresee;
  }

  /** Whether the round has read the files as it would have with all answers. */
  get settled(): boolean {
    return this.#settled;
  }

  shell(command: string): string | undefined {
    const known = this.#answer(command);
    if (known !== undefined || this.open.has(command)) return known;
    this.open.add(command);
    this.#foresee?.(command);
    if (!answersTristate.test(command)) this.#urgent.add(command);
    return undefined;
  }

  /** A command hangs on an answer that is not known yet. */
  blocked(filesRead: number): void {
    if (filesRead <= macroFiles) throw new AnswersNeeded();
  }

  unsettled(): void {
    this.#settled = false;
  }

  /** Another file is to be read. */
  goOn(filesRead: number): void {
    if (filesRead === macroFiles && this.open.size > 0) throw new AnswersNeeded();
    if (filesRead <= earlyFiles && this.#urgent.size > 0) throw new AnswersNeeded();
  }

  /** What to ask before the files are read anew: what the reading hangs on, so that it goes on soon. */
  first(): string[] {
    return [...(this.#urgent.size > 0 ? this.#urgent : this.open)];
  }
}

/** Ends a round that would go through all files with most of the commands still unknown. */
class AnswersNeeded extends Error {}

/** Reads a file as UTF-8, or as Latin-1 where it is not UTF-8 (RHEL 5 to 8 have such files). */
function readText(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.includes('\ufffd') ? readFileSync(path, 'latin1') : text;
  } catch {
    return undefined;
  }
}

/** What do_shell() of preprocess.c makes of a command's output. */
function shellOutput(output: string, dialect: Dialect): string {
  const limit = (dialect.longShellOutput ? 4096 : 256) - 1;
  return output.slice(0, limit).replace(/\n+$/, '').replaceAll('\n', ' ');
}

/** The files of a tree, read but not yet finalized. */
interface Reading {
  readonly builder: MenuBuilder;
  readonly preprocessor: Preprocessor;
  readonly deferred: readonly Deferred[];
  readonly messages: string[];
  readonly files: readonly string[];
}

function readFiles(
  options: LoadOptions,
  dialect: Dialect,
  open: (file: string) => string | undefined,
  questions: Questions,
): Reading {
  const rootFile = options.rootFile ?? 'Kconfig';
  const start = { file: rootFile, line: 1 };
  const text = open(rootFile);
  if (text === undefined) throw new KconfigSyntaxError(`can't find file ${rootFile}`, start);
  const builder = new MenuBuilder(new SymbolTable(dialect.typedConstants), {
    file: rootFile,
    line: 0,
  });
  if (dialect.environmentOptions || dialect.predefinedEnvironment) builder.definePredefined();
  if (dialect.predefinedEnvironment) builder.definePredefinedEnvironment(options.environment);
  const messages: string[] = [];
  const read = new Set([rootFile]);
  const position = () => ({ file: lexer.file, line: lexer.line });
  const preprocessor = new Preprocessor({
    environment: options.environment,
    position,
    shell: (command) => questions.shell(command),
    blocked: () => questions.blocked(read.size),
    unsettled: () => questions.unsettled(),
    fail: (reason) => {
      throw new KconfigSyntaxError(reason, position(), lexer.includedFrom);
    },
    warn: (message) => builder.warn(position(), message, 'macro'),
    info: (message) => messages.push(message),
  });
  const lexer: Lexer = new Lexer(rootFile, text, dialect, preprocessor, (location, message) =>
    builder.warn(location, message),
  );
  const parser = new Parser({
    lexer,
    builder,
    preprocessor,
    dialect,
    environment: options.environment,
    open: (file) => {
      const content = open(file);
      if (content !== undefined && !read.has(file)) {
        questions.goOn(read.size);
        read.add(file);
      }
      return content;
    },
  });
  const deferred = boundedAt(
    () => ({ location: position(), includedFrom: lexer.includedFrom }),
    () => parser.parse(),
  );
  if (!builder.root.prompt) {
    builder.entry = builder.root;
    const title = dialect.linuxTitle ? 'Linux Kernel Configuration' : 'Main menu';
    builder.addPrompt('menu', title, undefined, start);
  }
  return { builder, preprocessor, deferred, messages, files: [...read] };
}

/**
 * Puts answers where they had to be left out.
 *
 * @param unknown - gets the commands that have to be asked before that
 * @returns whether all of them fit: others than y, m and n would be symbols, in the order of reading
 */
function putInPlace(
  { builder, preprocessor, deferred }: Reading,
  answer: (command: string) => string | undefined,
  unknown: Set<string>,
): boolean {
  const { yes, mod, no } = builder.table;
  const constants = new Map([
    ['y', yes],
    ['m', mod],
    ['n', no],
  ]);
  const found = new Map<string, string | undefined>();
  const texts = boundedAt(
    () => ({ location: builder.root.location }),
    () => deferred.map(({ text }) => preprocessor.spell(text, answer, unknown, found)),
  );
  if (unknown.size > 0) return false;
  for (const [i, { expression }] of deferred.entries()) {
    const constant = constants.get(texts[i] ?? '');
    if (constant === undefined) return false;
    expression.symbol = constant;
  }
  return true;
}

function finish(
  { builder, messages, files }: Reading,
  dialect: Dialect,
  { knownSound }: LoadOptions,
): Kconfig {
  if (dialect.expandsNames) builder.expandTitle();
  if (dialect.modulesByName) builder.modules ??= builder.table.symbol('MODULES');
  const { table, root } = builder;
  boundedAt(
    () => ({ location: root.location }),
    () => {
      new Finalizer(builder, dialect, (message) => messages.push(message)).run();
      if (!dialect.toleratesCircles && !knownSound?.(files)) {
        new RecursionCheck(dialect).run(table.all, root);
      }
    },
  );
  return {
    symbols: table.named,
    all: table.all,
    root,
    modules: builder.modules ?? table.no,
    yes: table.yes,
    mod: table.mod,
    no: table.no,
    warnings: builder.warnings,
    messages,
    dialect,
    files,
  };
}
