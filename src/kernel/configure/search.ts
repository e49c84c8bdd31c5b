import type { Configuration, KconfigSymbol, Tristate } from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { type Complaints, complaintsOf, isAsGood, type Standard } from './complaints.ts';
import { indispensable, smallestCover } from './cover.ts';
import { influences } from './influences.ts';
import { type Alternatives, NeedSearch } from './need.ts';

/** What is to be reached, and from where. */
export interface Problem {
  /** The values to start from; never changed. */
  readonly baseline: Configuration;
  /** Every named bool and tristate of the tree. */
  readonly symbols: readonly KconfigSymbol[];
  /** At m in the baseline, to become y. */
  readonly wanted: readonly KconfigSymbol[];
  /** To become y whatever they are. */
  readonly requested: readonly KconfigSymbol[];
  /** Never to be raised. */
  readonly excluded: readonly KconfigSymbol[];
}

/**
 * Why something must not be done: built in, `culprit` would switch on `victim`, or select it
 * against the victim's own dependencies.
 */
export interface Ban {
  readonly culprit: KconfigSymbol;
  readonly victim: KconfigSymbol;
  readonly offence: 'switches-on' | 'overrides';
}

/** Where the search has ended. */
export interface Solution {
  readonly configuration: Configuration;
  /** Raised by hand beyond what was wanted and requested; for each the symbols that needed it. */
  readonly raises: ReadonlyMap<KconfigSymbol, readonly KconfigSymbol[]>;
  /** Set to n since they would have come on. */
  readonly pins: readonly KconfigSymbol[];
  readonly bans: readonly Ban[];
  /** Raises that were tried and turned out to be needless. */
  readonly dropped: number;
  readonly rounds: number;
}

const maxRounds = 24;
const maxRestarts = 16;

/**
 * Finds the raises from m to y that let everything wanted become y while keeping on what is on and
 * off what is off.
 *
 * Each round evaluates the whole config, asks for everything that is still too low what it would
 * take, and applies the smallest choice that serves all. It ends when nothing more can be done;
 * what is too low then cannot be helped. At last every raise that is not plainly indispensable is
 * tried without.
 *
 * @throws BootwrightError `BW-CONFIG-NOT-SETTLED`
 */
export function search(problem: Problem): Solution {
  const bans: Ban[] = [];
  for (let restart = 0; restart < maxRestarts; restart += 1) {
    const attempt = new Attempt(problem, bans);
    attempt.settle();
    const ban = attempt.findBan();
    if (ban !== undefined) {
      bans.push(ban);
      continue;
    }
    attempt.drop();
    return attempt.solution();
  }
  throw new BootwrightError(
    'BW-CONFIG-NOT-SETTLED',
    `After ${maxRestarts} tries there still are raises that switch on what stock has off.`,
    { excerpt: bans.map((ban) => `${ban.culprit.name} switches on ${ban.victim.name}`) },
  );
}

class Attempt {
  readonly #problem: Problem;
  readonly #bans: readonly Ban[];
  readonly #values: Configuration;
  readonly #requested: ReadonlySet<KconfigSymbol>;
  readonly #goals: ReadonlySet<KconfigSymbol>;
  readonly #standard: Standard;
  readonly #raises = new Map<KconfigSymbol, KconfigSymbol[]>();
  readonly #pins = new Set<KconfigSymbol>();
  /** What cannot be reached, as far as is known. */
  readonly #given = new Set<KconfigSymbol>();
  /** Whose dependencies cannot be met, as far as is known. */
  readonly #strainedForGood = new Set<KconfigSymbol>();
  readonly #allWays: { readonly symbol: KconfigSymbol; readonly ways: Alternatives }[] = [];
  #dropped = 0;
  #rounds = 0;

