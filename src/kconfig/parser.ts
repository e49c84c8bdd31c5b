import type { MenuBuilder } from './builder.ts';
import { KconfigSyntaxError } from './errors.ts';
import { symbolExpression } from './expression.ts';
import { type Lexer, Token, type TokenKind } from './lexer.ts';
import type { Dialect, Expression, Location, SymbolType } from './model.ts';
import type { Preprocessor } from './preprocess.ts';
import type { MenuEntry, SymbolEntry } from './symbols.ts';

export interface ParserContext {
  readonly lexer: Lexer;
  readonly builder: MenuBuilder;
  readonly preprocessor: Preprocessor;
  readonly dialect: Dialect;
  /** Opens the file of a `source` statement; undefined if there is none. */
  readonly open: (file: string) => string | undefined;
}

type Block = 'menu' | 'choice' | 'if';

const typeOf = new Map<TokenKind, SymbolType>([
  [Token.bool, 'bool'],
  [Token.tristate, 'tristate'],
  [Token.int, 'int'],
  [Token.hex, 'hex'],
  [Token.string, 'string'],
]);

const blockEnds = new Map<TokenKind, Block>([
  [Token.endmenu, 'menu'],
  [Token.endchoice, 'choice'],
  [Token.endif, 'if'],
]);

const comparisons = new Map<TokenKind, 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'>([
  [Token.equal, 'eq'],
  [Token.unequal, 'ne'],
  [Token.less, 'lt'],
  [Token.lessEqual, 'le'],
  [Token.greater, 'gt'],
  [Token.greaterEqual, 'ge'],
]);

/** The names of the tokens for messages. */
const tokenNames = new Map<TokenKind, string>(
  Object.entries(Token).map(([name, kind]) => [kind, name]),
);

/**
 * The grammar of Kconfig files (scripts/kconfig/parser.y). The token at hand is always the first of
 * what comes next, so that a statement takes effect before anything behind it is read: macros of
 * the next line see the variables that this line sets.
 */
