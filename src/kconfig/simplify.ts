import { symbolExpression } from './expression.ts';
import type { Expression, KconfigSymbol } from './model.ts';
import { MOD, NO, type SymbolTable, YES } from './symbols.ts';

type Junction = 'and' | 'or';

function isSymbol(expression: Expression, index: number): boolean {
  return expression.kind === 'symbol' && expression.symbol.index === index;
}

export function isYes(expression: Expression | undefined): boolean {
  return !expression || isSymbol(expression, YES);
}

const negated = { eq: 'ne', ne: 'eq', le: 'gt', ge: 'lt', lt: 'ge', gt: 'le' } as const;

/**
 * The rewriting of expressions that menu_finalize() does (expr.c of kconfig). Values do not hang on
 * it, but the shape of the menu does: which symbol is in the submenu of which, and with that what
 * belongs to a choice.
 */
export class Simplifier {
  readonly #yes: Expression;
  readonly #mod: Expression;
  readonly #no: Expression;
  readonly #table: SymbolTable;
  readonly #note: (message: string) => void;
  #changes = 0;
  // The second result of the pairwise walks, which would otherwise allocate a pair for each leaf.
  #a: Expression;
  #b: Expression;

  /** @param note receives the remarks that conf prints to stdout */
  constructor(table: SymbolTable, note: (message: string) => void) {
    this.#table = table;
    this.#note = note;
    this.#yes = symbolExpression(table.yes);
    this.#mod = symbolExpression(table.mod);
    this.#no = symbolExpression(table.no);
    this.#a = this.#yes;
    this.#b = this.#yes;
  }

  /** A literal `m` becomes `m && MODULES` (rewrite_m()). */
  rewriteModule(expression: Expression, modules: KconfigSymbol): Expression {
    switch (expression.kind) {
      case 'symbol':
        return expression.symbol.index === MOD
          ? { kind: 'and', left: expression, right: symbolExpression(modules) }
          : expression;
      case 'not': {
        const operand = this.rewriteModule(expression.operand, modules);
        return operand === expression.operand ? expression : { kind: 'not', operand };
      }
      case 'and':
      case 'or': {
        const left = this.rewriteModule(expression.left, modules);
        const right = this.rewriteModule(expression.right, modules);
        return rejoin(expression, left, right);
      }
      default:
        return expression;
    }
  }

