/** A source of chance that gives the same for the same seed. */
export interface Random {
  /** From 0 to `limit` - 1; 0 for a limit of 0. */
  below(limit: number): number;
  /** True once in `n` times on average. */
  oneIn(n: number): boolean;
  pick<T>(items: readonly T[]): T | undefined;
}

/** The generator "mulberry32": 32 bits of state are enough to choose mutations. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (limit: number): number => (limit < 1 ? 0 : next() % limit);
  return { below, oneIn: (n) => below(n) === 0, pick: (items) => items[below(items.length)] };
}
