import type { MenuBuilder } from './builder.ts';
import { symbolExpression } from './expression.ts';
import type { Dialect, SymbolType } from './model.ts';
import type { TokenReader } from './reader.ts';
import { variableOf } from './references.ts';
import type { SymbolEntry } from './symbols.ts';
import { Token, type TokenKind } from './tokens.ts';

const typeOf: ReadonlyMap<TokenKind, SymbolType> = new Map<TokenKind, SymbolType>([
  [Token.bool, 'bool'],
  [Token.tristate, 'tristate'],
  [Token.int, 'int'],
  [Token.hex, 'hex'],
  [Token.string, 'string'],
]);

interface OptionContext {
  readonly builder: MenuBuilder;
  readonly dialect: Dialect;
  readonly environment: Readonly<Record<string, string>>;
}

/** The options of entries: what stands in the lines below `config`, `choice`, `menu`, `comment`. */
export class OptionParser {
  readonly #reader: TokenReader;
  readonly #builder: MenuBuilder;
  readonly #dialect: Dialect;
  readonly #environment: Readonly<Record<string, string>>;

  constructor(reader: TokenReader, { builder, dialect, environment }: OptionContext) {
    this.#reader = reader;
    this.#builder = builder;
    this.#dialect = dialect;
    this.#environment = environment;
  }

  configOptions(): void {
    for (;;) {
      const kind = this.#reader.token;
      const type = typeOf.get(kind);
      if (type) {
        this.#reader.advance();
        this.#optionalPrompt();
        this.#reader.atEndOfLine();
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
          case Token.transitional:
            this.#transitionalOption();
            break;
          case Token.option:
            this.#optionLine();
            break;
          default:
            if (!this.#commonOption()) return;
            continue;
        }
      }
      this.#reader.advance();
    }
  }

