import { expressionToString } from './expression.ts';
import type {
  ConfigInput,
  Configuration,
  Expression,
  Kconfig,
  KconfigSymbol,
  PromptProperty,
  RangeProperty,
  Tristate,
  UnmetDependency,
} from './model.ts';
import { hashOrder, MOD, NO, YES } from './symbols.ts';
import { compareValues, isValidText, parseTristate, toSigned, tristateText } from './values.ts';

/** The values that `conf --olddefconfig` would compute for this `.config`. */
export function configure(kconfig: Kconfig, input?: ConfigInput): Configuration {
  return Evaluation.start(kconfig, input);
}

// Bits of an evaluation's flags, after those of struct symbol in expr.h.
const VALID = 1;
const WRITE = 2;
/** The symbol has a user value that counts. */
const USER = 4;
/** The symbol has a user value, though it may have been dropped. */
const GIVEN = 8;

const noSelection = -1;

/**
 * Values of all symbols of a Kconfig (symbol.c and conf_read() of confdata.c): evaluated on demand,
 * kept until a value that they hang on changes.
 */
export class Evaluation implements Configuration {
  readonly kconfig: Kconfig;
  readonly #all: readonly KconfigSymbol[];
  readonly #classic: boolean;
  readonly #flags: Uint8Array;
  readonly #tristates: Uint8Array;
  readonly #visible: Uint8Array;
  readonly #direct: Uint8Array;
  readonly #reverse: Uint8Array;
  readonly #implied: Uint8Array;
  readonly #userTristates: Uint8Array;
  /** Larger for later assignments; decides between members of a choice. */
  readonly #ranks: Float64Array;
  /** Of a choice: the index of the selected member, and of the one that the user selected. */
  readonly #selected: Int32Array;
  readonly #userSelected: Int32Array;
  readonly #texts: string[];
  readonly #userTexts: (string | undefined)[];
  /** The value of MODULES that tristates go by. */
  #modules: Tristate = 0;
  #lastRank = 0;
  /** Lines of the input that mean nothing, so that conf would write the file in any case. */
  #outdated = true;
  #fromFile = false;
  #state: 'new' | 'settled' | 'changed' = 'new';

  static start(kconfig: Kconfig, input: ConfigInput | undefined): Evaluation {
    const evaluation = new Evaluation(kconfig);
    if (input) evaluation.#read(input);
    return evaluation;
  }

  private constructor(kconfig: Kconfig, from?: Evaluation) {
    const size = kconfig.all.length;
    this.kconfig = kconfig;
    this.#all = kconfig.all;
    this.#classic = kconfig.dialect.classicChoices;
    this.#flags = from ? from.#flags.slice() : new Uint8Array(size);
    this.#tristates = from ? from.#tristates.slice() : new Uint8Array(size);
    this.#visible = from ? from.#visible.slice() : new Uint8Array(size);
    this.#direct = from ? from.#direct.slice() : new Uint8Array(size);
    this.#reverse = from ? from.#reverse.slice() : new Uint8Array(size);
    this.#implied = from ? from.#implied.slice() : new Uint8Array(size);
    this.#userTristates = from ? from.#userTristates.slice() : new Uint8Array(size);
    this.#ranks = from ? from.#ranks.slice() : new Float64Array(size);
    this.#selected = from ? from.#selected.slice() : new Int32Array(size).fill(noSelection);
    this.#userSelected = from ? from.#userSelected.slice() : new Int32Array(size).fill(noSelection);
    this.#texts = from ? [...from.#texts] : kconfig.all.map((symbol) => symbol.name ?? '');
    this.#userTexts = from ? [...from.#userTexts] : new Array<undefined>(size).fill(undefined);
    if (from) {
      this.#modules = from.#modules;
      this.#lastRank = from.#lastRank;
      this.#outdated = from.#outdated;
      this.#fromFile = from.#fromFile;
      this.#state = from.#state;
    }
    this.#tristates[MOD] = 1;
    this.#tristates[YES] = 2;
    for (const index of [NO, MOD, YES]) this.#set(index, VALID);
  }

  get(symbol: KconfigSymbol): string {
    this.#calculate(symbol.index);
    return this.#text(symbol.index);
  }

