import type {
  Comparison,
  Expression,
  Kconfig,
  KconfigSymbol,
  RangeProperty,
  Tristate,
} from './model.ts';
import { noSelection, type State, USER, VALID, WRITE } from './state.ts';
import { YES } from './symbols.ts';
import { compareValues, isValidText, toSigned } from './values.ts';

/**
 * Computes values into a {@link State}: each symbol when it is first asked for, and with it what it
 * hangs on (sym_calc_value() and around it in symbol.c).
 */
export class Calculator {
  readonly #kconfig: Kconfig;
  readonly #all: readonly KconfigSymbol[];
  readonly #classic: boolean;
  readonly #state: State;
  /** Those of the state, which expressions look at all the time. */
  readonly #flags: Uint8Array;
  readonly #tristates: Uint8Array;

  constructor(kconfig: Kconfig, state: State) {
    this.#kconfig = kconfig;
    this.#all = kconfig.all;
    this.#classic = kconfig.dialect.classicChoices;
    this.#state = state;
    this.#flags = state.flags;
    this.#tristates = state.tristates;
  }

  evaluate(expression: Expression | undefined): Tristate {
    if (!expression) return 2;
    switch (expression.kind) {
      case 'symbol': {
        const { index } = expression.symbol;
        // Most of the time the value is there, which is not to cost a call.
        if (((this.#flags[index] ?? 0) & VALID) === 0) this.calculate(index);
        return this.#tristates[index] as Tristate;
      }
      case 'and': {
        const left = this.evaluate(expression.left);
        if (left === 0) return 0;
        const right = this.evaluate(expression.right);
        return left < right ? left : right;
      }
      case 'or': {
        const left = this.evaluate(expression.left);
        if (left === 2) return 2;
        const right = this.evaluate(expression.right);
        return left > right ? left : right;
      }
      case 'not':
        return (2 - this.evaluate(expression.operand)) as Tristate;
      default: {
        const { left, right } = expression;
        this.calculate(left.index);
        this.calculate(right.index);
        const state = this.#state;
        if (!this.#kconfig.dialect.numericComparisons) {
          const same = state.text(left) === state.text(right);
          return same === (expression.kind === 'eq') ? 2 : 0;
        }
        const order = compareValues(state.text(left), left.type, state.text(right), right.type);
        return holds(expression.kind, order) ? 2 : 0;
      }
    }
  }

  calculate(index: number): void {
    const state = this.#state;
    if (((state.flags[index] ?? 0) & VALID) !== 0) return;
    const symbol = this.#all[index] as KconfigSymbol;
    state.raise(index, VALID);
    if (symbol.type === 'unknown') return;
    const writtenByChoice = symbol.choice && this.#kconfig.dialect.choiceWritesMembers;
    if (!writtenByChoice) state.clear(index, WRITE);
    const direct = this.#calculateVisibility(symbol);
    const visible = state.visible[index];
    if (visible !== 0 && !(writtenByChoice && visible === 2)) state.raise(index, WRITE);
    state.tristates[index] = 0;
    if (symbol.type === 'bool' || symbol.type === 'tristate') {
      this.#calculateTristate(symbol, direct);
    } else this.#calculateText(symbol);
    if (index === this.#kconfig.modules.index) state.modules = state.tristates[index] as Tristate;
    if (symbol.isChoice && state.has(index, WRITE)) this.#writeMembers(symbol);
    if (symbol.isChoice || symbol.unwritten) state.clear(index, WRITE);
  }

  #writeMembers({ members }: KconfigSymbol): void {
    const { choiceWritesMembers, choiceWritesHiddenMembers } = this.#kconfig.dialect;
    if (!choiceWritesMembers) return;
    for (const { index } of members) {
      if (choiceWritesHiddenMembers || this.#state.visible[index] !== 0) {
        this.#state.raise(index, WRITE);
      }
    }
  }

  /** The value of one of a symbol's dependencies: a bool knows no m. */
  dependency(
    symbol: KconfigSymbol,
    expression: Expression | undefined,
    missing: Tristate,
  ): Tristate {
    return expression ? this.#levelOf(symbol, this.evaluate(expression)) : missing;
  }

  #levelOf(symbol: KconfigSymbol, level: Tristate): Tristate {
    return level === 1 && this.#isBool(symbol) ? 2 : level;
  }

  /** Whether a text is a value that the symbol could have now. */
  withinRange(symbol: KconfigSymbol, text: string): boolean {
    if (!isValidText(symbol.type, text)) return false;
    const range = this.#activeRange(symbol);
    if (!range) return true;
    const base = symbol.type === 'int' ? 10 : 16;
    const value = this.#number(text, base);
    return value >= this.#limit(range.low, base) && value <= this.#limit(range.high, base);
  }

  /** A tristate is a bool while modules are off, and in a classic choice that is y. */
  #isBool({ index, type, choice }: KconfigSymbol): boolean {
    if (type !== 'tristate') return type === 'bool';
    if (this.#classic && choice && this.#state.visible[index] === 2) return true;
    return this.#state.modules === 0;
  }

  /**
   * @returns the level of the direct dependency as it is evaluated, where it has been: properties
   *   without a condition of their own have it as theirs, as the same object
   */
  #calculateVisibility(symbol: KconfigSymbol): Tristate | undefined {
    const { index, choice, type } = symbol;
    const { choiceHidesModules, implyObeysDependencies, modularDependencies } =
      this.#kconfig.dialect;
    const state = this.#state;
    if (symbol.transitional) {
      state.visible[index] = 2;
      return undefined;
    }
    const { directDependency } = symbol;
    let direct: Tristate | undefined;
    let visible: Tristate = 0;
    for (const { condition } of symbol.prompts) {
      let level = this.evaluate(condition);
      if (condition === directDependency) direct = level;
      // While a tristate choice is y, members that could be m at most are out.
      if (
        level === 1 &&
        choice &&
        type === 'tristate' &&
        this.#classic &&
        choiceHidesModules &&
        state.tristates[choice.index] === 2
      ) {
        level = 0;
      }
      if (level > visible) visible = level;
    }
    if (visible === 1 && (type !== 'tristate' || state.modules === 0)) visible = 2;
    state.visible[index] = visible;
    // Members of a choice are bound by the choice alone: what selects them has no say.
    if (choice) return direct;
    direct ??= this.evaluate(directDependency);
    state.direct[index] = this.#levelOf(symbol, direct);
    if (state.direct[index] === 1 && !modularDependencies) state.direct[index] = 2;
    state.reverse[index] = this.dependency(symbol, symbol.reverseDependency, 0);
    // Without its dependencies an implied symbol stays n; what m allows, newer kconfig limits, too.
    state.implied[index] =
      implyObeysDependencies || state.direct[index] !== 0
        ? this.dependency(symbol, symbol.weakReverseDependency, 0)
        : 0;
    return direct;
  }

  #calculateTristate(symbol: KconfigSymbol, direct: Tristate | undefined): void {
    const { index, choice } = symbol;
    const state = this.#state;
    const visible = state.visible[index] ?? 0;
    let level: number;
    if (choice && !this.#classic) {
      this.#calculateChoice(choice);
      level = state.tristates[index] ?? 0;
    } else if (choice && visible === 2) {
      level = state.selected[choice.index] === index ? 2 : 0;
    } else {
      level = this.#unboundLevel(symbol, visible, direct);
    }
    if (level === 1 && (this.#isBool(symbol) || this.#impliedAsBool(symbol))) level = 2;
    state.tristates[index] = level;
    if (this.#classic && symbol.isChoice) {
      state.selected[index] = level === 2 ? this.#calculateClassicChoice(symbol) : noSelection;
    }
  }

  #impliedAsBool({ index }: KconfigSymbol): boolean {
    return this.#kconfig.dialect.implyForbidsModule && this.#state.implied[index] === 2;
  }

  /** The value of a symbol that is not bound to the others of a choice. */
  #unboundLevel(symbol: KconfigSymbol, visible: number, direct: Tristate | undefined): number {
    const { index } = symbol;
    const state = this.#state;
    const reverse = state.reverse[index] ?? 0;
    if (visible !== 0 && state.has(index, USER)) {
      return Math.max(Math.min(state.userTristates[index] ?? 0, visible), reverse);
    }
    if (reverse !== 0) state.raise(index, WRITE);
    if (symbol.isChoice) return reverse;
    const { unlimitedDefaults } = this.#kconfig.dialect;
    // There, a default of a symbol that has a say is limited by the prompt, as a user's value is.
    const most = unlimitedDefaults && (visible !== 0 || reverse !== 0) ? visible : 2;
    let level = 0;
    for (const { condition, value } of symbol.defaults) {
      const isDirect = condition === symbol.directDependency;
      const limit = (isDirect ? direct : undefined) ?? this.evaluate(condition);
      if (limit === 0) continue;
      level = Math.min(this.evaluate(value), unlimitedDefaults ? most : limit);
      if (level !== 0 || !this.#kconfig.dialect.hidesDefaultNo) state.raise(index, WRITE);
      break;
    }
    const implied = state.implied[index] ?? 0;
    if (implied !== 0) {
      state.raise(index, WRITE);
      level = Math.max(level, implied);
      if (this.#kconfig.dialect.implyObeysDependencies) {
        level = Math.min(level, state.direct[index] ?? 0);
      }
    }
    return Math.max(level, reverse);
  }

  #calculateText(symbol: KconfigSymbol): void {
    const { index, type } = symbol;
    const state = this.#state;
    const zero = type === 'int' ? '0' : type === 'hex' ? '0x0' : '';
    let value = this.#kconfig.dialect.zeroForEmptyNumbers ? zero : '';
    state.texts[index] = value;
    if (state.visible[index] !== 0 && state.has(index, USER)) {
      value = state.userTexts[index] ?? '';
    } else {
      for (const { condition, value: source } of symbol.defaults) {
        if (this.evaluate(condition) === 0) continue;
        if (source.kind === 'symbol') {
          state.raise(index, WRITE);
          this.calculate(source.symbol.index);
          value = this.#rawText(source.symbol);
        }
        break;
      }
    }
    state.texts[index] = value;
    this.#limitToRange(symbol);
  }

