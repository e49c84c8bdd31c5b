import type { MenuBuilder } from './builder.ts';
import { KconfigSyntaxError } from './errors.ts';
import type { Lexer } from './lexer.ts';
import type { Dialect, Location } from './model.ts';
import { OptionParser } from './options.ts';
import type { Preprocessor } from './preprocess.ts';
import { type Deferred, TokenReader } from './reader.ts';
import { expandNames } from './references.ts';
import type { MenuEntry, SymbolEntry } from './symbols.ts';
import { Token, type TokenKind } from './tokens.ts';

export interface ParserContext {
  readonly lexer: Lexer;
  readonly builder: MenuBuilder;
  readonly preprocessor: Preprocessor;
  readonly dialect: Dialect;
  readonly environment: Readonly<Record<string, string>>;
  /** Opens the file of a `source` statement; undefined if there is none. */
  readonly open: (file: string) => string | undefined;
}

type Block = 'menu' | 'choice' | 'if';

const blockEnds: ReadonlyMap<TokenKind, Block> = new Map<TokenKind, Block>([
  [Token.endmenu, 'menu'],
  [Token.endchoice, 'choice'],
  [Token.endif, 'if'],
]);

const assignments: ReadonlyMap<TokenKind, '=' | ':=' | '+='> = new Map<
  TokenKind,
  '=' | ':=' | '+='
>([
  [Token.equal, '='],
  [Token.colonEqual, ':='],
  [Token.plusEqual, '+='],
]);

/**
 * The grammar of Kconfig files (scripts/kconfig/parser.y). The token at hand is always the first of
 * what comes next, so that a statement takes effect before anything behind it is read: macros of
 * the next line see the variables that this line sets.
 */
