import { symbolExpression } from './expression.ts';
import { Allowance, limits } from './limits.ts';
import type { Expression, KconfigSymbol } from './model.ts';
import { MOD, NO, type SymbolTable, YES } from './symbols.ts';

export type Junction = 'and' | 'or';

export function isSymbol(expression: Expression, index: number): boolean {
  return expression.kind === 'symbol' && expression.symbol.index === index;
}

/** The junction with these operands; the old one if they are the same. */
export function rejoin(
  from: { readonly kind: Junction; readonly left: Expression; readonly right: Expression },
  left: Expression,
  right: Expression,
): Expression {
  if (left === from.left && right === from.right) return from as Expression;
  return { kind: from.kind, left, right };
}

/** What becomes of two operands that are joined by && or ||, if they are about the same (expr.c). */
export class Joiner {
  readonly #classic: boolean;
  readonly #table: SymbolTable;
  readonly #comparisons = new Allowance(
    limits.comparisons,
    'expressions are too long to be compared with each other',
  );
  readonly #yes: Expression;
  readonly #no: Expression;
  // The results of a walk over pairs, which would otherwise allocate a pair for each leaf.
  #a: Expression;
  #b: Expression;

  /** @param classic - as kconfig up to 6.11 does it, where that differs */
  constructor(table: SymbolTable, classic: boolean) {
    this.#classic = classic;
    this.#table = table;
    this.#yes = symbolExpression(table.yes);
    this.#no = symbolExpression(table.no);
    this.#a = this.#yes;
    this.#b = this.#yes;
  }

  /** One expression for both, if there is one (expr_join_or(), expr_join_and()). */
  join(kind: Junction, a: Expression, b: Expression): Expression | undefined {
    return kind === 'or' ? this.#joinOr(a, b) : this.#joinAnd(a, b);
  }

  /** The operand that may be left out. */
  neutral(kind: Junction): Expression {
    return kind === 'or' ? this.#no : this.#yes;
  }

  /**
   * What is left of the second expression when the operands that both have are taken out
   * (expr_eliminate_eq()).
   */
  withoutCommon(a: Expression, b: Expression): Expression {
    this.#eliminateEqual(a, b);
    return this.#b;
  }

  /** Compares every operand of `a` with every one of `b`; results are left in #a and #b. */
  #pairs(
    kind: Junction,
    a: Expression,
    b: Expression,
    leaf: (kind: Junction, a: Expression, b: Expression) => void,
  ): void {
    if (a.kind === kind) {
      this.#pairs(kind, a.left, b, leaf);
      const left = this.#a;
      this.#pairs(kind, a.right, this.#b, leaf);
      this.#a = rejoin(a, left, this.#a);
    } else if (b.kind === kind) {
      this.#pairs(kind, a, b.left, leaf);
      const left = this.#b;
      this.#pairs(kind, this.#a, b.right, leaf);
      this.#b = rejoin(b, left, this.#b);
    } else {
      leaf(kind, a, b);
    }
  }

  readonly #equalLeaves = (kind: Junction, a: Expression, b: Expression): void => {
    const constant = isSymbol(a, YES) || isSymbol(a, NO);
    const same = constant && b.kind === 'symbol' && a.kind === 'symbol' && a.symbol === b.symbol;
    const equal = !same && this.#equal(a, b);
    this.#a = a;
    this.#b = b;
    if (equal) {
      this.#a = this.neutral(kind);
      this.#b = this.#a;
    }
  };

  #eliminateEqual(a: Expression, b: Expression): void {
    this.#a = a;
    this.#b = b;
    if (a.kind === 'and' || a.kind === 'or') {
      this.#pairs(a.kind, this.#a, this.#b, this.#equalLeaves);
    }
    const kind = this.#b.kind;
    if (this.#a.kind !== kind && (kind === 'and' || kind === 'or')) {
      this.#pairs(kind, this.#a, this.#b, this.#equalLeaves);
    }
    this.#a = this.withoutConstants(this.#a);
    this.#b = this.withoutConstants(this.#b);
  }

  #equal(a: Expression, b: Expression): boolean {
    this.#comparisons.spend(1);
    if (a === b) return true;
    if (a.kind !== b.kind) return false;
    if (a.kind === 'symbol') return b.kind === 'symbol' && a.symbol === b.symbol;
    if (a.kind === 'not') return b.kind === 'not' && this.#equal(a.operand, b.operand);
    if (a.kind === 'and' || a.kind === 'or') {
      this.#eliminateEqual(a, b);
      const [left, right] = [this.#a, this.#b];
      return left.kind === 'symbol' && right.kind === 'symbol' && left.symbol === right.symbol;
    }
    return b.kind !== 'symbol' && b.kind !== 'not' && a.left === b.left && a.right === b.right;
  }

  /** Removes `&& y`, `|| n` and what an `&& n` or `|| y` makes of no account (expr_eliminate_yn()). */
  withoutConstants(expression: Expression): Expression {
    if (expression.kind !== 'and' && expression.kind !== 'or') return expression;
    const left = this.withoutConstants(expression.left);
    const right = this.withoutConstants(expression.right);
    const [absorbing, neutral] = expression.kind === 'and' ? [NO, YES] : [YES, NO];
    if (isSymbol(left, absorbing)) return left;
    if (isSymbol(left, neutral)) return right;
    if (isSymbol(right, absorbing)) return right;
    if (isSymbol(right, neutral)) return left;
    // Newer kconfig leaves the expression as it is if nothing goes at this level.
    return this.#classic ? rejoin(expression, left, right) : expression;
  }

  #joinOr(a: Expression, b: Expression): Expression | undefined {
    if (this.#equal(a, b)) return a;
    const symbol = commonSymbol(a, b);
    if (!symbol) return undefined;
    if (symbol.type === 'tristate' && a.kind === 'eq' && b.kind === 'eq') {
      const rest = remainingConstant(a.right, b.right);
      if (rest !== undefined) return { kind: 'ne', left: symbol, right: this.#constant(rest) };
    }
    if (symbol.type === 'bool' && (isNegation(a, b) || isNegation(b, a))) return this.#yes;
    return undefined;
  }

  #joinAnd(a: Expression, b: Expression): Expression | undefined {
    if (this.#equal(a, b)) return a;
    const symbol = commonSymbol(a, b);
    if (!symbol) return undefined;
    const other = a.kind === 'symbol' ? b : b.kind === 'symbol' ? a : undefined;
    if (other?.kind === 'eq' && other.right.index === YES) {
      return { kind: 'eq', left: symbol, right: this.#table.yes };
    }
    if (other?.kind === 'ne' && other.right.index === NO) return symbolExpression(symbol);
    if (other?.kind === 'ne' && other.right.index === MOD) {
      return { kind: 'eq', left: symbol, right: this.#table.yes };
    }
    if (symbol.type !== 'tristate') return undefined;
    if ((a.kind === 'eq' && b.kind === 'ne') || (a.kind === 'ne' && b.kind === 'eq')) {
      const [equal, unequal] = a.kind === 'eq' ? [a.right, b.right] : [b.right, a.right];
      if (!equal.constant || !unequal.constant) return undefined;
      return equal === unequal ? this.#no : { kind: 'eq', left: symbol, right: equal };
    }
    if (a.kind === 'ne' && b.kind === 'ne') {
      const rest = remainingConstant(a.right, b.right);
      if (rest !== undefined) return { kind: 'eq', left: symbol, right: this.#constant(rest) };
    }
    return undefined;
  }

  #constant(index: number): KconfigSymbol {
    return index === NO ? this.#table.no : index === MOD ? this.#table.mod : this.#table.yes;
  }
}

/** The one symbol that both operands are about, if both are simple and it is bool or tristate. */
function commonSymbol(a: Expression, b: Expression): KconfigSymbol | undefined {
  const first = a.kind === 'not' ? simpleSymbol(a.operand) : simpleSymbol(a);
  const second =
    b.kind === 'not'
      ? b.operand.kind === 'symbol'
        ? b.operand.symbol
        : undefined
      : simpleSymbol(b);
  if (!first || first !== second) return undefined;
  return first.type === 'bool' || first.type === 'tristate' ? first : undefined;
}

function simpleSymbol(expression: Expression): KconfigSymbol | undefined {
  if (expression.kind === 'symbol') return expression.symbol;
  return expression.kind === 'eq' || expression.kind === 'ne' ? expression.left : undefined;
}

function isNegation(a: Expression, b: Expression): boolean {
  return a.kind === 'not' && a.operand.kind === 'symbol' && b.kind === 'symbol';
}

/** Of n, m, y the one that is neither of two different constants. */
function remainingConstant(a: KconfigSymbol, b: KconfigSymbol): number | undefined {
  if (a === b || a.index > YES || b.index > YES) return undefined;
  return NO + MOD + YES - a.index - b.index;
}
