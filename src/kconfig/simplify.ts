import { symbolExpression } from './expression.ts';
import { isSymbol, Joiner, type Junction, rejoin } from './join.ts';
import type { Expression, KconfigSymbol } from './model.ts';
import { eliminateDuplicatesClassic } from './simplify-classic.ts';
import { MOD, NO, type SymbolTable, YES } from './symbols.ts';

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
  readonly #joiner: Joiner;
  readonly #classic: boolean;
  /** Expressions that come out of {@link #eliminateDuplicates} as they are: entries share them. */
  readonly #simple = new Set<Expression>();
  // What a walk over pairs comes to, which would otherwise allocate a pair for each leaf.
  #changes = 0;
  #a: Expression;
  #b: Expression;

  /**
   * @param classic - as kconfig up to 6.11 does it, where that differs
   * @param note - receives the remarks that conf prints to stdout
   */
  constructor(table: SymbolTable, classic: boolean, note: (message: string) => void) {
    this.#table = table;
    this.#classic = classic;
    this.#joiner = new Joiner(table, classic);
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
    return this.#classic
      ? eliminateDuplicatesClassic(expression, this.#joiner)
      : this.#eliminateDuplicates(expression);
  }

  #eliminateDuplicates(expression: Expression): Expression {
    if (expression.kind !== 'and' && expression.kind !== 'or') return expression;
    let result: Expression = expression;
    for (;;) {
      if (this.#simple.has(result)) return result;
      const before: Expression = result;
      let changes = 0;
      if (result.kind === 'and' || result.kind === 'or') {
        const left = this.#eliminateDuplicates(result.left);
        const right = this.#eliminateDuplicates(result.right);
        this.#changes = 0;
        this.#pairs(result.kind, left, right);
        changes = this.#changes;
        result = rejoin(result, this.#a, this.#b);
      }
      result = this.#joiner.withoutConstants(result);
      if (changes === 0 && result === before) this.#simple.add(result);
      if (changes === 0) return result;
    }
  }

  /** Joins every operand of `a` with every one of `b`; the results are left in #a and #b. */
  #pairs(kind: Junction, a: Expression, b: Expression): void {
    if (a.kind === kind) {
      this.#pairs(kind, a.left, b);
      const left = this.#a;
      this.#pairs(kind, a.right, this.#b);
      this.#a = rejoin(a, left, this.#a);
    } else if (b.kind === kind) {
      this.#pairs(kind, a, b.left);
      const left = this.#b;
      this.#pairs(kind, this.#a, b.right);
      this.#b = rejoin(b, left, this.#b);
    } else {
      const joined = this.#joiner.join(kind, a, b);
      if (joined) this.#changes++;
      this.#a = joined ? this.#joiner.neutral(kind) : a;
      this.#b = joined ?? b;
    }
  }

  withoutCommon(a: Expression, b: Expression): Expression {
    return this.#joiner.withoutCommon(a, b);
  }

  /** `A` becomes `A != n`, through all operators (expr_trans_compare() with E_UNEQUAL and n). */
  notNo(expression: Expression | undefined): Expression {
    return compareWithNo(expression, false, this.#table);
  }

  /** `FOO != n` becomes `FOO`: an old weakening of conditions (expr_trans_bool()). */
  weaken(expression: Expression): Expression {
    switch (expression.kind) {
      case 'and':
      case 'or':
        return rejoin(expression, this.weaken(expression.left), this.weaken(expression.right));
      case 'not': {
        const operand = this.weaken(expression.operand);
        return operand === expression.operand ? expression : { kind: 'not', operand };
      }
      case 'ne':
        return expression.left.type === 'tristate' && expression.right.index === NO
          ? symbolExpression(expression.left)
          : expression;
      default:
        return expression;
    }
  }
}

/**
 * `A` becomes `A = n` (or `A != n`), through all operators (expr_trans_compare()).
 */
export function compareWithNo(
  expression: Expression | undefined,
  equal: boolean,
  table: SymbolTable,
): Expression {
  const no = symbolExpression(table.no);
  if (!expression) return equal ? no : { kind: 'not', operand: no };
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const joined: Expression = {
        kind: expression.kind === 'and' ? 'or' : 'and',
        left: compareWithNo(expression.left, true, table),
        right: compareWithNo(expression.right, true, table),
      };
      return equal ? joined : { kind: 'not', operand: joined };
    }
    case 'not':
      return compareWithNo(expression.operand, !equal, table);
    case 'symbol':
      return { kind: equal ? 'eq' : 'ne', left: expression.symbol, right: table.no };
    default:
      return equal ? { kind: 'not', operand: expression } : expression;
  }
}
