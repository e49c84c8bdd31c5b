import { KconfigSyntaxError } from './errors.ts';
import { symbolExpression } from './expression.ts';
import type { Lexer } from './lexer.ts';
import { Allowance, limits } from './limits.ts';
import type { Comparison, Dialect, Expression, KconfigSymbol, Location } from './model.ts';
import type { SymbolEntry, SymbolTable } from './symbols.ts';
import { Token, type TokenKind, tokenTexts } from './tokens.ts';

const comparisons: ReadonlyMap<TokenKind, Comparison> = new Map<TokenKind, Comparison>([
  [Token.equal, 'eq'],
  [Token.unequal, 'ne'],
  [Token.less, 'lt'],
  [Token.lessEqual, 'le'],
  [Token.greater, 'gt'],
  [Token.greaterEqual, 'ge'],
]);

/** An operand that is an answer of the host, to be put in its place once that is known. */
export interface Deferred {
  /** As the preprocessor has expanded it so far. */
  readonly text: string;
  readonly expression: { symbol: KconfigSymbol };
}

/**
 * The token at hand, and the parts of statements that are the same everywhere: names, quoted texts,
 * expressions, the end of the line.
 */
export class TokenReader {
  /** The first token that has not been used yet. */
  token: TokenKind = Token.eol;
  readonly lexer: Lexer;
  /** The operands that are answers not known yet. */
  readonly deferred: Deferred[] = [];
  readonly #table: SymbolTable;
  readonly #unquotedTexts: boolean;
  readonly #nesting = new Allowance(limits.nesting, 'an expression nests too deeply');
  #operators = new Allowance(0, '');
  #location: Location = { file: '', line: 0 };

  constructor(lexer: Lexer, table: SymbolTable, { unquotedTexts }: Dialect) {
    this.lexer = lexer;
    this.#table = table;
    this.#unquotedTexts = unquotedTexts;
  }

  ifExpression(): Expression | undefined {
    if (this.token !== Token.if) return undefined;
    this.advance();
    return this.expression();
  }

  expression(): Expression {
    this.#operators = new Allowance(limits.operators, 'an expression is too long');
    return this.#disjunction();
  }

  #disjunction(): Expression {
    let left = this.#conjunction();
    while (this.token === Token.or) {
      this.#operators.spend(1);
      this.advance();
      left = { kind: 'or', left, right: this.#conjunction() };
    }
    return left;
  }

  #conjunction(): Expression {
    let left = this.#term();
    while (this.token === Token.and) {
      this.#operators.spend(1);
      this.advance();
      left = { kind: 'and', left, right: this.#term() };
    }
    return left;
  }

  #term(): Expression {
    if (this.token === Token.not || this.token === Token.open) return this.#nested();
    if (this.lexer.takeAwaited()) return this.#awaitedTerm();
    const left = this.symbol();
    const kind = comparisons.get(this.token);
    if (!kind) return symbolExpression(left);
    this.advance();
    return { kind, left, right: this.symbol() };
  }

  /** A word that is not known yet: no symbol of its name must come to be. */
  #awaitedTerm(): Expression {
    const text = this.word();
    const expression = { kind: 'symbol' as const, symbol: this.#table.no };
    this.deferred.push({ text, expression });
    if (!comparisons.has(this.token)) return expression;
    this.lexer.unsettled();
    this.advance();
    this.symbol();
    return expression;
  }

  #nested(): Expression {
    const negated = this.token === Token.not;
    this.#nesting.spend(1);
    this.advance();
    const inner = negated ? this.#term() : this.#disjunction();
    if (!negated) this.expect(Token.close);
    this.#nesting.giveBack(1);
    return negated ? { kind: 'not', operand: inner } : inner;
  }

  symbol(): SymbolEntry {
    if (this.token === Token.quoted) return this.#table.constant(this.quoted());
    return this.#table.symbol(this.word());
  }

  word(): string {
    const { value } = this.lexer;
    this.expect(Token.word);
    return value;
  }

  quoted(): string {
    const { value } = this.lexer;
    this.expect(Token.quoted);
    return value;
  }

  /** Whether a prompt, a title or a file name comes next. */
  atText(): boolean {
    return this.token === Token.quoted || (this.#unquotedTexts && this.token === Token.word);
  }

  text(): string {
    return this.atText() && this.token === Token.word ? this.word() : this.quoted();
  }

  expect(kind: TokenKind): void {
    if (this.token !== kind) this.unexpected(describe(kind));
    this.advance();
  }

  atEndOfLine(): void {
    if (this.token !== Token.eol) this.unexpected('the end of the line');
  }

  advance(): void {
    this.token = this.lexer.next();
  }

  /** Where the statement at hand begins; one object for all that comes from it. */
  here(): Location {
    const { file, statementLine } = this.lexer;
    if (this.#location.line !== statementLine || this.#location.file !== file) {
      this.#location = { file, line: statementLine };
    }
    return this.#location;
  }

  unexpected(expected: string): never {
    const { value } = this.lexer;
    const found =
      this.token === Token.word || this.token === Token.quoted || this.token === Token.assigned
        ? `"${value}"`
        : describe(this.token);
    return this.fail(`syntax error: found ${found}, expected ${expected}`);
  }

  fail(reason: string, location: Location = this.here()): never {
    throw new KconfigSyntaxError(reason, location, this.lexer.includedFrom);
  }
}

function describe(kind: TokenKind): string {
  switch (kind) {
    case Token.eol:
      return 'the end of the line';
    case Token.end:
      return 'the end of the file';
    case Token.word:
      return 'a name';
    case Token.quoted:
      return 'a quoted text';
    default:
      return `'${tokenTexts.get(kind) ?? 'help text'}'`;
  }
}
