import type { Kconfig, KconfigSymbol } from '../../../kconfig/index.ts';
import { definedAt, nameOf } from '../explain.ts';
import { collect } from '../influences.ts';
import type { ReadSource } from '../origin.ts';
import type { FileValue } from './config-lines.ts';
import type { SimilarReport, UnknownReport } from './report.ts';
import { similarSymbols } from './similar.ts';

/** How many places are named. */
const mostNamed = 6;

export interface UnknownQuestion {
  readonly kconfig: Kconfig;
  readonly name: string;
  readonly file: ReadonlyMap<string, FileValue>;
  readonly read: ReadSource;
  /** Kconfig files of the tree that are not read for this architecture. */
  readonly otherFiles: readonly string[];
}

/** What can be said of a name that no Kconfig file of this tree and architecture defines. */
export function explainUnknown(question: UnknownQuestion): UnknownReport {
  const { kconfig, name, read, otherFiles } = question;
  const said = question.file.get(name);
  const successors = successorsOf(kconfig, name);
  const isMarked = new Set(successors);
  return {
    symbol: name,
    similar: similarSymbols(kconfig, name)
      .filter((symbol) => !isMarked.has(symbol))
      .map(similarReport),
    successors: successors.slice(0, mostNamed).map(similarReport),
    elsewhere: definitionsIn(otherFiles, name, read).slice(0, mostNamed),
    referredToBy: referrers(kconfig, name).slice(0, mostNamed).map(nameOf),
    ...(said === undefined ? {} : { file: said }),
  };
}

function similarReport(symbol: KconfigSymbol): SimilarReport {
  return {
    symbol: nameOf(symbol),
    prompt: symbol.prompts[0]?.text ?? '',
    location: definedAt(symbol),
  };
}

/** Symbols whose help names the one that is gone, as those that replace another often do. */
function successorsOf(kconfig: Kconfig, name: string): KconfigSymbol[] {
  if (name.length < 4) return [];
  const word = new RegExp(`\\b(?:CONFIG_)?${name.replace(/\W/g, '')}\\b`);
  return [...kconfig.symbols.values()].filter(
    (symbol) =>
      symbol.type !== 'unknown' &&
      symbol.menus.some(({ help }) => help !== undefined && word.test(help)),
  );
}

function referrers(kconfig: Kconfig, name: string): KconfigSymbol[] {
  const symbol = kconfig.symbols.get(name);
  if (symbol === undefined) return [];
  const found = new Set([...symbol.dependents, ...symbol.selectedBy.map(({ source }) => source)]);
  for (const other of kconfig.symbols.values()) {
    const mentioned = new Set<KconfigSymbol>();
    collect(other.directDependency, mentioned);
    if (mentioned.has(symbol)) found.add(other);
  }
  found.delete(symbol);
  return [...found].filter((one) => one.name !== undefined);
}

function definitionsIn(files: readonly string[], name: string, read: ReadSource): string[] {
  const line = new RegExp(`^\\s*(?:menu)?config\\s+${name}\\s*$`);
  return files.flatMap((file) =>
    (read(file) ?? '')
      .split('\n')
      .flatMap((text, index) => (line.test(text) ? [`${file}:${index + 1}`] : [])),
  );
}
