import type { ConfigInput, Kconfig, KconfigSymbol, Tristate } from './model.ts';
import { MOD, NO, YES } from './symbols.ts';
import { parseTristate, tristateText } from './values.ts';

// Bits of a symbol's flags, after those of struct symbol in expr.h.
/** The value holds. */
export const VALID = 1;
/** `.config` has a line for the symbol. */
export const WRITE = 2;
/** The symbol has a user value that counts. */
export const USER = 4;
/** The symbol has a user value, though it may have been dropped since. */
export const GIVEN = 8;

export const noSelection = -1;

/** What is known of every symbol's value, by the symbols' indices: copied at little cost. */
export class State {
  readonly flags: Uint8Array;
  readonly tristates: Uint8Array;
  readonly visible: Uint8Array;
  readonly direct: Uint8Array;
  readonly reverse: Uint8Array;
  readonly implied: Uint8Array;
  readonly userTristates: Uint8Array;
  /** Larger for later assignments; decides between the members of a choice. */
  readonly ranks: Float64Array;
  /** Of a classic choice: the selected member, and the one that the user selected. */
  readonly selected: Int32Array;
  readonly userSelected: Int32Array;
  readonly texts: string[];
  readonly userTexts: (string | undefined)[];
  /** The value of MODULES that tristates go by. */
  modules: Tristate = 0;
  lastRank = 0;

  constructor({ all }: Kconfig, from?: State) {
    const size = all.length;
    this.flags = from ? from.flags.slice() : new Uint8Array(size);
    this.tristates = from ? from.tristates.slice() : new Uint8Array(size);
    this.visible = from ? from.visible.slice() : new Uint8Array(size);
    this.direct = from ? from.direct.slice() : new Uint8Array(size);
    this.reverse = from ? from.reverse.slice() : new Uint8Array(size);
    this.implied = from ? from.implied.slice() : new Uint8Array(size);
    this.userTristates = from ? from.userTristates.slice() : new Uint8Array(size);
    this.ranks = from ? from.ranks.slice() : new Float64Array(size);
    this.selected = from ? from.selected.slice() : new Int32Array(size).fill(noSelection);
    this.userSelected = from ? from.userSelected.slice() : new Int32Array(size).fill(noSelection);
    this.texts = from ? [...from.texts] : all.map(initialText);
    this.userTexts = from ? [...from.userTexts] : new Array<undefined>(size).fill(undefined);
    if (from) {
      this.modules = from.modules;
      this.lastRank = from.lastRank;
      return;
    }
    this.tristates[MOD] = 1;
    this.tristates[YES] = 2;
    for (const index of [NO, MOD, YES]) this.raise(index, VALID);
  }

  has(index: number, bits: number): boolean {
    return ((this.flags[index] ?? 0) & bits) !== 0;
  }

  raise(index: number, bits: number): void {
    this.flags[index] = (this.flags[index] ?? 0) | bits;
  }

  clear(index: number, bits: number): void {
    this.flags[index] = (this.flags[index] ?? 0) & ~bits;
  }

  invalidateAll(): void {
    const { flags } = this;
    for (let i = YES + 1; i < flags.length; i++) flags[i] = (flags[i] ?? 0) & ~VALID;
  }

  /** The value as text. */
  text({ index, type }: KconfigSymbol): string {
    if (index > YES && (type === 'bool' || type === 'tristate')) {
      return tristateText[this.tristates[index] ?? 0] ?? 'n';
    }
    return this.texts[index] ?? '';
  }

  userText(index: number): string | undefined {
    if (!this.has(index, GIVEN)) return undefined;
    return this.userTexts[index] ?? tristateText[this.userTristates[index] ?? 0];
  }

  /** Gives a symbol a user value, as the last of all that were given. */
  give({ index, type }: KconfigSymbol, value: string): void {
    this.raise(index, USER | GIVEN);
    this.ranks[index] = ++this.lastRank;
    if (type === 'bool' || type === 'tristate') {
      this.userTristates[index] = parseTristate(value) ?? 0;
    } else {
      this.userTexts[index] = value;
    }
  }

  take({ index }: KconfigSymbol): void {
    this.clear(index, USER | GIVEN);
    this.userTristates[index] = 0;
    this.userTexts[index] = undefined;
    this.ranks[index] = 0;
  }

  /** Takes over what a `.config` file says. */
  read(input: ConfigInput, kconfig: Kconfig): void {
    for (const [symbol, value] of input.assignments) this.give(symbol, value);
    if (!kconfig.dialect.classicChoices) return;
    for (const { isChoice, index } of kconfig.all) if (isChoice) this.raise(index, USER | GIVEN);
    for (const [{ index }, choice] of input.choices) {
      if (!choice.set) this.clear(index, USER | GIVEN);
      this.userTristates[index] = choice.tristate;
      this.userSelected[index] = choice.selected?.index ?? noSelection;
    }
  }

  /** Gives a classic choice the value that a file with its members' user values would give it. */
  updateUserChoice(choice: KconfigSymbol): void {
    const given = choice.members.filter(({ index }) => this.has(index, GIVEN));
    given.sort((a, b) => (this.ranks[a.index] ?? 0) - (this.ranks[b.index] ?? 0));
    this.raise(choice.index, USER | GIVEN);
    let level = 0;
    let selected = noSelection;
    for (const { index } of given) {
      const user = this.userTristates[index] ?? 0;
      if (user === 1 && level === 2) this.clear(choice.index, USER | GIVEN);
      if (user === 2) selected = index;
      level = Math.max(level, user);
    }
    this.userTristates[choice.index] = level;
    this.userSelected[choice.index] = selected;
  }
}

/** A symbol that nothing defines stands for its name. */
function initialText({ name, type, constant }: KconfigSymbol): string {
  return constant || type === 'unknown' ? (name ?? '') : '';
}
