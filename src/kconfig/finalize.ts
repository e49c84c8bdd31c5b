import type { MenuBuilder } from './builder.ts';
import { checkProperties } from './check.ts';
import { and, containsSymbol, dependsOnSymbol, or, symbolExpression } from './expression.ts';
import type { Dialect, Expression, KconfigSymbol, Property } from './model.ts';
import { isYes, Simplifier } from './simplify.ts';
import type { MenuEntry, SymbolEntry } from './symbols.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Gives every entry and property the dependencies of what is around it, collects selects and
 * implies at their targets, makes implicit submenus and flattens `if` blocks (menu_finalize() of
 * menu.c).
 */
export class Finalizer {
  readonly #builder: MenuBuilder;
  readonly #dialect: Dialect;
  readonly #simplifier: Simplifier;
  readonly #modules: KconfigSymbol;

  constructor(builder: MenuBuilder, dialect: Dialect, note: (message: string) => void) {
    this.#builder = builder;
    this.#dialect = dialect;
    this.#simplifier = new Simplifier(builder.table, dialect.classicChoices, note);
    this.#modules = builder.modules ?? builder.table.no;
  }

  run(): void {
    this.#finalize(this.#builder.root, false);
    collectChildren(this.#builder.root);
  }

  #finalize(parent: MenuEntry, insideChoice: boolean): void {
    const { symbol } = parent;
    const isChoice = symbol?.isChoice ?? false;
    const { classicChoices } = this.#dialect;
    if (parent.first) {
      if (classicChoices && symbol && isChoice) this.#inferTypes(parent, symbol);
      const dependency =
        classicChoices && symbol && isChoice ? symbolExpression(symbol) : parent.dependency;
      for (let menu: MenuEntry | undefined = parent.first; menu; menu = menu.next) {
        this.#inherit(menu, dependency);
      }
      for (let menu: MenuEntry | undefined = parent.first; menu; menu = menu.next) {
        this.#finalize(menu, isChoice);
      }
    } else if (symbol && (classicChoices || !insideChoice)) {
      this.#makeSubmenu(parent, symbol);
      symbol.directDependency = or(symbol.directDependency, parent.dependency);
    }
    for (let menu: MenuEntry | undefined = parent.first; menu; menu = menu.next) {
      if (classicChoices && symbol && isChoice) this.#addMember(symbol, menu);
      flatten(menu, parent);
    }
    if (!symbol) return;
    if (!symbol.checked) {
      symbol.checked = true;
      if (symbol.type === 'unknown') {
        this.#builder.warn(parent.location, 'config symbol defined without type');
      }
      if (classicChoices && isChoice && !parent.prompt) {
        this.#builder.warn(parent.location, 'choice must have a prompt');
      }
      checkProperties(symbol, (location, message) => this.#builder.warn(location, message));
    }
    if (classicChoices && isChoice && !symbol.optional && parent.prompt) {
      // A choice that is visible cannot be n: as if something selected it with m.
      symbol.reverseDependency = or(
        symbol.reverseDependency,
        and(parent.prompt.condition, symbolExpression(this.#builder.table.mod)),
      );
    }
  }

  /** A choice without type has that of its first member, and gives it to the other members. */
  #inferTypes(parent: MenuEntry, choice: SymbolEntry): void {
    if (choice.type === 'unknown') {
      for (let menu = parent.first; menu; menu = menu.next) {
        if (menu.symbol && menu.symbol.type !== 'unknown') {
          choice.type = menu.symbol.type;
          break;
        }
      }
    }
    for (let menu = parent.first; menu; menu = menu.next) {
      if (menu.symbol?.type === 'unknown') menu.symbol.type = choice.type;
    }
  }

  #inherit(menu: MenuEntry, parentDependency: Expression | undefined): void {
    const dependency = this.#combine(parentDependency, menu.dependency);
    menu.dependency = dependency;
    const properties: readonly Property[] =
      menu.symbol?.properties ?? (menu.prompt ? [menu.prompt] : []);
    const weaken =
      this.#dialect.weakensConditions && menu.symbol && menu.symbol.type !== 'tristate';
    for (const property of properties) {
      if (property.menu !== menu) continue;
      let condition = this.#combine(dependency, property.condition);
      if (weaken && condition) condition = this.#simplifier.weaken(condition);
      (property as Mutable<Property>).condition = condition;
      if (property.kind !== 'select' && property.kind !== 'imply') continue;
      const target = property.target as SymbolEntry;
      target.addSelector(property);
      const term = and(symbolExpression(property.source), condition);
      if (property.kind === 'select') {
        target.reverseDependency = or(target.reverseDependency, term);
      } else {
        target.weakReverseDependency = or(target.weakReverseDependency, term);
      }
    }
  }

  #combine(outer: Expression | undefined, own: Expression | undefined): Expression | undefined {
    // What comes from outside has been simplified there.
    if (!own) return outer;
    const simplifier = this.#simplifier;
    const rewritten = simplifier.transform(simplifier.rewriteModule(own, this.#modules));
    const combined = and(outer, rewritten);
    return combined && simplifier.eliminateDuplicates(combined);
  }

  /**
   * Entries that follow a symbol and depend on it become its submenu, as long as they are
   * consecutive.
   */
  #makeSubmenu(parent: MenuEntry, symbol: SymbolEntry): void {
    let base: Expression | undefined;
    let last: MenuEntry | undefined;
    for (let menu = parent.next; menu; menu = menu.next) {
      const dependency = menu.prompt ? menu.prompt.condition : menu.dependency;
      if (!dependency || !containsSymbol(dependency, symbol)) break;
      if (!dependsOnSymbol(dependency, symbol)) {
        // Also an entry that asks for no less than the symbol's own prompt does.
        base ??= this.#normalize(parent.prompt?.condition);
        const own = this.#normalize(dependency);
        if (!isYes(this.#simplifier.withoutCommon(own, base))) break;
      }
      this.#finalize(menu, false);
      menu.parent = parent;
      last = menu;
    }
    if (!last) return;
    parent.first = parent.next;
    parent.next = last.next;
    last.next = undefined;
  }

  #normalize(expression: Expression | undefined): Expression {
    const simplifier = this.#simplifier;
    return simplifier.eliminateDuplicates(simplifier.transform(simplifier.notNo(expression)));
  }

  /** Makes an entry of a classic choice its member. */
  #addMember(choice: SymbolEntry, menu: MenuEntry): void {
    const { symbol } = menu;
    if (!symbol || symbol.choice) return;
    const warn = (location: Property['location'], message: string): void =>
      this.#builder.warn(location, message);
    if (!menu.prompt) warn(menu.location, 'choice value must have a prompt');
    for (const property of symbol.properties) {
      if (property.kind === 'default') {
        warn(property.location, 'defaults for choice values not supported');
      }
      if (
        property.menu !== menu &&
        property.kind === 'prompt' &&
        property.menu.parent?.symbol !== choice
      ) {
        warn(property.location, 'choice value used outside its choice group');
      }
    }
    if (
      this.#dialect.boolMembersNeedYes &&
      choice.type === 'tristate' &&
      symbol.type !== 'tristate'
    ) {
      const only: Expression = { kind: 'eq', left: choice, right: this.#builder.table.yes };
      menu.dependency = and(only, menu.dependency);
      for (const property of symbol.properties) {
        if (property.menu !== menu) continue;
        (property as Mutable<Property>).condition = and(only, property.condition);
      }
    }
    choice.addMember(symbol);
  }
}

/** Hangs the entries of an `if` block, or of a symbol without prompt, behind it. */
function flatten(menu: MenuEntry, parent: MenuEntry): void {
  if (!menu.first || menu.prompt) return;
  let last = menu.first;
  for (;;) {
    last.parent = parent;
    if (!last.next) break;
    last = last.next;
  }
  last.next = menu.next;
  menu.next = menu.first;
  menu.first = undefined;
}

function collectChildren(menu: MenuEntry): void {
  const children: MenuEntry[] = [];
  for (let child = menu.first; child; child = child.next) {
    children.push(child);
    collectChildren(child);
  }
  menu.children = children;
}