  tristate(symbol: KconfigSymbol): Tristate {
    this.#calculate(symbol.index);
    return this.#tristates[symbol.index] as Tristate;
  }

  visibility(symbol: KconfigSymbol): Tristate {
    this.#calculate(symbol.index);
    return this.#visible[symbol.index] as Tristate;
  }

  written(symbol: KconfigSymbol): boolean {
    this.#calculate(symbol.index);
    return this.#has(symbol.index, WRITE);
  }

  user(symbol: KconfigSymbol): string | undefined {
    if (!this.#has(symbol.index, GIVEN)) return undefined;
    return this.#userTexts[symbol.index] ?? tristateText[this.#userTristates[symbol.index] ?? 0];
  }

  evaluate(expression: Expression | undefined): Tristate {
    this.#settle();
    return this.#evaluate(expression);
  }

  selectedValue(symbol: KconfigSymbol): Tristate {
    this.#settle();
    return this.#dependency(symbol, symbol.reverseDependency, 0);
  }

  impliedValue(symbol: KconfigSymbol): Tristate {
    this.#settle();
    return this.#dependency(symbol, symbol.weakReverseDependency, 0);
  }

  directDependency(symbol: KconfigSymbol): Tristate {
    this.#settle();
    return this.#dependency(symbol, symbol.directDependency, 2);
  }

  selection(choice: KconfigSymbol): KconfigSymbol | undefined {
    this.#calculate(choice.index);
    if (this.#classic) {
      return this.#tristates[choice.index] === 2
        ? this.#all[this.#selected[choice.index] ?? noSelection]
        : undefined;
    }
    return choice.members.find((member) => this.tristate(member) === 2);
  }

  set(symbol: KconfigSymbol, value: string | undefined): void {
    const { index } = symbol;
    const logical = symbol.type === 'bool' || symbol.type === 'tristate';
    let level: Tristate = 0;
    if (value !== undefined) {
      const parsed = logical ? parseTristate(value) : undefined;
      const valid = logical
        ? parsed !== undefined && (parsed !== 1 || symbol.type === 'tristate')
        : isValidText(symbol.type, value);
      if (!valid || symbol.isChoice) {
        throw new RangeError(`'${value}' is no value for ${symbol.name ?? 'a choice'}`);
      }
      level = parsed ?? 0;
    }
    this.#settle();
    if (this.#state === 'settled') this.#restoreUserValues();
    this.#state = 'changed';
    if (value === undefined) {
      this.#clear(index, USER | GIVEN);
    } else {
      this.#set(index, USER | GIVEN);
      this.#ranks[index] = ++this.#lastRank;
    }
    this.#userTristates[index] = level;
    this.#userTexts[index] = logical ? undefined : value;
    if (this.#classic && symbol.choice) this.#updateUserChoice(symbol.choice, symbol);
    this.#invalidate(symbol);
  }

  unmetDependencies(): readonly UnmetDependency[] {
    this.#settle();
    const unmet: UnmetDependency[] = [];
    for (const symbol of this.#all) {
      if (symbol.type !== 'bool' && symbol.type !== 'tristate') continue;
      const { index } = symbol;
      if (index <= YES) continue;
      this.#calculate(index);
      if (symbol.choice) continue;
      if ((this.#direct[index] ?? 0) < (this.#reverse[index] ?? 0)) {
        unmet.push({ symbol, message: this.#describeUnmet(symbol) });
      }
    }
    return unmet;
  }

  clone(): Evaluation {
    return new Evaluation(this.kconfig, this);
  }

  /**
   * This configuration as conf would have it, had it read the user values from a file. It differs
   * from a changed one only in corner cases, such as defaults that refer to a number out of range.
   */
  reread(): Evaluation {
    if (this.#state !== 'changed') return this;
    const fresh = this.clone();
    fresh.#fromFile = true;
    fresh.#restoreUserValues(true);
    fresh.#state = 'new';
    return fresh;
  }

  /** Whether a menu or comment is shown (menu_is_visible() of menu.c). */
  menuVisible(prompt: PromptProperty | undefined, visibility: Expression | undefined): boolean {
    this.#settle();
    if (!prompt || this.#evaluate(visibility) === 0) return false;
    return this.#evaluate(prompt.condition) !== 0;
  }

  // The flags of one symbol.

  #has(index: number, bits: number): boolean {
    return ((this.#flags[index] ?? 0) & bits) !== 0;
  }

  #set(index: number, bits: number): void {
    this.#flags[index] = (this.#flags[index] ?? 0) | bits;
  }

  #clear(index: number, bits: number): void {
    this.#flags[index] = (this.#flags[index] ?? 0) & ~bits;
  }

  #text(index: number): string {
    const type = this.#all[index]?.type;
    if (index > YES && (type === 'bool' || type === 'tristate')) {
      return tristateText[this.#tristates[index] ?? 0] ?? 'n';
    }
    return this.#texts[index] ?? '';
  }

  // User values.

  #read(input: ConfigInput): void {
    this.#fromFile = true;
    this.#outdated = input.outdated;
    for (const [symbol, value] of input.assignments) {
      const { index } = symbol;
      this.#set(index, USER | GIVEN);
      this.#ranks[index] = ++this.#lastRank;
      if (symbol.type === 'bool' || symbol.type === 'tristate') {
        this.#userTristates[index] = parseTristate(value) ?? 0;
      } else {
        this.#userTexts[index] = value;
      }
    }
    if (!this.#classic) return;
    for (const symbol of this.#all) if (symbol.isChoice) this.#set(symbol.index, USER | GIVEN);
    for (const [{ index }, choice] of input.choices) {
      if (!choice.set) this.#clear(index, USER | GIVEN);
      this.#userTristates[index] = choice.tristate;
      this.#userSelected[index] = choice.selected?.index ?? noSelection;
    }
  }

  /** A classic choice goes by the member that was set to y last. */
  #updateUserChoice(choice: KconfigSymbol, changed: KconfigSymbol): void {
    let level = 0;
    let last = noSelection;
    for (const { index } of choice.members) {
      if (!this.#has(index, GIVEN)) continue;
      const user = this.#userTristates[index] ?? 0;
      level = Math.max(level, user);
      if (user === 2 && (last < 0 || (this.#ranks[index] ?? 0) > (this.#ranks[last] ?? 0))) {
        last = index;
      }
    }
    this.#userTristates[choice.index] = level;
    this.#userSelected[choice.index] = last;
    if (this.#has(changed.index, GIVEN)) this.#set(choice.index, GIVEN);
  }

  /** Undoes the dropping of user values, those that are out of range apart. */
  #restoreUserValues(all = false): void {
    for (const { index, type } of this.#all) {
      if (!this.#has(index, GIVEN)) continue;
      if (all || type === 'bool' || type === 'tristate') this.#set(index, USER);
    }
  }

  // Validity.

  /** Evaluates everything as conf does before it writes, with what that does to user values. */
  #settle(): void {
    if (this.#state !== 'new') return;
    this.#state = 'settled';
    this.#invalidateAll();
    if (!this.#fromFile) return;
    this.#calculate(this.kconfig.modules.index);
    const order = this.#classic ? hashOrder(this.#all) : this.#all;
    let unsaved = 0;
    for (const { index } of order) this.#calculate(index);
    for (const symbol of order) if (this.#differsFromUser(symbol)) unsaved++;
    if (this.kconfig.dialect.dropsValuesOutOfRange) {
      for (const symbol of order) unsaved += this.#dropUserValue(symbol, unsaved > 0);
    }
    if (unsaved === 0 && !this.#outdated) {
      this.#invalidateAll();
      this.#calculate(this.kconfig.modules.index);
    }
  }

  #differsFromUser({ index, type, isChoice }: KconfigSymbol): boolean {
    if (isChoice) return false;
    const user = this.#has(index, USER);
    const write = this.#has(index, WRITE);
    if (!user || !write) return user || write;
    if (type === 'bool' || type === 'tristate') {
      return this.#userTristates[index] !== this.#tristates[index];
    }
    return this.#texts[index] !== this.#userTexts[index];
  }

  /** @returns how many values that makes unsaved: 1 if a value was out of range */
  #dropUserValue(symbol: KconfigSymbol, unsaved: boolean): number {
    const { index, type, choice } = symbol;
    if (!this.#has(index, USER) || choice) return 0;
    if (this.#visible[index] === 0 && !unsaved) this.#clear(index, USER);
    if (type !== 'int' && type !== 'hex') return 0;
    if (this.#withinRange(symbol, this.#userTexts[index] ?? '')) return 0;
    this.#clear(index, USER | VALID);
    return 1;
  }

  #invalidateAll(): void {
    const flags = this.#flags;
    for (let i = YES + 1; i < flags.length; i++) flags[i] = (flags[i] ?? 0) & ~VALID;
  }

  /** Forgets the values of a symbol and of all that hang on it. */
  #invalidate(changed: KconfigSymbol): void {
    const pending = [changed];
    const seen = new Uint8Array(this.#all.length);
    seen[changed.index] = 1;
    for (let symbol = pending.pop(); symbol; symbol = pending.pop()) {
      this.#clear(symbol.index, VALID);
      if (symbol.isChoice && this.#has(symbol.index, GIVEN)) this.#set(symbol.index, USER);
      for (const dependent of symbol.dependents) {
        if (seen[dependent.index]) continue;
        seen[dependent.index] = 1;
        pending.push(dependent);
      }
    }
    const modules = this.kconfig.modules.index;
    if (seen[modules]) {
      this.#invalidateAll();
      this.#calculate(modules);
    }
  }

  // Values.

  #evaluate(expression: Expression | undefined): Tristate {
    if (!expression) return 2;
    switch (expression.kind) {
      case 'symbol': {
        const { index } = expression.symbol;
        if (!((this.#flags[index] ?? 0) & VALID)) this.#calculate(index);
        return this.#tristates[index] as Tristate;
      }
      case 'and': {
        const left = this.#evaluate(expression.left);
        if (left === 0) return 0;
        const right = this.#evaluate(expression.right);
        return left < right ? left : right;
      }
      case 'or': {
        const left = this.#evaluate(expression.left);
        if (left === 2) return 2;
        const right = this.#evaluate(expression.right);
        return left > right ? left : right;
      }
      case 'not':
        return (2 - this.#evaluate(expression.operand)) as Tristate;
      default: {
        const { left, right, kind } = expression;
        this.#calculate(left.index);
        this.#calculate(right.index);
        const order = compareValues(
          this.#text(left.index),
          left.type,
          this.#text(right.index),
          right.type,
        );
        return holds(kind, order) ? 2 : 0;
      }
    }
  }

  #calculate(index: number): void {
    if (this.#state === 'new') this.#settle();
    if (this.#has(index, VALID)) return;
    const symbol = this.#all[index] as KconfigSymbol;
    this.#set(index, VALID);
    if (symbol.type === 'unknown') return;
    this.#clear(index, WRITE);
    this.#calculateVisibility(symbol);
    if (this.#visible[index] !== 0) this.#set(index, WRITE);
    this.#tristates[index] = 0;
    if (symbol.type === 'bool' || symbol.type === 'tristate') this.#calculateTristate(symbol);
    else this.#calculateText(symbol);
    if (index === this.kconfig.modules.index) this.#modules = this.#tristates[index] as Tristate;
    if (symbol.isChoice) this.#clear(index, WRITE);
  }

  /** A tristate is a bool while modules are off, and in a classic choice that is y. */
  #isBool({ index, type, choice }: KconfigSymbol): boolean {
    if (type !== 'tristate') return type === 'bool';
    if (this.#classic && choice && this.#visible[index] === 2) return true;
    return this.#modules === 0;
  }

  #calculateVisibility(symbol: KconfigSymbol): void {
    const { index, choice, type } = symbol;
    let visible: Tristate = 0;
    for (const { condition } of symbol.prompts) {
      let level = this.#evaluate(condition);
      if (
        this.#classic &&
        choice &&
        type === 'tristate' &&
        level === 1 &&
        this.#tristates[choice.index] === 2
      ) {
        level = 0;
      }
      if (level > visible) visible = level;
    }
    if (visible === 1 && (type !== 'tristate' || this.#modules === 0)) visible = 2;
    this.#visible[index] = visible;
    // Members of a choice are bound by the choice alone: what selects them has no say.
    if (choice) return;
    this.#direct[index] = this.#dependency(symbol, symbol.directDependency, 2);
    this.#reverse[index] = this.#dependency(symbol, symbol.reverseDependency, 0);
    this.#implied[index] = this.#dependency(symbol, symbol.weakReverseDependency, 0);
  }

  #dependency(
    symbol: KconfigSymbol,
    expression: Expression | undefined,
    missing: Tristate,
  ): Tristate {
    if (!expression) return missing;
    const level = this.#evaluate(expression);
    return level === 1 && this.#isBool(symbol) ? 2 : level;
  }

  #calculateTristate(symbol: KconfigSymbol): void {
    const { index, choice } = symbol;
    const visible = this.#visible[index] ?? 0;
    let level: number;
    if (choice && !this.#classic) {
      this.#calculateChoice(choice);
      level = this.#tristates[index] ?? 0;
    } else if (choice && visible === 2) {
      level = this.#selected[choice.index] === index ? 2 : 0;
    } else {
      level = this.#unboundLevel(symbol, visible);
    }
    if (level === 1 && this.#isBool(symbol)) level = 2;
    this.#tristates[index] = level;
    if (this.#classic && symbol.isChoice && level === 2) {
      this.#selected[index] = this.#calculateClassicChoice(symbol);
    }
  }

  /** The value of a symbol that is not bound to the others of a choice. */
  #unboundLevel(symbol: KconfigSymbol, visible: number): number {
    const { index } = symbol;
    const reverse = this.#reverse[index] ?? 0;
    if (visible !== 0 && this.#has(index, USER)) {
      return Math.max(Math.min(this.#userTristates[index] ?? 0, visible), reverse);
    }
    if (reverse !== 0) this.#set(index, WRITE);
    let level = 0;
    if (!symbol.isChoice) {
      for (const { condition, value } of symbol.defaults) {
        const limit = this.#evaluate(condition);
        if (limit === 0) continue;
        level = Math.min(this.#evaluate(value), limit);
        if (level !== 0) this.#set(index, WRITE);
        break;
      }
      const implied = this.#implied[index] ?? 0;
      if (implied !== 0) {
        this.#set(index, WRITE);
        level = Math.min(Math.max(level, implied), this.#direct[index] ?? 0);
      }
    }
    return Math.max(level, reverse);
  }

  #calculateText(symbol: KconfigSymbol): void {
    const { index, type } = symbol;
    const zero = type === 'int' ? '0' : type === 'hex' ? '0x0' : '';
    let value = this.kconfig.dialect.zeroForEmptyNumbers ? zero : '';
    this.#texts[index] = value;
    if (this.#visible[index] !== 0 && this.#has(index, USER)) {
      value = this.#userTexts[index] ?? '';
    } else {
      for (const { condition, value: source } of symbol.defaults) {
        if (this.#evaluate(condition) === 0) continue;
        if (source.kind === 'symbol') {
          this.#set(index, WRITE);
          this.#calculate(source.symbol.index);
          value = this.#rawText(source.symbol);
        }
        break;
      }
    }
    this.#texts[index] = value;
    this.#limitToRange(symbol);
  }

  /** The text of a value as one that is no number or string has it: bools are n there. */
  #rawText({ index, type }: KconfigSymbol): string {
    if (index > YES && (type === 'bool' || type === 'tristate')) return 'n';
    return this.#texts[index] ?? '';
  }

  // Ranges.

  #activeRange(symbol: KconfigSymbol): RangeProperty | undefined {
    return symbol.ranges.find(({ condition }) => this.#evaluate(condition) !== 0);
  }

  #limit(symbol: KconfigSymbol, base: 10 | 16): bigint {
    this.#calculate(symbol.index);
    const own = symbol.type === 'int' ? 10 : symbol.type === 'hex' ? 16 : base;
    return toSigned(this.#rawText(symbol), own);
  }

  #limitToRange(symbol: KconfigSymbol): void {
    const { index, type } = symbol;
    if (type !== 'int' && type !== 'hex') return;
    const range = this.#activeRange(symbol);
    if (!range) return;
    const base = type === 'int' ? 10 : 16;
    const value = toSigned(this.#texts[index] ?? '', base);
    let limit = range.low;
    if (value >= this.#limit(limit, base)) {
      limit = range.high;
      if (value <= this.#limit(limit, base)) return;
    }
    const number = this.#limit(limit, base);
    const printed =
      type === 'int' ? String(number) : `0x${BigInt.asUintN(64, number).toString(16)}`;
    this.#texts[index] = this.kconfig.dialect.rangeKeepsText ? this.#rawText(limit) : printed;
  }

  #withinRange(symbol: KconfigSymbol, text: string): boolean {
    if (!isValidText(symbol.type, text)) return false;
    const range = this.#activeRange(symbol);
    if (!range) return true;
    const base = symbol.type === 'int' ? 10 : 16;
    const value = toSigned(text, base);
    return value >= this.#limit(range.low, base) && value <= this.#limit(range.high, base);
  }

  // Choices.

  /** Which member of a choice is y, for all visible members at once (sym_calc_choice()). */
  #calculateChoice(choice: KconfigSymbol): void {
    const members = [...choice.members].sort(
      (a, b) => (this.#ranks[b.index] ?? 0) - (this.#ranks[a.index] ?? 0),
    );
    for (const member of members) this.#calculateVisibility(member);
    const visible = members.filter(({ index }) => this.#visible[index] !== 0);
    const chosen = this.#chooseMember(choice, visible);
    for (const member of visible) {
      this.#tristates[member.index] = member === chosen ? 2 : 0;
      this.#set(member.index, VALID | WRITE);
    }
  }

  #chooseMember(
    choice: KconfigSymbol,
    visible: readonly KconfigSymbol[],
  ): KconfigSymbol | undefined {
    const given = ({ index }: KconfigSymbol): boolean => this.#has(index, USER);
    const user = (symbol: KconfigSymbol): number =>
      given(symbol) ? (this.#userTristates[symbol.index] ?? 0) : -1;
    const wanted = visible.find((member) => user(member) === 2);
    if (wanted) return wanted;
    const standard = this.#defaultMember(choice);
    if (standard && user(standard) !== 0) return standard;
    const open = choice.members.find(
      (member) => this.#visible[member.index] !== 0 && !given(member),
    );
    return open ?? visible.at(-1);
  }

  #defaultMember(choice: KconfigSymbol): KconfigSymbol | undefined {
    for (const { condition, value } of choice.defaults) {
      if (this.#evaluate(condition) === 0 || value.kind !== 'symbol') continue;
      if (this.#visible[value.symbol.index] !== 0) return value.symbol;
    }
    return choice.members.find(({ index }) => this.#visible[index] !== 0);
  }

  /** The member that a classic choice selects while it is y. */
  #calculateClassicChoice(choice: KconfigSymbol): number {
    let given = true;
    for (const member of choice.members) {
      this.#calculateVisibility(member);
      if (this.#visible[member.index] !== 0 && !this.#has(member.index, USER)) given = false;
    }
    if (!given) this.#clear(choice.index, USER);
    const user = this.#userSelected[choice.index] ?? noSelection;
    if (user >= 0 && this.#visible[user] !== 0) return user;
    const standard = this.#defaultMember(choice);
    if (!standard) this.#tristates[choice.index] = 0;
    return standard?.index ?? noSelection;
  }

  // Messages.

  #describeUnmet(symbol: KconfigSymbol): string {
    const label = (mentioned: KconfigSymbol): string => {
      if (mentioned.isChoice && mentioned.name === undefined) return '<choice>';
      const name = mentioned.name ?? '';
      return mentioned.type === 'unknown' ? name : `${name} [=${this.get(mentioned)}]`;
    };
    const level = this.#direct[symbol.index] === 1 ? 'm' : 'n';
    const lines = [
      `WARNING: unmet direct dependencies detected for ${symbol.name}`,
      `  Depends on [${level}]: ${expressionToString(symbol.directDependency, label)}`,
    ];
    const selectors = disjuncts(symbol.reverseDependency);
    for (const value of [2, 1] as const) {
      const active = selectors.filter((selector) => this.#evaluate(selector) === value);
      if (active.length > 0) lines.push(`  Selected by [${tristateText[value]}]:`);
      for (const selector of active) lines.push(`  - ${expressionToString(selector, label)}`);
    }
    return lines.join('\n');
  }
}

function holds(kind: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge', order: number): boolean {
  switch (kind) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    default:
      return order >= 0;
  }
}

function disjuncts(expression: Expression | undefined): Expression[] {
  if (!expression) return [];
  if (expression.kind !== 'or') return [expression];
  return [...disjuncts(expression.left), ...disjuncts(expression.right)];
}
