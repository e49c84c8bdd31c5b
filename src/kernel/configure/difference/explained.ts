import {
  type Configuration,
  configure,
  type Kconfig,
  type KconfigSymbol,
  parseConfig,
  type SelectProperty,
} from '../../../kconfig/index.ts';
import { toolchainSymbol } from '../delta.ts';
import { definedAt, type Explanation, explainLack, explainValue, nameOf } from '../explain.ts';
import { type FileValue, readConfigValues } from '../explanation/config-lines.ts';
import { menuOf } from '../menu-path.ts';
import { formatLocation, Origins, type ReadSource } from '../origin.ts';
import { absent, isSame } from './plain.ts';
import type { DifferenceCause, DifferenceReport, ExplainedDifference } from './report.ts';

export interface Comparison {
  readonly kconfig: Kconfig;
  /** The texts of the two configs. */
  readonly a: string;
  readonly b: string;
  /** Reads a Kconfig file of the tree. */
  readonly read: ReadSource;
}

/** One of the two configs: what its file says, and what the tree makes of it. */
interface Side {
  readonly file: ReadonlyMap<string, FileValue>;
  readonly values: Configuration;
}

type Verdict = Explanation & { readonly cause: DifferenceCause };

/**
 * Every symbol that differs between two configs of one tree, each with its cause. The values are
 * those that the tree's own olddefconfig would leave.
 */
export function explainDifference({ kconfig, a, b, read }: Comparison): DifferenceReport {
  const side = (text: string): Side => ({
    file: readConfigValues(text),
    values: configure(kconfig, parseConfig(text, kconfig)),
  });
  const judge = new Judgement(side(a), side(b), new Origins(read, kconfig.files));
  return {
    schema: 'bootwright/config-difference-explained',
    version: 1,
    differences: [...judge.unknown(kconfig), ...judge.defined(kconfig)],
  };
}

class Judgement {
  readonly #a: Side;
  readonly #b: Side;
  readonly #origins: Origins;
  /** The values of B without what its file says of one symbol. */
  readonly #unsaid: Configuration;

  constructor(a: Side, b: Side, origins: Origins) {
    this.#a = a;
    this.#b = b;
    this.#origins = origins;
    this.#unsaid = b.values.clone();
  }

