import { Calculator } from './calculate.ts';
import { expressionToString } from './expression.ts';
import { asLimitError } from './limits.ts';
import type {
  ConfigInput,
  Configuration,
  Expression,
  Kconfig,
  KconfigSymbol,
  MenuNode,
  SymbolType,
  Tristate,
  UnmetDependency,
} from './model.ts';
import { GIVEN, State, USER, VALID, WRITE } from './state.ts';
import { hashOrder, YES } from './symbols.ts';
import { isValidText, parseTristate, tristateText } from './values.ts';

/** The values that `conf --olddefconfig` would compute for this `.config`. */
export function configure(kconfig: Kconfig, input?: ConfigInput): Configuration {
  const state = new State(kconfig);
  if (input) state.read(input, kconfig);
  return new Evaluation(kconfig, state, input ? input.outdated : undefined);
}

/**
 * A configuration: user values, and the values that follow (conf_read() of confdata.c). Everything
 * is evaluated once at the first question, as conf does; after a set() only what hangs on it.
 */
export class Evaluation implements Configuration {
  readonly kconfig: Kconfig;
  readonly #state: State;
  readonly #calculator: Calculator;
  /** Of the file: has it lines that mean nothing? Undefined without a file. */
  readonly #outdated: boolean | undefined;
  #phase: 'new' | 'settled' | 'changed';

  constructor(
    kconfig: Kconfig,
    state: State,
    outdated: boolean | undefined,
    phase: 'new' | 'settled' | 'changed' = 'new',
  ) {
    this.kconfig = kconfig;
    this.#state = state;
    this.#calculator = new Calculator(kconfig, state);
    this.#outdated = outdated;
    this.#phase = phase;
  }

  get(symbol: KconfigSymbol): string {
    this.#calculate(symbol);
    return this.#state.text(symbol);
  }

  tristate(symbol: KconfigSymbol): Tristate {
    this.#calculate(symbol);
    return this.#state.tristates[symbol.index] as Tristate;
  }

  tristates(): Readonly<Uint8Array> {
    for (const symbol of this.kconfig.all) this.#calculate(symbol);
    return this.#state.tristates;
  }

  visibility(symbol: KconfigSymbol): Tristate {
    this.#calculate(symbol);
    return this.#state.visible[symbol.index] as Tristate;
  }

  written(symbol: KconfigSymbol): boolean {
    this.#calculate(symbol);
    return this.#state.has(symbol.index, WRITE);
  }

  user(symbol: KconfigSymbol): string | undefined {
    return this.#state.userText(symbol.index);
  }

  evaluate(expression: Expression | undefined): Tristate {
    this.#settle();
    try {
      return this.#calculator.evaluate(expression);
    } catch (error) {
      throw this.#limited(error);
    }
  }

  selectedValue(symbol: KconfigSymbol): Tristate {
    this.#settle();
    return this.#calculator.dependency(symbol, symbol.reverseDependency, 0);
  }

  impliedValue(symbol: KconfigSymbol): Tristate {
    this.#settle();
    return this.#calculator.dependency(symbol, symbol.weakReverseDependency, 0);
  }

  directDependency(symbol: KconfigSymbol): Tristate {
    this.#settle();
    return this.#calculator.dependency(symbol, symbol.directDependency, 2);
  }

  selection(choice: KconfigSymbol): KconfigSymbol | undefined {
    if (this.kconfig.dialect.classicChoices && this.tristate(choice) !== 2) return undefined;
    return choice.members.find((member) => this.tristate(member) === 2);
  }

  set(symbol: KconfigSymbol, value: string | undefined): void {
    this.setAll([symbol], value);
  }