  constructor(problem: Problem, bans: readonly Ban[]) {
    this.#problem = problem;
    this.#bans = bans;
    this.#requested = new Set(problem.requested);
    const held = new Set([...bans.map((ban) => ban.culprit), ...problem.excluded]);
    this.#goals = new Set(
      [...problem.wanted, ...problem.requested].filter((symbol) => !held.has(symbol)),
    );
    this.#standard = {
      symbols: problem.symbols,
      levels: problem.baseline.tristates().slice(),
      goals: this.#goals,
      requested: this.#requested,
      strained: new Set(problem.baseline.unmetDependencies().map(({ symbol }) => symbol)),
    };
    this.#values = problem.baseline.clone();
    this.#values.setAll(
      [...this.#goals].filter(({ prompts }) => prompts.length > 0),
      'y',
    );
  }

  #stock = (symbol: KconfigSymbol): Tristate => this.#problem.baseline.tristate(symbol);

  #complaints(): Complaints {
    return complaintsOf(this.#values, this.#standard);
  }

  /** Raises and pins until nothing is left to be done. */
  settle(): void {
    for (;;) {
      this.#rounds += 1;
      if (this.#rounds > maxRounds) {
        throw new BootwrightError(
          'BW-CONFIG-NOT-SETTLED',
          `After ${maxRounds} rounds of raising there still is something to raise.`,
          { excerpt: [...this.#raises.keys()].map((symbol) => String(symbol.name)) },
        );
      }
      const { unmet, fallen, risen, strained } = this.#complaints();
      const pinned = this.#pin(risen);
      const open = unmet.filter((symbol) => !this.#given.has(symbol));
      // What has fallen may come back by itself once the goals are met, so these go first.
      const repairs = fallen.filter((symbol) => !this.#given.has(symbol) && !open.includes(symbol));
      const lift = (symbol: KconfigSymbol, need: NeedSearch): Alternatives =>
        need.lift(symbol, this.#goals.has(symbol) ? 2 : this.#stock(symbol));
      if (this.#raise(open, lift, this.#given) || pinned) continue;
      if (this.#raise(repairs, lift, this.#given)) continue;
      const meet = (symbol: KconfigSymbol, need: NeedSearch): Alternatives =>
        need.atLeast(symbol.directDependency, this.#values.tristate(symbol));
      const unsupported = strained.filter((symbol) => !this.#strainedForGood.has(symbol));
      if (this.#raise(unsupported, meet, this.#strainedForGood)) continue;
      return;
    }
  }

  #pin(risen: readonly KconfigSymbol[]): boolean {
    let changed = false;
    for (const symbol of risen) {
      if (this.#pins.has(symbol) || this.#values.visibility(symbol) === 0) continue;
      if (this.#values.selectedValue(symbol) > 0 || symbol.choice !== undefined) continue;
      this.#values.set(symbol, 'n');
      this.#pins.add(symbol);
      changed = true;
    }
    return changed;
  }

  /**
   * Raises what it takes.
   *
   * @param symbols - that need something
   * @param waysFor - finds out what
   * @param hopeless - gets those that cannot be helped
   * @returns whether something has changed, be it only what is known to be out of reach
   */
  #raise(
    symbols: readonly KconfigSymbol[],
    waysFor: (symbol: KconfigSymbol, need: NeedSearch) => Alternatives,
    hopeless: Set<KconfigSymbol>,
  ): boolean {
    if (symbols.length === 0) return false;
    const need = new NeedSearch({
      configuration: this.#values,
      stock: this.#stock,
      granted: new Set([...this.#goals].filter((symbol) => !this.#given.has(symbol))),
      requested: this.#requested,
      banned: new Set([...this.#bans.map((ban) => ban.culprit), ...this.#problem.excluded]),
    });
    const reachable: { symbol: KconfigSymbol; ways: Alternatives }[] = [];
    let changed = false;
    for (const symbol of symbols) {
      const ways = waysFor(symbol, need);
      if (ways.length > 0) {
        reachable.push({ symbol, ways });
      } else {
        hopeless.add(symbol);
        changed = true;
      }
    }
    this.#allWays.push(...reachable);
    const cover = smallestCover(reachable.map(({ ways }) => ways));
    for (const raise of cover) {
      if (this.#raises.has(raise)) continue;
      changed = true;
      this.#values.set(raise, 'y');
      const neededBy = reachable.filter(({ ways }) => {
        const way = ways.find((candidate) => candidate.every((one) => cover.has(one)));
        return way?.includes(raise);
      });
      this.#raises.set(
        raise,
        neededBy.map(({ symbol }) => symbol),
      );
    }
    if (changed) return true;
    // Nothing left to raise, and still too low: it leans on others that are out of reach.
    for (const symbol of symbols) hopeless.add(symbol);
    return true;
  }

  /**
   * Looks for something that came on and cannot be pinned, and for what switches it on. Bools
   * without a prompt that follow from what is wanted itself are no drivers, but switches within
   * them: they may come on. So may what the requested symbols switch on. Both are reported.
   */
  findBan(): Ban | undefined {
    const { risen, strained } = this.#complaints();
    for (const victim of strained) {
      const culprit = victim.selectedBy
        .map(({ source }) => source)
        .find((source) => this.#raises.has(source) || this.#isWanted(source));
      if (culprit !== undefined) return { culprit, victim, offence: 'overrides' };
    }
    for (const victim of risen) {
      const suspects = this.#suspects(victim);
      const raise = suspects.find((one) => this.#raises.has(one) && this.#switchesOn(one, victim));
      if (raise !== undefined) return { culprit: raise, victim, offence: 'switches-on' };
      if (victim.type !== 'tristate') continue;
      const wanted = suspects.find((one) => this.#isWanted(one) && this.#switchesOn(one, victim));
      if (wanted !== undefined) return { culprit: wanted, victim, offence: 'switches-on' };
    }
    return undefined;
  }

  #isWanted(symbol: KconfigSymbol): boolean {
    return this.#goals.has(symbol) && !this.#requested.has(symbol);
  }

  /** Symbols that have changed and that a symbol's value may come from, the nearest first. */
  #suspects(victim: KconfigSymbol): KconfigSymbol[] {
    const seen = new Set([victim]);
    const queue = [victim];
    for (const symbol of queue) {
      for (const near of influences(symbol)) {
        if (seen.has(near) || this.#values.tristate(near) === this.#stock(near)) continue;
        seen.add(near);
        queue.push(near);
      }
    }
    return queue.slice(1);
  }

  #switchesOn(culprit: KconfigSymbol, victim: KconfigSymbol): boolean {
    const before = this.#values.user(culprit);
    this.#values.set(culprit, this.#problem.baseline.get(culprit));
    const isOff = this.#values.tristate(victim) === 0;
    this.#values.set(culprit, before);
    return isOff;
  }

  /** Takes back every raise without which the result is as good. */
  drop(): void {
    let best = this.#complaints();
    // A way may contradict itself (X && X=m); what it raised in vain goes first.
    const missed = new Set([...best.unmet, ...best.fallen]);
    // A goal counts for more than all that its raise may cost. A repair does not: without its
    // raise something else may come back, unless nothing is missing.
    const isWhole = best.fallen.length === 0 && best.strained.length === 0;
    const needed = indispensable(
      this.#allWays
        .filter(({ symbol }) => !missed.has(symbol) && (isWhole || this.#goals.has(symbol)))
        .map(({ ways }) => ways),
    );
    for (let before = -1; before !== this.#raises.size; ) {
      before = this.#raises.size;
      for (const raise of [...this.#raises.keys()].reverse()) {
        const isSelected = this.#values.selectedValue(raise) === 2;
        if (needed.has(raise) && !isSelected && best.unmet.length === 0) continue;
        this.#values.set(raise, this.#problem.baseline.get(raise));
        const without = this.#complaints();
        if (isAsGood(without, best)) {
          this.#raises.delete(raise);
          this.#dropped += 1;
          best = without;
        } else {
          this.#values.set(raise, 'y');
        }
      }
    }
    for (const pin of this.#pins) {
      if (this.#values.visibility(pin) > 0) continue;
      this.#values.set(pin, this.#problem.baseline.user(pin));
      this.#pins.delete(pin);
    }
  }

  solution(): Solution {
    return {
      configuration: this.#values,
      raises: this.#raises,
      pins: [...this.#pins],
      bans: this.#bans,
      dropped: this.#dropped,
      rounds: this.#rounds,
    };
  }
}