  unknown(kconfig: Kconfig): ExplainedDifference[] {
    const names = [...new Set([...this.#a.file.keys(), ...this.#b.file.keys()])].sort();
    return names.flatMap((name) => {
      if ((kconfig.symbols.get(name)?.menus.length ?? 0) > 0) return [];
      const from = this.#a.file.get(name)?.value ?? absent;
      const to = this.#b.file.get(name)?.value ?? absent;
      if (isSame(from, to)) return [];
      const reason = 'no Kconfig file of this tree and architecture defines it';
      return [
        {
          symbol: name,
          type: 'unknown',
          from,
          to,
          cause: 'unknown',
          reason,
          location: '',
          menu: [],
        },
      ];
    });
  }

  defined(kconfig: Kconfig): ExplainedDifference[] {
    return [...kconfig.symbols.values()].flatMap((symbol) => {
      if (symbol.menus.length === 0) return [];
      const name = nameOf(symbol);
      const saidA = this.#a.file.get(name)?.value;
      const saidB = this.#b.file.get(name)?.value;
      let from = valueIn(this.#a.values, symbol);
      let to = valueIn(this.#b.values, symbol);
      const isMoot = isSame(from, to);
      if (isMoot) {
        // Only what both files speak of is worth a word: a missing line says nothing.
        if (saidA === undefined || saidB === undefined || isSame(saidA, saidB)) return [];
        from = saidA;
        to = saidB;
      }
      const verdict = isMoot ? this.#moot(symbol) : this.#verdict(symbol);
      return [{ symbol: name, type: symbol.type, from, to, ...verdict, menu: menuOf(symbol) }];
    });
  }

  #moot(symbol: KconfigSymbol): Verdict {
    if (toolchainSymbol.test(nameOf(symbol))) return tools(symbol);
    const value = this.#b.values.get(symbol) || 'empty';
    const { reason, location } = explainValue(symbol, this.#b.values);
    return { cause: 'moot', reason: `the tree makes ${value} of both: ${reason}`, location };
  }

  #verdict(symbol: KconfigSymbol): Verdict {
    if (toolchainSymbol.test(nameOf(symbol))) return tools(symbol);
    const isLogical = symbol.type === 'bool' || symbol.type === 'tristate';
    if (!isLogical) return this.#text(symbol);
    return this.#b.values.tristate(symbol) > this.#a.values.tristate(symbol)
      ? this.#risen(symbol)
      : this.#fallen(symbol);
  }

  #text(symbol: KconfigSymbol): Verdict {
    const { values, file } = this.#b;
    const isSettable = values.visibility(symbol) > 0;
    if (isSettable && file.has(nameOf(symbol))) return this.#askedUnlessDefault(symbol);
    if (!values.written(symbol)) return { cause: 'fallen', ...this.#lack(symbol) };
    return { cause: 'default', ...explainValue(symbol, values) };
  }

  #risen(symbol: KconfigSymbol): Verdict {
    const { values, file } = this.#b;
    const selector = this.#newlySelecting(symbol, this.#a.values, values);
    if (selector !== undefined) {
      const { source, location } = selector;
      return {
        cause: 'selected',
        reason: `selected by ${nameOf(source)}`,
        location: formatLocation(location),
      };
    }
    const said = file.get(nameOf(symbol))?.value;
    if (values.visibility(symbol) > 0 && said === values.get(symbol)) {
      return this.#askedUnlessDefault(symbol);
    }
    return { cause: 'default', ...explainValue(symbol, values) };
  }

  /** A full config has a line for every default: only where it came into view, it was not asked. */
  #askedUnlessDefault(symbol: KconfigSymbol): Verdict {
    const wasHidden = this.#a.values.visibility(symbol) === 0;
    if (wasHidden && symbol.choice === undefined) {
      const value = this.#b.values.get(symbol);
      this.#unsaid.set(symbol, undefined);
      const isDefault = this.#unsaid.get(symbol) === value;
      const why = isDefault ? explainValue(symbol, this.#unsaid) : undefined;
      this.#unsaid.set(symbol, value);
      if (why !== undefined) {
        return { cause: 'default', ...why, reason: `came into view: ${why.reason}` };
      }
    }
    return { cause: 'asked', reason: '', location: definedAt(symbol) };
  }

  #fallen(symbol: KconfigSymbol): Verdict {
    const before = this.#a.values;
    const after = this.#b.values;
    const level = before.tristate(symbol);
    const selector = this.#newlySelecting(symbol, after, before);
    const { choice } = symbol;
    const chosen = choice && after.selection(choice);
    if (chosen !== undefined && after.visibility(symbol) > 0) {
      return {
        cause: 'fallen',
        reason: `${nameOf(chosen)} is chosen instead`,
        location: definedAt(symbol),
      };
    }
    const needed = symbol.type === 'bool' ? 1 : level;
    if (after.visibility(symbol) >= needed && symbol.prompts.length > 0) {
      return { cause: 'asked', reason: '', location: definedAt(symbol) };
    }
    if (selector !== undefined && after.directDependency(symbol) >= needed) {
      const { source, location } = selector;
      return {
        cause: 'fallen',
        reason: `no longer selected by ${nameOf(source)}`,
        location: formatLocation(location),
      };
    }
    return { cause: 'fallen', ...this.#lack(symbol) };
  }

  #lack(symbol: KconfigSymbol): Explanation {
    const level = this.#a.values.tristate(symbol) || 1;
    return explainLack(symbol, level, this.#b.values, this.#origins);
  }

  /** A select that lifts the symbol to its value in one state, and does not in the other. */
  #newlySelecting(
    symbol: KconfigSymbol,
    without: Configuration,
    lifted: Configuration,
  ): SelectProperty | undefined {
    const level = symbol.type === 'bool' ? 1 : lifted.tristate(symbol);
    const reach = ({ source, condition }: SelectProperty, values: Configuration): number =>
      Math.min(values.tristate(source), values.evaluate(condition));
    const isHeldAnyway = symbol.selectedBy.some((property) => reach(property, without) >= level);
    if (isHeldAnyway) return undefined;
    return symbol.selectedBy.find((property) => reach(property, lifted) >= level);
  }
}

function valueIn(configuration: Configuration, symbol: KconfigSymbol): string {
  return configuration.written(symbol) ? configuration.get(symbol) : absent;
}

function tools(symbol: KconfigSymbol): Verdict {
  return {
    cause: 'tools',
    reason: 'says what the compiler and tools are and can do',
    location: definedAt(symbol),
  };
}