  setAll(symbols: readonly KconfigSymbol[], value: string | undefined): void {
    for (const symbol of symbols) {
      if (value !== undefined && !isAcceptable(symbol, value)) {
        throw new RangeError(`'${value}' is no value for ${symbol.name ?? 'a choice'}`);
      }
    }
    this.#settle();
    if (this.#phase === 'settled') this.#restoreUserValues(false);
    this.#phase = 'changed';
    for (const symbol of symbols) {
      if (value === undefined) this.#state.take(symbol);
      else this.#state.give(symbol, value);
      if (symbol.choice && this.kconfig.dialect.classicChoices) {
        this.#state.updateUserChoice(symbol.choice);
      }
    }
    this.#invalidate(symbols);
  }

  unmetDependencies(): readonly UnmetDependency[] {
    const unmet: UnmetDependency[] = [];
    if (!this.kconfig.dialect.unmetDependencies) return unmet;
    for (const symbol of this.kconfig.all) {
      const { index, type, choice, reverseDependency } = symbol;
      if (reverseDependency === undefined || choice || index <= YES) continue;
      if (type !== 'bool' && type !== 'tristate') continue;
      this.#calculate(symbol);
      if ((this.#state.direct[index] ?? 0) < (this.#state.reverse[index] ?? 0)) {
        unmet.push({ symbol, message: this.#describeUnmet(symbol) });
      }
    }
    return unmet;
  }

  clone(): Evaluation {
    const state = new State(this.kconfig, this.#state);
    return new Evaluation(this.kconfig, state, this.#outdated, this.#phase);
  }

  /**
   * This configuration as conf would have it, had it read the user values from a file. It differs
   * from a changed one only in corner cases, such as defaults that refer to a number out of range.
   */
  reread(): Evaluation {
    if (this.#phase !== 'changed') return this;
    const state = new State(this.kconfig, this.#state);
    for (const { index } of this.kconfig.all) state.clear(index, WRITE);
    const fresh = new Evaluation(this.kconfig, state, this.#outdated ?? true);
    fresh.#restoreUserValues(true);
    return fresh;
  }

  /** Whether a menu or comment is shown (menu_is_visible() of menu.c). */
  menuVisible({ prompt, visibility }: MenuNode): boolean {
    this.#settle();
    if (!prompt || this.#calculator.evaluate(visibility) === 0) return false;
    return this.#calculator.evaluate(prompt.condition) !== 0;
  }

  #calculate(symbol: KconfigSymbol): void {
    if (this.#phase === 'new') this.#settle();
    // Mostly there is nothing to do, which is not to cost anything.
    if (this.#state.has(symbol.index, VALID)) return;
    try {
      this.#calculator.calculate(symbol.index);
    } catch (error) {
      throw this.#limited(error);
    }
  }

  /** The chain of what hangs on what may be longer than the stack is deep. */
  #limited(error: unknown): unknown {
    return asLimitError(error, () => ({ location: this.kconfig.root.location }));
  }

  /** Evaluates everything as conf does before it writes, with what that does to user values. */
  #settle(): void {
    if (this.#phase !== 'new') return;
    this.#phase = 'settled';
    this.#invalidateAll();
    if (this.#outdated === undefined) return;
    const { all, dialect } = this.kconfig;
    const order = dialect.classicChoices ? hashOrderOf(this.kconfig) : all;
    let unsaved = 0;
    if (dialect.choicesSettledOnReading) {
      for (const symbol of order) {
        this.#calculate(symbol);
        if (this.#differsFromUser(symbol)) unsaved++;
        if (symbol.isChoice) this.#calculator.forgetChoiceWithNewMember(symbol);
      }
    } else {
      for (const symbol of order) this.#calculate(symbol);
      for (const symbol of order) if (this.#differsFromUser(symbol)) unsaved++;
    }
    if (dialect.dropsValuesOutOfRange) {
      for (const symbol of order) unsaved += this.#dropUserValue(symbol, unsaved > 0);
    }
    // A file that conf finds as it would write it is evaluated once more.
    if (dialect.answersAll) this.#answerAll();
    if ((unsaved === 0 && !this.#outdated) || !dialect.olddefconfig) this.#invalidateAll();
  }

  /**
   * What conf of 2.6.18 does to user values by asking for every symbol, in the order of the menu,
   * and answering with the value at hand (conf() of conf.c). The first text that is new or gets its
   * 0x has everything evaluated anew; a choice that comes before that one keeps the value that it
   * had before it was forgotten.
   */
  #answerAll(): void {
    const state = this.#state;
    let anew = false;
    const visit = (menu: MenuNode): void => {
      const { symbol } = menu;
      if (symbol && this.menuVisible(menu)) {
        this.#calculate(symbol);
        const { index, type, isChoice } = symbol;
        if (isChoice) {
          state.userTristates[index] = state.tristates[index] ?? 0;
          state.raise(index, USER);
        } else if (type === 'int' || type === 'hex' || type === 'string') {
          const answer = answerOf(type, state.texts[index] ?? '');
          const same = state.has(index, USER) && state.userTexts[index] === answer;
          state.userTexts[index] = answer;
          state.raise(index, USER | GIVEN);
          if (!same && !anew) this.#invalidateAll();
          anew ||= !same;
        }
      }
      for (const child of menu.children) visit(child);
    };
    for (const menu of this.kconfig.root.children) visit(menu);
  }

  #differsFromUser({ index, type, isChoice, unwritten }: KconfigSymbol): boolean {
    if (isChoice || unwritten) return false;
    const state = this.#state;
    const user = state.has(index, USER);
    const write = state.has(index, WRITE);
    if (!user || !write) return user || write;
    if (type === 'bool' || type === 'tristate') {
      return state.userTristates[index] !== state.tristates[index];
    }
    return state.texts[index] !== state.userTexts[index];
  }

  /** @returns how many values that makes unsaved: 1 if a value was out of range */
  #dropUserValue(symbol: KconfigSymbol, unsaved: boolean): number {
    const { index, type, choice } = symbol;
    const state = this.#state;
    if (!state.has(index, USER) || choice) return 0;
    if (state.visible[index] === 0 && !unsaved) state.clear(index, USER);
    if (type !== 'int' && type !== 'hex') return 0;
    if (this.#calculator.withinRange(symbol, state.userTexts[index] ?? '')) return 0;
    // What was computed from the old value stays: the tree's conf does not look again.
    state.clear(index, USER | VALID);
    return 1;
  }

  /**
   * Undoes the dropping of user values.
   * @param all - also of those that were out of range
   */
  #restoreUserValues(all: boolean): void {
    for (const { index, type } of this.kconfig.all) {
      if (!this.#state.has(index, GIVEN)) continue;
      if (all || type === 'bool' || type === 'tristate') this.#state.raise(index, USER);
    }
  }

  #invalidateAll(): void {
    this.#state.invalidateAll();
    // Whether tristates are bools has to be known before any of them is evaluated.
    this.#calculator.calculate(this.kconfig.modules.index);
  }

  /** Forgets the values of symbols and of all that hang on them. */
  #invalidate(changed: readonly KconfigSymbol[]): void {
    const state = this.#state;
    const pending = [...changed];
    const seen = new Uint8Array(this.kconfig.all.length);
    for (const { index } of changed) seen[index] = 1;
    for (let symbol = pending.pop(); symbol; symbol = pending.pop()) {
      state.clear(symbol.index, VALID);
      if (symbol.isChoice && state.has(symbol.index, GIVEN)) state.raise(symbol.index, USER);
      for (const dependent of symbol.dependents) {
        if (seen[dependent.index]) continue;
        seen[dependent.index] = 1;
        pending.push(dependent);
      }
    }
    for (const constant of [this.kconfig.no, this.kconfig.mod, this.kconfig.yes]) {
      state.raise(constant.index, VALID);
    }
    if (seen[this.kconfig.modules.index]) this.#invalidateAll();
  }

  #describeUnmet(symbol: KconfigSymbol): string {
    const label = (mentioned: KconfigSymbol): string => {
      if (mentioned.isChoice && mentioned.name === undefined) return '<choice>';
      const name = mentioned.name ?? '';
      return mentioned.type === 'unknown' ? name : `${name} [=${this.get(mentioned)}]`;
    };
    const level = this.#state.direct[symbol.index] === 1 ? 'm' : 'n';
    const lines = [
      `WARNING: unmet direct dependencies detected for ${symbol.name}`,
      `  Depends on [${level}]: ${expressionToString(symbol.directDependency, label)}`,
    ];
    const selectors = disjuncts(symbol.reverseDependency);
    for (const value of [2, 1] as const) {
      const active = selectors.filter((selector) => this.#calculator.evaluate(selector) === value);
      if (active.length > 0) lines.push(`  Selected by [${tristateText[value]}]:`);
      for (const selector of active) lines.push(`  - ${expressionToString(selector, label)}`);
    }
    return lines.join('\n');
  }
}

const hashOrders = new WeakMap<Kconfig, readonly KconfigSymbol[]>();

function hashOrderOf(kconfig: Kconfig): readonly KconfigSymbol[] {
  let order = hashOrders.get(kconfig);
  if (!order) {
    order = hashOrder(kconfig.all, kconfig.dialect.summedHashes);
    hashOrders.set(kconfig, order);
  }
  return order;
}

function isAcceptable({ type, isChoice }: KconfigSymbol, value: string): boolean {
  if (isChoice) return false;
  if (type !== 'bool' && type !== 'tristate') return isValidText(type, value);
  const level = parseTristate(value);
  return level !== undefined && (level !== 1 || type === 'tristate');
}

/** How conf takes a value: sym_set_string_value() of symbol.c puts a 0x before what has none. */
function answerOf(type: SymbolType, text: string): string {
  return type === 'hex' && !/^(?:0x|$)/i.test(text) ? `0x${text}` : text;
}

/** The operands of the outermost `||`. */
function disjuncts(expression: Expression | undefined): Expression[] {
  if (!expression) return [];
  if (expression.kind !== 'or') return [expression];
  return [...disjuncts(expression.left), ...disjuncts(expression.right)];
}