export class Parser {
  readonly #context: ParserContext;
  readonly #builder: MenuBuilder;
  readonly #reader: TokenReader;
  readonly #options: OptionParser;
  /** The choice whose members are being read. */
  #choice: SymbolEntry | undefined;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#builder = context.builder;
    this.#reader = new TokenReader(context.lexer, context.builder.table, context.dialect);
    this.#options = new OptionParser(this.#reader, context);
  }

  /**
   * @returns the operands that are answers not known yet
   * @throws {KconfigSyntaxError}
   */
  parse(): readonly Deferred[] {
    this.#reader.advance();
    if (this.#reader.token === Token.mainmenu && !this.#context.dialect.idleTitles) {
      const text = this.#title();
      this.#builder.addPrompt('menu', text, undefined, this.#reader.here());
      this.#reader.advance();
    }
    this.#statements(undefined);
    if (this.#reader.token !== Token.end) this.#reader.unexpected('a statement');
    return this.#reader.deferred;
  }

  #title(): string {
    this.#reader.advance();
    const text = this.#reader.text();
    this.#reader.atEndOfLine();
    return text;
  }

  #statements(inside: MenuEntry | undefined): void {
    for (;;) {
      switch (this.#reader.token) {
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
        case Token.mainmenu:
          if (inside || !this.#context.dialect.idleTitles) this.#reader.unexpected('a statement');
          this.#title();
          this.#reader.advance();
          break;
        default:
          if (inside ? blockEnds.has(this.#reader.token) : this.#reader.token === Token.end) return;
          if (this.#reader.token === Token.end && inside) this.#unterminated(inside);
          this.#reader.unexpected('a statement');
      }
    }
  }

  #statementsInChoice(inside: MenuEntry): void {
    if (!this.#context.dialect.strictChoices) {
      this.#statements(inside);
      return;
    }
    for (;;) {
      switch (this.#reader.token) {
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
          if (blockEnds.has(this.#reader.token)) return;
          if (this.#reader.token === Token.end) this.#unterminated(inside);
          this.#reader.unexpected('config, comment or if, as a choice can hold nothing else,');
      }
    }
  }

  #config(): void {
    const isMenu = this.#reader.token === Token.menuconfig;
    this.#reader.advance();
    const symbol = this.#builder.table.symbol(this.#reader.word());
    this.#reader.atEndOfLine();
    const entry = this.#builder.addEntry(symbol, this.#reader.here());
    this.#reader.advance();
    this.#options.configOptions();
    if (isMenu) {
      if (entry.prompt) this.#makeMenu(entry);
      else this.#builder.warn(this.#reader.here(), 'menuconfig statement without prompt');
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
    if (!entry.prompt) this.#reader.fail('error: choice member must have a prompt', entry.location);
    if (symbol.type !== 'bool')
      this.#reader.fail('error: choice member must be bool', entry.location);
    if (symbol.choice || !this.#choice) return;
    this.#choice.addMember(symbol);
  }

  #choiceBlock(): void {
    const { classicChoices } = this.#context.dialect;
    this.#reader.advance();
    const name =
      classicChoices && this.#reader.token === Token.word ? this.#reader.word() : undefined;
    this.#reader.atEndOfLine();
    const symbol = this.#builder.table.choice(name);
    const entry = this.#builder.addEntry(symbol, this.#reader.here());
    if (!classicChoices) this.#builder.setType('bool');
    this.#reader.advance();
    this.#options.choiceOptions(symbol);
    if (!classicChoices && !entry.prompt) {
      this.#reader.fail('error: choice must have a prompt', entry.location);
    }
    this.#builder.openMenu();
    this.#choice = symbol;
    this.#statementsInChoice(entry);
    this.#choice = undefined;
    this.#blockEnd('choice');
  }

  #ifBlock(body: (entry: MenuEntry) => void): void {
    this.#reader.advance();
    const expression = this.#reader.expression();
    this.#reader.atEndOfLine();
    const entry = this.#builder.addEntry(undefined, this.#reader.here());
    this.#builder.addDependency(expression);
    this.#builder.openMenu();
    this.#reader.advance();
    body(entry);
    this.#blockEnd('if');
  }

  #menuBlock(): void {
    this.#reader.advance();
    const text = this.#reader.text();
    this.#reader.atEndOfLine();
    const entry = this.#builder.addEntry(undefined, this.#reader.here());
    this.#builder.addPrompt('menu', text, undefined, this.#reader.here());
    this.#reader.advance();
    for (;;) {
      if (this.#reader.token === Token.visible) {
        this.#reader.advance();
        const condition = this.#reader.ifExpression();
        this.#reader.atEndOfLine();
        this.#builder.addVisibility(condition);
        this.#reader.advance();
      } else if (this.#reader.token === Token.depends) {
        this.#options.dependsOption();
      } else break;
    }
    this.#builder.openMenu();
    this.#statements(entry);
    this.#blockEnd('menu');
  }

  #blockEnd(block: Block): void {
    const found = blockEnds.get(this.#reader.token);
    this.#reader.advance();
    this.#reader.atEndOfLine();
    if (found !== block) this.#reader.fail(`unexpected '${found}' within ${block} block`);
    const { menu } = this.#builder;
    if (menu.location.file !== this.#context.lexer.file) {
      this.#reader.fail(
        `'${found}' in different file than '${block}' ` +
          `(which is at ${menu.location.file}:${menu.location.line})`,
      );
    }
    this.#builder.closeMenu();
    this.#reader.advance();
  }

  #comment(): void {
    this.#reader.advance();
    const text = this.#reader.text();
    this.#reader.atEndOfLine();
    this.#builder.addEntry(undefined, this.#reader.here());
    this.#builder.addPrompt('comment', text, undefined, this.#reader.here());
    this.#reader.advance();
    while (this.#reader.token === Token.depends) this.#options.dependsOption();
  }

  #source(): void {
    this.#reader.advance();
    const text = this.#reader.text();
    const { dialect } = this.#context;
    const file = dialect.expandsNames ? expandNames(text, this.#builder.table) : text;
    this.#reader.atEndOfLine();
    const content = this.#context.open(file);
    if (content === undefined) this.#reader.fail(`can't open file "${file}"`);
    const here = this.#reader.here();
    const outer = [here, ...this.#context.lexer.includedFrom];
    const loop = outer.findIndex((location) => location.file === file);
    if (loop >= 0) this.#recursiveInclusion(file, outer, loop);
    this.#context.lexer.include(file, content);
    this.#reader.advance();
  }

  #recursiveInclusion(file: string, outer: readonly Location[], loop: number): never {
    // Older kconfig names the files of the circle only, newer all that led to it.
    const shown = this.#context.dialect.shortRecursionReports ? outer : outer.slice(0, loop + 1);
    const chain = shown.map((location) => `  included from: ${location.file}:${location.line}\n`);
    const diagnostics = `Recursive inclusion detected.\nInclusion path:\n  current file : ${file}\n${chain.join('')}`;
    throw new KconfigSyntaxError(
      `"${file}" includes itself`,
      this.#reader.here(),
      this.#context.lexer.includedFrom,
      diagnostics,
    );
  }

  #assignment(): void {
    const name = this.#context.lexer.value;
    this.#reader.advance();
    const operator = assignments.get(this.#reader.token);
    if (!operator || !this.#context.dialect.macros)
      this.#reader.fail(`unknown statement "${name}"`);
    this.#reader.advance();
    let value = '';
    if (this.#reader.token === Token.assigned) {
      value = this.#context.lexer.value;
      this.#reader.advance();
    }
    this.#reader.atEndOfLine();
    this.#context.preprocessor.assign(name, operator, value);
    this.#reader.advance();
  }

  #unterminated(entry: MenuEntry): never {
    return this.#reader.fail('missing end statement for this entry', entry.location);
  }
}