  /** `depends on` and `help`, which advance by themselves. */
  #commonOption(): boolean {
    if (this.#reader.token === Token.depends) {
      this.dependsOption();
      return true;
    }
    if (this.#reader.token === Token.help) {
      this.#helpOption();
      return true;
    }
    return false;
  }

  #optionalPrompt(): void {
    if (!this.#reader.atText()) return;
    const text = this.#reader.text();
    this.#builder.addPrompt('prompt', text, this.#reader.ifExpression(), this.#reader.here());
  }

  #promptOption(): void {
    this.#reader.advance();
    const text = this.#reader.text();
    const condition = this.#reader.ifExpression();
    this.#reader.atEndOfLine();
    this.#builder.addPrompt('prompt', text, condition, this.#reader.here());
  }

  #defaultOption(kind: TokenKind): void {
    this.#reader.advance();
    const value = this.#reader.expression();
    const condition = this.#reader.ifExpression();
    this.#reader.atEndOfLine();
    this.#builder.addDefault(value, condition, this.#reader.here());
    if (kind === Token.defBool) this.#builder.setType('bool');
    else if (kind === Token.defTristate) this.#builder.setType('tristate');
  }

  #selectOption(kind: 'select' | 'imply'): void {
    this.#reader.advance();
    const target = this.#builder.table.symbol(this.#reader.word());
    const condition = this.#reader.ifExpression();
    this.#reader.atEndOfLine();
    this.#builder.addSelect(kind, target, condition, this.#reader.here());
  }

  #rangeOption(): void {
    this.#reader.advance();
    const low = this.#reader.symbol();
    const high = this.#reader.symbol();
    const condition = this.#reader.ifExpression();
    this.#reader.atEndOfLine();
    this.#builder.addRange(low, high, condition, this.#reader.here());
  }

  #modulesOption(): void {
    this.#reader.advance();
    this.#reader.atEndOfLine();
    this.#makeModules();
  }

  #makeModules(): void {
    const { entry, modules } = this.#builder;
    if (modules) {
      this.#reader.fail(
        `symbol '${entry.symbol?.name}' redefines option 'modules' already defined by symbol ` +
          `'${modules.name}'`,
      );
    }
    this.#builder.modules = entry.symbol;
  }

  /** `option NAME` or `option NAME="value"`, any number of them in a line. */
  #optionLine(): void {
    this.#reader.advance();
    while (this.#reader.token !== Token.eol) {
      const isModules = this.#reader.token === Token.modules;
      const name = isModules ? 'modules' : this.#reader.word();
      if (isModules) this.#reader.advance();
      let value = '';
      if (this.#reader.token === Token.equal) {
        this.#reader.advance();
        value = this.#reader.text();
      }
      this.#applyOption(name, value);
    }
  }

  #applyOption(name: string, value: string): void {
    const { symbol } = this.#builder.entry;
    if (name === 'modules') this.#makeModules();
    else if (name === 'defconfig_list' && symbol) this.#makeDefconfigList(symbol);
    else if (name === 'env' && this.#dialect.environmentOptions && symbol) {
      this.#addEnvironment(symbol, value);
    }
    // What allnoconfig makes of a symbol is no matter here.
    else if (name !== 'allnoconfig_y') {
      this.#builder.warn(this.#reader.here(), `ignoring unknown option ${name}`);
    }
  }

  #makeDefconfigList(symbol: SymbolEntry): void {
    this.#builder.defconfigList ??= symbol;
    if (this.#builder.defconfigList !== symbol) {
      this.#reader.fail('trying to redefine defconfig symbol');
    }
    if (!this.#dialect.writesDefconfigList) symbol.unwritten = true;
  }

  /** Gives a symbol the value of a variable of the environment. */
  #addEnvironment(symbol: SymbolEntry, variable: string): void {
    const builder = this.#builder;
    const here = this.#reader.here();
    symbol.unwritten = true;
    const value = variableOf(this.#environment, variable);
    if (value === undefined) {
      builder.warn(here, `environment variable ${variable} undefined`);
      return;
    }
    builder.addDefault(symbolExpression(builder.table.constant(value)), undefined, here);
  }

  #transitionalOption(): void {
    this.#reader.advance();
    this.#reader.atEndOfLine();
    const { symbol } = this.#builder.entry;
    if (!symbol) return;
    symbol.transitional = true;
    symbol.unwritten = true;
  }

  dependsOption(): void {
    this.#reader.advance();
    if (this.#reader.token === Token.on || !this.#dialect.bareDepends) {
      this.#reader.expect(Token.on);
    }
    const expression = this.#reader.expression();
    const deferredBefore = this.#reader.deferred.length;
    const condition = this.#dialect.conditionalDependencies
      ? this.#reader.ifExpression()
      : undefined;
    // The builder takes such a condition apart.
    if (this.#reader.deferred.length > deferredBefore) this.#reader.lexer.unsettled();
    this.#reader.atEndOfLine();
    this.#builder.addDependency(expression, condition);
    this.#reader.advance();
  }

  #helpOption(): void {
    this.#reader.advance();
    this.#reader.atEndOfLine();
    this.#reader.lexer.startHelp();
    this.#reader.advance();
    const { entry } = this.#builder;
    const name = entry.symbol?.name ?? '<choice>';
    const text = this.#reader.lexer.value;
    if (entry.rawHelp !== undefined) {
      this.#builder.warn(
        this.#reader.here(),
        `'${name}' defined with more than one help text -- only the last one will be used`,
      );
    }
    if (!/\S/.test(text)) {
      this.#builder.warn(this.#reader.here(), `'${name}' defined with blank help text`);
    }
    entry.rawHelp = text;
    this.#reader.advance();
  }

  choiceOptions(symbol: SymbolEntry): void {
    const { classicChoices } = this.#dialect;
    for (;;) {
      switch (this.#reader.token) {
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
          this.#reader.advance();
          this.#reader.atEndOfLine();
          symbol.optional = true;
          break;
        case Token.default: {
          this.#reader.advance();
          const target = this.#builder.table.symbol(this.#reader.word());
          const condition = this.#reader.ifExpression();
          this.#reader.atEndOfLine();
          this.#builder.addDefault(symbolExpression(target), condition, this.#reader.here());
          break;
        }
        default:
          if (!this.#commonOption()) return;
          continue;
      }
      this.#reader.advance();
    }
  }

  #choiceType(type: SymbolType): void {
    this.#reader.advance();
    this.#optionalPrompt();
    this.#reader.atEndOfLine();
    this.#builder.setType(type);
  }
}
