import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { MenuBuilder } from './builder.ts';
import { RecursionCheck } from './check.ts';
import { detectDialect } from './dialect.ts';
import { KconfigSyntaxError } from './errors.ts';
import { Finalizer } from './finalize.ts';
import { Lexer } from './lexer.ts';
import type { Dialect, Kconfig, Probe } from './model.ts';
import { Parser } from './parser.ts';
import { Preprocessor } from './preprocess.ts';
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
 * Reads the Kconfig files of a tree.
 * @throws {KconfigSyntaxError} where the tree's own conf would stop.
 */
export async function load(options: LoadOptions): Promise<Kconfig> {
  const files = new Map<string, string | undefined>();
  const readPath = options.read ?? readText;
  const open = (file: string): string | undefined => {
    if (!files.has(file)) {
      files.set(file, readPath(isAbsolute(file) ? file : join(options.root, file)));
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
  for (let round = 0; round < maxRounds; round++) {
    const unknown = new Set<string>();
    let failure: unknown;
    try {
      const kconfig = parse(options, dialect, open, {
        shell(command) {
          const known = answer(command);
          if (known === undefined && !unknown.has(command)) {
            unknown.add(command);
            options.foresee?.(command);
          }
          return known;
        },
        blocked(filesRead) {
          if (filesRead <= macroFiles) throw new AnswersNeeded();
        },
        needed() {
          if (unknown.size > 0) throw new AnswersNeeded();
        },
      });
      if (unknown.size === 0) return kconfig;
    } catch (error) {
      // With answers missing, an error may be one of their absence.
      if (unknown.size === 0) throw error;
      failure = error;
    }
    const commands = [...unknown];
    const outputs = await options.probe(commands);
    if (outputs.length !== commands.length) {
      throw new RangeError(`${commands.length} probes, but ${outputs.length} answers`, {
        cause: failure,
      });
    }
    commands.forEach((command, i) => {
      answers.set(command, outputs[i] ?? '');
    });
  }
  throw new RangeError(`the probes of ${options.root} did not settle in ${maxRounds} rounds`);
}

/** What a round of reading asks for. */
interface Answers {
  shell(command: string): string | undefined;
  /** A command hangs on an answer that is not known yet. */
  blocked(filesRead: number): void;
  /** There is no use in going on without all answers that have been asked for. */
  needed(): void;
}

/** Ends a round that would go through all files with most of the commands still unknown. */
class AnswersNeeded extends Error {}

/** Reads a file as UTF-8, or as Latin-1 where it is not UTF-8 (RHEL 5 to 8 have such files). */
function readText(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

/** What do_shell() of preprocess.c makes of a command's output. */
function shellOutput(output: string, dialect: Dialect): string {
  const limit = (dialect.longShellOutput ? 4096 : 256) - 1;
  return output.slice(0, limit).replace(/\n+$/, '').replaceAll('\n', ' ');
}

function parse(
  options: LoadOptions,
  dialect: Dialect,
  open: (file: string) => string | undefined,
  answers: Answers,
): Kconfig {
  const rootFile = options.rootFile ?? 'Kconfig';
  const start = { file: rootFile, line: 1 };
  const text = open(rootFile);
  if (text === undefined) throw new KconfigSyntaxError(`can't find file ${rootFile}`, start);
  const builder = new MenuBuilder(new SymbolTable(dialect.typedConstants), {
    file: rootFile,
    line: 0,
  });
  if (dialect.environmentOptions) builder.definePredefined();
  const messages: string[] = [];
  const read = new Set([rootFile]);
  const position = () => ({ file: lexer.file, line: lexer.line });
  const preprocessor = new Preprocessor({
    environment: options.environment,
    position,
    shell: answers.shell,
    blocked: () => answers.blocked(read.size),
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
      if (content !== undefined) read.add(file);
      if (read.size === macroFiles + 1) answers.needed();
      return content;
    },
  });
  parser.parse();
  answers.needed();
  if (!builder.root.prompt) {
    builder.entry = builder.root;
    const title = dialect.linuxTitle ? 'Linux Kernel Configuration' : 'Main menu';
    builder.addPrompt('menu', title, undefined, start);
  }
  if (dialect.environmentOptions) builder.expandTitle();
  if (dialect.modulesByName) builder.modules ??= builder.table.symbol('MODULES');
  new Finalizer(builder, dialect, (message) => messages.push(message)).run();
  const { table, root } = builder;
  if (!dialect.toleratesCircles) new RecursionCheck(dialect).run(table.all, root);
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
    files: [...read],
  };
}
