/** A value that the configure stage is to give a symbol, and why. */
export interface ConfigSetting {
  /** Without the CONFIG_ prefix. */
  readonly symbol: string;
  /** `n`, `m`, `y`, a number, or text without quotes. */
  readonly value: string;
  readonly reason: string;
}

/** A symbol whose value is not what was asked for. */
export interface ConfigDifference {
  readonly symbol: string;
  readonly asked: string;
  readonly found: string;
}

/**
 * The values of a `.config`, without any Kconfig behind them: symbol (without
 * CONFIG_) to the text behind the `=`, and `n` for "is not set". The last line
 * about a symbol wins, as in confdata.c.
 */
export function readConfigValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const set = /^CONFIG_(\w+)=(.*)$/.exec(line);
    if (set?.[1] !== undefined && set[2] !== undefined) values.set(set[1], set[2].trimEnd());
    const unset = /^# CONFIG_(\w+) is not set$/.exec(line);
    if (unset?.[1] !== undefined) values.set(unset[1], 'n');
  }
  return values;
}

/**
 * What differs between the config that was asked for and the one that the tree
 * made of it. A symbol that is absent counts as `n`.
 */
export function configDifferences(
  asked: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): ConfigDifference[] {
  const symbols = [...new Set([...asked.keys(), ...found.keys()])].sort();
  return symbols.flatMap((symbol) => {
    const before = asked.get(symbol) ?? 'n';
    const after = found.get(symbol) ?? 'n';
    return before === after ? [] : [{ symbol, asked: before, found: after }];
  });
}
