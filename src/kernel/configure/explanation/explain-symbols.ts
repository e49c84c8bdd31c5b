import {
  type Configuration,
  configure,
  type Kconfig,
  type KconfigSymbol,
  parseConfig,
} from '../../../kconfig/index.ts';
import { nameOf } from '../explain.ts';
import { menuOf, menuPath } from '../menu-path.ts';
import { formatLocation, Origins, type ReadSource } from '../origin.ts';
import { type Attempt, consequences, tryWays } from './attempt.ts';
import { readConfigValues } from './config-lines.ts';
import { Reasoner } from './reasoner.ts';
import type {
  ConsequenceReport,
  ExplanationReport,
  SymbolReport,
  TargetReport,
  UnknownReport,
  WayReport,
} from './report.ts';
import { explainUnknown } from './unknown.ts';
import { WaySearch } from './ways.ts';

/** How many ways to a value are told. */
const mostWays = 3;

export interface Question {
  readonly kconfig: Kconfig;
  /** The text of a `.config`. */
  readonly config: string;
  /** Names of symbols, with or without the CONFIG_ prefix. */
  readonly names: readonly string[];
  /** Reads a Kconfig file of the tree. */
  readonly read: ReadSource;
  /** Kconfig files of the tree that are not read for this architecture; asked for if needed. */
  readonly otherFiles?: () => readonly string[];
}

/** Explains symbols: why each has the value that it has, and what it takes for it to have another. */
export function explainSymbols(question: Question): ExplanationReport {
  const { kconfig, config, read } = question;
  const values = configure(kconfig, parseConfig(config, kconfig));
  const file = readConfigValues(config);
  const origins = new Origins(read, kconfig.files);
  const reasoner = new Reasoner(values, origins, file);
  const search = new WaySearch(values);
  const symbols: SymbolReport[] = [];
  const unknown: UnknownReport[] = [];
  for (const given of new Set(question.names)) {
    const name = given.replace(/^CONFIG_/, '');
    const symbol = definedAs(kconfig, name);
    if (symbol === undefined) {
      const otherFiles = question.otherFiles?.() ?? [];
      unknown.push(explainUnknown({ kconfig, name, file, read, otherFiles }));
      continue;
    }
    const said = file.get(nameOf(symbol));
    symbols.push({
      symbol: nameOf(symbol),
      value: values.get(symbol),
      type: symbol.type,
      prompt: symbol.prompts[0]?.text.trim() ?? '',
      visible: 'nmy'.charAt(values.visibility(symbol)),
      definitions: symbol.menus.map((node) => ({
        location: formatLocation(node.location),
        menu: menuPath(node),
      })),
      help: helpOf(symbol),
      ...(said === undefined ? {} : { file: said }),
      reasons: reasoner.holds(symbol),
      targets: targetsOf(symbol, values).map((value) =>
        target(symbol, value, values, search, reasoner, origins),
      ),
    });
  }
  return { schema: 'bootwright/config-explanation', version: 1, symbols, unknown };
}

/** The symbol of a name; a name in small letters will do where no other has it. */
function definedAs(kconfig: Kconfig, name: string): KconfigSymbol | undefined {
  return [name, name.toUpperCase()]
    .map((one) => kconfig.symbols.get(one))
    .find((symbol) => symbol !== undefined && symbol.menus.length > 0);
}

/** The first paragraph of the first help text, with what it announces. */
function helpOf(symbol: KconfigSymbol): string {
  const help = symbol.menus.find((node) => node.help !== undefined)?.help ?? '';
  const [first = '', second = ''] = help
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim());
  return first.endsWith(':') ? `${first} ${second}` : first;
}

/** The values that a symbol could have besides the one that it has. */
function targetsOf(symbol: KconfigSymbol, values: Configuration): ('y' | 'm' | 'n')[] {
  if (symbol.transitional) return [];
  if (symbol.type !== 'bool' && symbol.type !== 'tristate') return [];
  const all = symbol.type === 'bool' ? (['y', 'n'] as const) : (['y', 'm', 'n'] as const);
  const value = values.get(symbol);
  return all.filter((one) => one !== value);
}

function target(
  symbol: KconfigSymbol,
  value: 'y' | 'm' | 'n',
  values: Configuration,
  search: WaySearch,
  reasoner: Reasoner,
  origins: Origins,
): TargetReport {
  const attempts = tryWays(values, symbol, value, search.reach(symbol, value));
  const ways = attempts.slice(0, mostWays).map((attempt) => describeWay(attempt, values, origins));
  const ruledOut = ways.length > 0 ? [] : reasoner.rulesOut(symbol, value, search);
  return { value, ways, ruledOut };
}

function describeWay(attempt: Attempt, values: Configuration, origins: Origins): WayReport {
  const { rises, falls } = consequences(attempt, values, origins);
  const named = (list: typeof rises): ConsequenceReport[] =>
    list.map(({ symbol, ...rest }) => ({ symbol: nameOf(symbol), ...rest }));
  return {
    changes: attempt.way.map(({ symbol, value }) => ({
      symbol: nameOf(symbol),
      from: values.get(symbol),
      to: value,
      location: formatLocation(symbol.prompts[0]?.location ?? symbol.menus[0]?.location),
      menu: menuOf(symbol),
      prompt: symbol.prompts[0]?.text.trim() ?? '',
    })),
    rises: named(rises),
    falls: named(falls),
  };
}