export class Parser {
  readonly #lexer: Lexer;
  readonly #builder: MenuBuilder;
  readonly #context: ParserContext;
  #token: TokenKind = Token.eol;
  #location: Location = { file: '', line: 0 };
  /** The choice whose members are being read. */
  #choice: SymbolEntry | undefined;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#lexer = context.lexer;
    this.#builder = context.builder;
  }

  /** @throws {KconfigSyntaxError} */
  parse(): void {
    this.#advance();
    if (this.#token === Token.mainmenu) {
      this.#advance();
      const text = this.#quoted();
      this.#atEndOfLine();
      this.#builder.addPrompt('menu', text, undefined, this.#here());
      this.#advance();
    }
    this.#statements(undefined);
    if (this.#token !== Token.end) this.#unexpected('a statement');
  }

  #statements(inside: MenuEntry | undefined): void {
    for (;;) {
      switch (this.#token) {
        case Token.config:
        case Token.menuconfig:
          this.#config();
          break;
        case Token.choice:
          this.#choiceBlock();
          break;
        case Token.comment:
          this.#comment();
          break;
        case Token.if:
          this.#ifBlock((entry) => this.#statements(entry));
          break;
        case Token.menu:
          this.#menuBlock();
          break;
        case Token.source:
          this.#source();
          break;
        case Token.word:
          this.#assignment();
          break;
        default:
          if (inside ? blockEnds.has(this.#token) : this.#token === Token.end) return;
          if (this.#token === Token.end && inside) this.#unterminated(inside);
          this.#unexpected('a statement');
      }
    }
  }

  #statementsInChoice(inside: MenuEntry): void {
    for (;;) {
      switch (this.#token) {
        case Token.config:
          this.#config();
          break;
        case Token.comment:
          this.#comment();
          break;
        case Token.if:
          this.#ifBlock((entry) => this.#statementsInChoice(entry));
          break;
        default:
          if (blockEnds.has(this.#token)) return;
          if (this.#token === Token.end) this.#unterminated(inside);
          this.#unexpected('config, comment or if, as a choice can hold nothing else,');
      }
    }
  }

  #config(): void {
    const isMenu = this.#token === Token.menuconfig;
    this.#advance();
    const symbol = this.#builder.table.symbol(this.#word());
    this.#atEndOfLine();
    const entry = this.#builder.addEntry(symbol, this.#here());
    this.#advance();
    this.#configOptions();
    if (isMenu) {
      if (entry.prompt) this.#makeMenu(entry);
      else this.#builder.warn(this.#here(), 'menuconfig statement without prompt');
    } else if (this.#choice) {
      this.#checkMember(entry, symbol);
    }
  }

  #makeMenu({ prompt }: MenuEntry): void {
    // `menuconfig` turns its own prompt into that of a menu.
    if (prompt) (prompt as { kind: 'menu' }).kind = 'menu';
  }

  #checkMember(entry: MenuEntry, symbol: SymbolEntry): void {
    if (this.#context.dialect.classicChoices) return;
    if (!entry.prompt) this.#fail('error: choice member must have a prompt', entry.location);
    if (symbol.type !== 'bool') this.#fail('error: choice member must be bool', entry.location);
    if (symbol.choice || !this.#choice) return;
    this.#choice.addMember(symbol);
  }

  #configOptions(): void {
    for (;;) {
      const kind = this.#token;
      const type = typeOf.get(kind);
      if (type) {
        this.#advance();
        this.#optionalPrompt();
        this.#atEndOfLine();
        this.#builder.setType(type);
      } else {
        switch (kind) {
          case Token.prompt:
            this.#promptOption();
            break;
          case Token.default:
          case Token.defBool:
          case Token.defTristate:
            this.#defaultOption(kind);
            break;
          case Token.select:
          case Token.imply:
            this.#selectOption(kind === Token.select ? 'select' : 'imply');
            break;
          case Token.range:
            this.#rangeOption();
            break;
          case Token.modules:
            this.#modulesOption();
            break;
          default:
            if (!this.#commonOption()) return;
            continue;
        }
      }
      this.#advance();
    }
  }

  /** `depends on` and `help`, which advance by themselves. */
  #commonOption(): boolean {
    if (this.#token === Token.depends) {
      this.#dependsOption();
      return true;
    }
    if (this.#token === Token.help) {
      this.#helpOption();
      return true;
    }
    return false;
  }

  #optionalPrompt(): void {
    if (this.#token !== Token.quoted) return;
    const text = this.#quoted();
    this.#builder.addPrompt('prompt', text, this.#ifExpression(), this.#here());
  }

  #promptOption(): void {
    this.#advance();
    const text = this.#quoted();
    const condition = this.#ifExpression();
    this.#atEndOfLine();
    this.#builder.addPrompt('prompt', text, condition, this.#here());
  }

  #defaultOption(kind: TokenKind): void {
    this.#advance();
    const value = this.#expression();
    const condition = this.#ifExpression();
    this.#atEndOfLine();
    this.#builder.addDefault(value, condition, this.#here());
    if (kind === Token.defBool) this.#builder.setType('bool');
    else if (kind === Token.defTristate) this.#builder.setType('tristate');
  }

  #selectOption(kind: 'select' | 'imply'): void {
    this.#advance();
    const target = this.#builder.table.symbol(this.#word());
    const condition = this.#ifExpression();
    this.#atEndOfLine();
    this.#builder.addSelect(kind, target, condition, this.#here());
  }

  #rangeOption(): void {
    this.#advance();
    const low = this.#symbol();
    const high = this.#symbol();
    const condition = this.#ifExpression();
    this.#atEndOfLine();
    this.#builder.addRange(low, high, condition, this.#here());
  }

  #modulesOption(): void {
    this.#advance();
    this.#atEndOfLine();
    const { entry, modules } = this.#builder;
    if (modules) {
      this.#fail(
        `symbol '${entry.symbol?.name}' redefines option 'modules' already defined by symbol ` +
          `'${modules.name}'`,
      );
    }
    this.#builder.modules = entry.symbol;
  }

  #dependsOption(): void {
    this.#advance();
    this.#expect(Token.on);
    const expression = this.#expression();
    this.#atEndOfLine();
    this.#builder.addDependency(expression);
    this.#advance();
  }

  #helpOption(): void {
    this.#advance();
    this.#atEndOfLine();
    this.#lexer.startHelp();
    this.#advance();
    const { entry } = this.#builder;
    const name = entry.symbol?.name ?? '<choice>';
    const text = this.#lexer.value;
    if (entry.rawHelp !== undefined) {
      this.#builder.warn(
        this.#here(),
        `'${name}' defined with more than one help text -- only the last one will be used`,
      );
    }
    if (!/\S/.test(text)) {
      this.#builder.warn(this.#here(), `'${name}' defined with blank help text`);
    }
    entry.rawHelp = text;
    this.#advance();
  }

  #choiceBlock(): void {
    const { classicChoices } = this.#context.dialect;
    this.#advance();
    const name = classicChoices && this.#token === Token.word ? this.#word() : undefined;
    this.#atEndOfLine();
    const symbol = this.#builder.table.choice(name);
    const entry = this.#builder.addEntry(symbol, this.#here());
    if (!classicChoices) this.#builder.setType('bool');
    this.#advance();
    this.#choiceOptions(symbol);
    if (!classicChoices && !entry.prompt) {
      this.#fail('error: choice must have a prompt', entry.location);
    }
    this.#builder.openMenu();
    this.#choice = symbol;
    this.#statementsInChoice(entry);
    this.#choice = undefined;
    this.#blockEnd('choice');
  }

  #choiceOptions(symbol: SymbolEntry): void {
    const { classicChoices } = this.#context.dialect;
    for (;;) {
      switch (this.#token) {
        case Token.prompt:
          this.#promptOption();
          break;
        case Token.bool:
          if (!classicChoices) {
            this.#promptOption();
            break;
          }
          this.#choiceType('bool');
          break;
        case Token.tristate:
          if (!classicChoices) return;
          this.#choiceType('tristate');
          break;
        case Token.optional:
          if (!classicChoices) return;
          this.#advance();
          this.#atEndOfLine();
          symbol.optional = true;
          break;
        case Token.default: {
          this.#advance();
          const target = this.#builder.table.symbol(this.#word());
          const condition = this.#ifExpression();
          this.#atEndOfLine();
          this.#builder.addDefault(symbolExpression(target), condition, this.#here());
          break;
        }
        default:
          if (!this.#commonOption()) return;
          continue;
      }
      this.#advance();
    }
  }

  #choiceType(type: SymbolType): void {
    this.#advance();
    this.#optionalPrompt();
    this.#atEndOfLine();
    this.#builder.setType(type);
  }

  #ifBlock(body: (entry: MenuEntry) => void): void {
    this.#advance();
    const expression = this.#expression();
    this.#atEndOfLine();
    const entry = this.#builder.addEntry(undefined, this.#here());
    this.#builder.addDependency(expression);
    this.#builder.openMenu();
    this.#advance();
    body(entry);
    this.#blockEnd('if');
  }

  #menuBlock(): void {
    this.#advance();
    const text = this.#quoted();
    this.#atEndOfLine();
    const entry = this.#builder.addEntry(undefined, this.#here());
    this.#builder.addPrompt('menu', text, undefined, this.#here());
    this.#advance();
    for (;;) {
      if (this.#token === Token.visible) {
        this.#advance();
        const condition = this.#ifExpression();
        this.#atEndOfLine();
        this.#builder.addVisibility(condition);
        this.#advance();
      } else if (this.#token === Token.depends) {
        this.#dependsOption();
      } else break;
    }
    this.#builder.openMenu();
    this.#statements(entry);
    this.#blockEnd('menu');
  }

  #blockEnd(block: Block): void {
    const found = blockEnds.get(this.#token);
    this.#advance();
    this.#atEndOfLine();
    if (found !== block) this.#fail(`unexpected '${found}' within ${block} block`);
    const { menu } = this.#builder;
    if (menu.location.file !== this.#lexer.file) {
      this.#fail(
        `'${found}' in different file than '${block}' ` +
          `(which is at ${menu.location.file}:${menu.location.line})`,
      );
    }
    this.#builder.closeMenu();
    this.#advance();
  }

  #comment(): void {
    this.#advance();
    const text = this.#quoted();
    this.#atEndOfLine();
    this.#builder.addEntry(undefined, this.#here());
    this.#builder.addPrompt('comment', text, undefined, this.#here());
    this.#advance();
    while (this.#token === Token.depends) this.#dependsOption();
  }

  #source(): void {
    this.#advance();
    const file = this.#quoted();
    this.#atEndOfLine();
    const text = this.#context.open(file);
    if (text === undefined) this.#fail(`can't open file "${file}"`);
    const here = this.#here();
    const outer = [here, ...this.#lexer.includedFrom];
    const loop = outer.findIndex((location) => location.file === file);
    if (loop >= 0) this.#recursiveInclusion(file, outer, loop);
    this.#lexer.include(file, text);
    this.#advance();
  }

  #recursiveInclusion(file: string, outer: readonly Location[], loop: number): never {
    // Older kconfig names the files of the circle only, newer all that led to it.
    const shown = this.#context.dialect.errorsNameStatement ? outer : outer.slice(0, loop + 1);
    const chain = shown.map((location) => `  included from: ${location.file}:${location.line}\n`);
    const diagnostics = `Recursive inclusion detected.\nInclusion path:\n  current file : ${file}\n${chain.join('')}`;
    throw new KconfigSyntaxError(
      `"${file}" includes itself`,
      this.#here(),
      this.#lexer.includedFrom,
      diagnostics,
    );
  }

  #assignment(): void {
    const name = this.#lexer.value;
    this.#advance();
    const operator =
      this.#token === Token.equal
        ? '='
        : this.#token === Token.colonEqual
          ? ':='
          : this.#token === Token.plusEqual
            ? '+='
            : undefined;
    if (!operator) this.#fail(`unknown statement "${name}"`);
    this.#advance();
    let value = '';
    if (this.#token === Token.assigned) {
      value = this.#lexer.value;
      this.#advance();
    }
    this.#atEndOfLine();
    this.#context.preprocessor.assign(name, operator, value);
    this.#advance();
  }

  #ifExpression(): Expression | undefined {
    if (this.#token !== Token.if) return undefined;
    this.#advance();
    return this.#expression();
  }

  #expression(): Expression {
    let left = this.#conjunction();
    while (this.#token === Token.or) {
      this.#advance();
      left = { kind: 'or', left, right: this.#conjunction() };
    }
    return left;
  }

  #conjunction(): Expression {
    let left = this.#term();
    while (this.#token === Token.and) {
      this.#advance();
      left = { kind: 'and', left, right: this.#term() };
    }
    return left;
  }

  #term(): Expression {
    if (this.#token === Token.not) {
      this.#advance();
      return { kind: 'not', operand: this.#term() };
    }
    if (this.#token === Token.open) {
      this.#advance();
      const inner = this.#expression();
      this.#expect(Token.close);
      return inner;
    }
    const left = this.#symbol();
    const kind = comparisons.get(this.#token);
    if (!kind) return symbolExpression(left);
    this.#advance();
    return { kind, left, right: this.#symbol() };
  }

  #symbol(): SymbolEntry {
    if (this.#token === Token.quoted) return this.#builder.table.constant(this.#quoted());
    return this.#builder.table.symbol(this.#word());
  }

  #word(): string {
    const { value } = this.#lexer;
    this.#expect(Token.word);
    return value;
  }

  #quoted(): string {
    const { value } = this.#lexer;
    this.#expect(Token.quoted);
    return value;
  }

  #expect(kind: TokenKind): void {
    if (this.#token !== kind) this.#unexpected(describe(kind));
    this.#advance();
  }

  #atEndOfLine(): void {
    if (this.#token !== Token.eol) this.#unexpected('the end of the line');
  }

  #advance(): void {
    this.#token = this.#lexer.next();
  }

  /** Where the statement at hand begins; one object for all that comes from it. */
  #here(): Location {
    const { file, statementLine } = this.#lexer;
    if (this.#location.line !== statementLine || this.#location.file !== file) {
      this.#location = { file, line: statementLine };
    }
    return this.#location;
  }

  #unexpected(expected: string): never {
    const { value } = this.#lexer;
    const found =
      this.#token === Token.word || this.#token === Token.quoted || this.#token === Token.assigned
        ? `"${value}"`
        : describe(this.#token);
    return this.#fail(`syntax error: found ${found}, expected ${expected}`);
  }

  #unterminated(entry: MenuEntry): never {
    return this.#fail('missing end statement for this entry', entry.location);
  }

  #fail(reason: string, location: Location = this.#here()): never {
    throw new KconfigSyntaxError(reason, location, this.#lexer.includedFrom);
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
      return `'${tokenNames.get(kind)}'`;
  }
}