  /** A value where only texts are looked at: a bool's stays n there, whatever it is. */
  #rawText({ index, type }: KconfigSymbol): string {
    if (index > YES && (type === 'bool' || type === 'tristate')) return 'n';
    return this.#state.texts[index] ?? '';
  }

  #activeRange(symbol: KconfigSymbol): RangeProperty | undefined {
    return symbol.ranges.find(({ condition }) => this.evaluate(condition) !== 0);
  }

  #limit(symbol: KconfigSymbol, base: 10 | 16): bigint {
    this.calculate(symbol.index);
    const own = symbol.type === 'int' ? 10 : symbol.type === 'hex' ? 16 : base;
    return this.#number(this.#rawText(symbol), own);
  }

  #number(text: string, base: 10 | 16): bigint {
    const number = toSigned(text, base);
    return this.#kconfig.dialect.narrowRanges ? BigInt.asIntN(32, number) : number;
  }

  #limitToRange(symbol: KconfigSymbol): void {
    const { index, type } = symbol;
    if (type !== 'int' && type !== 'hex') return;
    const range = this.#activeRange(symbol);
    if (!range) return;
    const base = type === 'int' ? 10 : 16;
    const value = this.#number(this.#state.texts[index] ?? '', base);
    let limit = range.low;
    if (value >= this.#limit(limit, base)) {
      limit = range.high;
      if (value <= this.#limit(limit, base)) return;
    }
    if (this.#kconfig.dialect.rangeKeepsText) {
      this.#state.texts[index] = this.#rawText(limit);
      return;
    }
    const number = this.#limit(limit, base);
    const bits = this.#kconfig.dialect.narrowRanges ? 32 : 64;
    this.#state.texts[index] =
      type === 'int' ? String(number) : `0x${BigInt.asUintN(bits, number).toString(16)}`;
  }

  /** Which member of a choice is y, for all visible members at once (sym_calc_choice()). */
  #calculateChoice(choice: KconfigSymbol): void {
    const state = this.#state;
    const members = [...choice.members].sort(
      (a, b) => (state.ranks[b.index] ?? 0) - (state.ranks[a.index] ?? 0),
    );
    for (const member of members) this.#calculateVisibility(member);
    const visible = members.filter(({ index }) => state.visible[index] !== 0);
    const chosen = this.#chooseMember(choice, visible);
    for (const member of visible) {
      state.tristates[member.index] = member === chosen ? 2 : 0;
      state.raise(member.index, VALID | WRITE);
    }
  }

  /** @param visible - the visible members, those that were assigned last first */
  #chooseMember(
    choice: KconfigSymbol,
    visible: readonly KconfigSymbol[],
  ): KconfigSymbol | undefined {
    const state = this.#state;
    const given = ({ index }: KconfigSymbol): boolean => state.has(index, USER);
    const wanted = visible.find(
      (member) => given(member) && state.userTristates[member.index] === 2,
    );
    if (wanted) return wanted;
    const standard = this.#defaultMember(choice);
    if (standard && !(given(standard) && state.userTristates[standard.index] === 0)) {
      return standard;
    }
    const open = choice.members.find(
      (member) => state.visible[member.index] !== 0 && !given(member),
    );
    return open ?? visible.at(-1);
  }

  #defaultMember(choice: KconfigSymbol): KconfigSymbol | undefined {
    const { visible } = this.#state;
    for (const { condition, value } of choice.defaults) {
      if (this.evaluate(condition) === 0 || value.kind !== 'symbol') continue;
      if (visible[value.symbol.index] !== 0) return value.symbol;
    }
    return choice.members.find(({ index }) => visible[index] !== 0);
  }

  /** A classic choice with a new member, one without user value, is as good as never answered. */
  forgetChoiceWithNewMember(choice: KconfigSymbol): void {
    const state = this.#state;
    const isNew = ({ index }: KconfigSymbol): boolean =>
      state.visible[index] !== 0 && !state.has(index, USER);
    if (choice.members.some(isNew)) state.clear(choice.index, USER);
  }

  /** The member that a classic choice selects while it is y. */
  #calculateClassicChoice(choice: KconfigSymbol): number {
    const state = this.#state;
    for (const member of choice.members) this.#calculateVisibility(member);
    if (!this.#kconfig.dialect.choicesSettledOnReading) this.forgetChoiceWithNewMember(choice);
    const user = state.userSelected[choice.index] ?? noSelection;
    if (user >= 0 && state.visible[user] !== 0) return user;
    const standard = this.#defaultMember(choice);
    if (!standard) state.tristates[choice.index] = 0;
    return standard?.index ?? noSelection;
  }
}

function holds(kind: Comparison, order: number): boolean {
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
