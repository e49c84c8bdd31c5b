import { and, or, symbolExpression } from './expression.ts';
import { Allowance, limits } from './limits.ts';
import type {
  Expression,
  KconfigSymbol,
  KconfigWarning,
  Location,
  PromptProperty,
  Property,
  SymbolType,
} from './model.ts';
import { expandNames } from './references.ts';
import { compareWithNo } from './simplify.ts';
import { MenuEntry, type SymbolEntry, type SymbolTable } from './symbols.ts';

const typeNames: Readonly<Record<SymbolType, string>> = {
  unknown: 'unknown',
  bool: 'bool',
  tristate: 'tristate',
  int: 'integer',
  hex: 'hex',
  string: 'string',
};

const conditionsOfAnEntry = () =>
  new Allowance(limits.conditions, 'an entry has too many conditions');

/** Puts the menu tree together, entry by entry, as the parser meets them (menu.c). */
export class MenuBuilder {
  readonly root: MenuEntry;
  readonly table: SymbolTable;
  readonly warnings: KconfigWarning[] = [];
  /** The entry that options belong to. */
  entry: MenuEntry;
  /** The menu, if or choice that entries are added to. */
  menu: MenuEntry;
  modules: SymbolEntry | undefined;
  /** The symbol whose defaults name the files to start from where there is no `.config`. */
  defconfigList: SymbolEntry | undefined;
  #last: MenuEntry | undefined;
  readonly #nesting = new Allowance(limits.nesting, 'menus, choices and ifs nest too deeply');
  #conditions = conditionsOfAnEntry();

  constructor(table: SymbolTable, rootLocation: Location) {
    this.table = table;
    this.root = new MenuEntry(undefined, undefined, rootLocation);
    this.entry = this.root;
    this.menu = this.root;
  }

  /** Defines what sym_init() of symbol.c does; the kernel that runs is no matter here. */
  definePredefined(): void {
    const release = this.table.symbol('UNAME_RELEASE');
    release.type = 'string';
    release.unwritten = true;
  }

  /** Defines what sym_init() of 2.6.18 does besides: these two have the environment's values. */
  definePredefinedEnvironment(environment: Readonly<Record<string, string>>): void {
    for (const name of ['ARCH', 'KERNELVERSION']) {
      const symbol = this.table.symbol(name);
      symbol.type = 'string';
      symbol.unwritten = true;
      const value = environment[name];
      if (value === undefined) continue;
      symbol.addProperty({
        kind: 'default',
        value: symbolExpression(this.table.constant(value)),
        condition: undefined,
        location: this.root.location,
        menu: this.root,
      });
    }
  }

  expandTitle(): void {
    const { prompt } = this.root;
    if (prompt) (prompt as { text: string }).text = expandNames(prompt.text, this.table);
  }

  addEntry(symbol: SymbolEntry | undefined, location: Location): MenuEntry {
    const entry = new MenuEntry(symbol, this.menu, location);
    if (this.#last) this.#last.next = entry;
    else this.menu.first = entry;
    this.#last = entry;
    this.entry = entry;
    this.#conditions = conditionsOfAnEntry();
    symbol?.addMenu(entry);
    return entry;
  }

  /** Entries now go into the last one. */
  openMenu(): void {
    this.#nesting.spend(1);
    this.menu = this.entry;
    this.#last = undefined;
  }

  closeMenu(): void {
    this.#nesting.giveBack(1);
    this.#last = this.menu;
    this.menu = this.menu.parent ?? this.root;
  }

  /** @param condition - where it is n, the entry does not depend on the expression */
  addDependency(expression: Expression, condition?: Expression): void {
    this.#conditions.spend(1);
    const dependency = condition
      ? or(expression, compareWithNo(condition, true, this.table))
      : expression;
    this.entry.dependency = and(this.entry.dependency, dependency);
  }

  addVisibility(expression: Expression | undefined): void {
    this.#conditions.spend(1);
    this.entry.visibility = and(this.entry.visibility, expression);
  }

  setType(type: SymbolType): void {
    const { symbol } = this.entry;
    if (!symbol || symbol.type === type) return;
    if (symbol.type === 'unknown') {
      symbol.type = type;
      return;
    }
    this.warn(
      this.entry.location,
      `ignoring type redefinition of '${symbol.name ?? '<choice>'}' from ` +
        `'${typeNames[symbol.type]}' to '${typeNames[type]}'`,
    );
  }

  addPrompt(
    kind: PromptProperty['kind'],
    text: string,
    condition: Expression | undefined,
    location: Location,
  ): void {
    if (/^[ \t\n\v\f\r]/.test(text)) this.warn(location, 'leading whitespace ignored');
    if (this.entry.prompt) this.warn(location, 'prompt redefined');
    let visible = condition;
    if (kind === 'prompt') {
      for (let menu = this.entry.parent; menu; menu = menu.parent) {
        visible = and(visible, menu.visibility);
      }
    }
    const prompt: PromptProperty = {
      kind,
      text: text.replace(/^[ \t\n\v\f\r]+/, ''),
      condition: visible,
      location,
      menu: this.entry,
    };
    this.entry.prompt = prompt;
    this.entry.symbol?.addProperty(prompt);
  }

  addDefault(value: Expression, condition: Expression | undefined, location: Location): void {
    this.#addProperty({ kind: 'default', value, condition, location, menu: this.entry });
  }

  addSelect(
    kind: 'select' | 'imply',
    target: KconfigSymbol,
    condition: Expression | undefined,
    location: Location,
  ): void {
    const source = this.entry.symbol;
    if (source) {
      this.#addProperty({ kind, source, target, condition, location, menu: this.entry });
    }
  }

  addRange(
    low: KconfigSymbol,
    high: KconfigSymbol,
    condition: Expression | undefined,
    location: Location,
  ): void {
    this.#addProperty({ kind: 'range', low, high, condition, location, menu: this.entry });
  }

  warn(location: Location, message: string, kind: KconfigWarning['kind'] = 'remark'): void {
    this.warnings.push({ kind, location, message });
  }

  #addProperty(property: Property): void {
    this.entry.symbol?.addProperty(property);
  }
}