  /** Removes comparisons of bools and pushes `!` inwards (expr_transform()). */
  transform(expression: Expression): Expression {
    switch (expression.kind) {
      case 'and':
      case 'or':
        return rejoin(
          expression,
          this.transform(expression.left),
          this.transform(expression.right),
        );
      case 'not':
        return this.#negate(this.transform(expression.operand));
      case 'eq':
      case 'ne': {
        if (expression.left.type !== 'bool') return expression;
        const equal = expression.kind === 'eq';
        const symbol = symbolExpression(expression.left);
        const constant = expression.right.index;
        if (constant === NO) return equal ? { kind: 'not', operand: symbol } : symbol;
        if (constant === YES) return equal ? symbol : { kind: 'not', operand: symbol };
        if (constant === MOD) {
          const forced = equal ? 'n' : 'y';
          this.#note(
            `boolean symbol ${expression.left.name} tested for 'm'? test forced to '${forced}'`,
          );
          return equal ? this.#no : this.#yes;
        }
        return expression;
      }
      default:
        return expression;
    }
  }

  #negate(operand: Expression): Expression {
    switch (operand.kind) {
      case 'not':
        return operand.operand;
      case 'and':
      case 'or':
        return this.transform({
          kind: operand.kind === 'or' ? 'and' : 'or',
          left: { kind: 'not', operand: operand.left },
          right: { kind: 'not', operand: operand.right },
        });
      case 'symbol':
        if (operand.symbol.index === YES) return this.#no;
        if (operand.symbol.index === NO) return this.#yes;
        if (operand.symbol.index === MOD) return this.#mod;
        return { kind: 'not', operand };
      default:
        return { kind: negated[operand.kind], left: operand.left, right: operand.right };
    }
  }

  /** Removes repeated and contradicting operands (expr_eliminate_dups()). */
  eliminateDuplicates(expression: Expression): Expression {
    const outer = this.#changes;
    let result = expression;
    do {
      this.#changes = 0;
      if (result.kind === 'and' || result.kind === 'or') {
        const left = this.eliminateDuplicates(result.left);
        const right = this.eliminateDuplicates(result.right);
        this.#pairs(result.kind, left, right, this.#joinLeaves);
        result = rejoin(result, this.#a, this.#b);
      }
      result = this.#eliminateConstants(result);
    } while (this.#changes > 0);
    this.#changes = outer;
    return result;
  }

  /**
   * What is left of the second expression when the operands that both have are taken out
   * (expr_eliminate_eq()).
   */
  withoutCommon(a: Expression, b: Expression): Expression {
    this.#eliminateEqual(a, b);
    return this.#b;
  }

  /** `A` becomes `A != n`, through all operators (expr_trans_compare() with E_UNEQUAL and n). */
  notNo(expression: Expression | undefined): Expression {
    return this.#compareNo(expression, false);
  }

  /** `FOO != n` becomes `FOO`: an old weakening of conditions (expr_trans_bool()). */
  weaken(expression: Expression): Expression {
    switch (expression.kind) {
      case 'and':
      case 'or':
        return rejoin(expression, this.weaken(expression.left), this.weaken(expression.right));
      case 'not':
        return { kind: 'not', operand: this.weaken(expression.operand) };
      case 'ne':
        return expression.left.type === 'tristate' && expression.right.index === NO
          ? symbolExpression(expression.left)
          : expression;
      default:
        return expression;
    }
  }

  #compareNo(expression: Expression | undefined, equal: boolean): Expression {
    if (!expression) return equal ? this.#no : { kind: 'not', operand: this.#no };
    switch (expression.kind) {
      case 'and':
      case 'or': {
        const joined: Expression = {
          kind: expression.kind === 'and' ? 'or' : 'and',
          left: this.#compareNo(expression.left, true),
          right: this.#compareNo(expression.right, true),
        };
        return equal ? joined : { kind: 'not', operand: joined };
      }
      case 'not':
        return this.#compareNo(expression.operand, !equal);
      case 'symbol':
        return { kind: equal ? 'eq' : 'ne', left: expression.symbol, right: this.#table.no };
      default:
        return equal ? { kind: 'not', operand: expression } : expression;
    }
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

  readonly #joinLeaves = (kind: Junction, a: Expression, b: Expression): void => {
    const joined = kind === 'or' ? this.#joinOr(a, b) : this.#joinAnd(a, b);
    this.#a = a;
    this.#b = b;
    if (joined) {
      this.#a = kind === 'or' ? this.#no : this.#yes;
      this.#b = joined;
      this.#changes++;
    }
  };

  readonly #equalLeaves = (kind: Junction, a: Expression, b: Expression): void => {
    const constant = isSymbol(a, YES) || isSymbol(a, NO);
    const same = constant && b.kind === 'symbol' && a.kind === 'symbol' && a.symbol === b.symbol;
    const equal = !same && this.#equal(a, b);
    this.#a = a;
    this.#b = b;
    if (equal) {
      this.#changes++;
      this.#a = kind === 'or' ? this.#no : this.#yes;
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
    this.#a = this.#eliminateConstants(this.#a);
    this.#b = this.#eliminateConstants(this.#b);
  }

  #equal(a: Expression, b: Expression): boolean {
    if (a === b) return true;
    if (a.kind !== b.kind) return false;
    if (a.kind === 'symbol') return b.kind === 'symbol' && a.symbol === b.symbol;
    if (a.kind === 'not') return b.kind === 'not' && this.#equal(a.operand, b.operand);
    if (a.kind === 'and' || a.kind === 'or') {
      const changes = this.#changes;
      this.#eliminateEqual(a, b);
      const [left, right] = [this.#a, this.#b];
      this.#changes = changes;
      return left.kind === 'symbol' && right.kind === 'symbol' && left.symbol === right.symbol;
    }
    return b.kind !== 'symbol' && b.kind !== 'not' && a.left === b.left && a.right === b.right;
  }

  #eliminateConstants(expression: Expression): Expression {
    if (expression.kind !== 'and' && expression.kind !== 'or') return expression;
    const left = this.#eliminateConstants(expression.left);
    const right = this.#eliminateConstants(expression.right);
    const [absorbing, neutral] = expression.kind === 'and' ? [NO, YES] : [YES, NO];
    if (isSymbol(left, absorbing)) return left;
    if (isSymbol(left, neutral)) return right;
    if (isSymbol(right, absorbing)) return right;
    if (isSymbol(right, neutral)) return left;
    return expression;
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

function rejoin(
  from: { readonly kind: Junction; readonly left: Expression; readonly right: Expression },
  left: Expression,
  right: Expression,
): Expression {
  if (left === from.left && right === from.right) return from as Expression;
  return { kind: from.kind, left, right };
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
