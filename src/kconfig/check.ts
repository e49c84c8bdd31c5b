import { KconfigSyntaxError } from './errors.ts';
import type { Dialect, Expression, KconfigSymbol, Location, Property } from './model.ts';
import { hashOrder, type MenuEntry, type SymbolEntry } from './symbols.ts';
import { isValidText } from './values.ts';

type Warn = (location: Location, message: string) => void;

/** What is odd about the properties of a symbol, but no error (sym_check_prop() of menu.c). */
export function checkProperties(symbol: SymbolEntry, warn: Warn): void {
  for (const property of symbol.properties) {
    const { location } = property;
    switch (property.kind) {
      case 'default':
        checkDefault(symbol, property.value, (message) => warn(location, message));
        break;
      case 'select':
      case 'imply':
        if (!isLogical(symbol)) {
          warn(
            location,
            `config symbol '${symbol.name}' uses ${property.kind}, but is not bool or tristate`,
          );
        } else if (property.target.type !== 'unknown' && !isLogical(property.target)) {
          warn(
            location,
            `'${property.target.name}' has wrong type. '${property.kind}' only accept arguments ` +
              'of bool and tristate type',
          );
        }
        break;
      case 'range':
        if (!isNumeric(symbol)) warn(location, 'range is only allowed for int or hex symbols');
        if (!isNumber(symbol, property.low) || !isNumber(symbol, property.high)) {
          warn(location, 'range is invalid');
        }
        break;
      default:
    }
  }
}

function checkDefault(
  symbol: SymbolEntry,
  value: Expression,
  warn: (message: string) => void,
): void {
  if (value.kind !== 'symbol') {
    if (isNumeric(symbol) || symbol.type === 'string') {
      warn(`default for config symbol '${symbol.name}' must be a single symbol`);
    }
    return;
  }
  if (isNumeric(symbol) && !isNumber(symbol, value.symbol)) {
    warn(`'${symbol.name}': number is invalid`);
  }
  if (symbol.isChoice && value.symbol.choice !== symbol) {
    warn(`choice default symbol '${value.symbol.name}' is not contained in the choice`);
  }
}

function isLogical(symbol: KconfigSymbol): boolean {
  return symbol.type === 'bool' || symbol.type === 'tristate';
}

function isNumeric(symbol: KconfigSymbol): boolean {
  return symbol.type === 'int' || symbol.type === 'hex';
}

function isNumber(symbol: KconfigSymbol, value: KconfigSymbol): boolean {
  return (
    isNumeric(value) || (value.type === 'unknown' && isValidText(symbol.type, value.name ?? ''))
  );
}

/** Why the search is at a symbol: which of its expressions led on. */
interface Step {
  readonly symbol: SymbolEntry;
  via: 'dependency' | 'select' | 'imply' | 'value' | 'condition';
  property: Property | undefined;
}

/**
 * Looks for symbols whose value hangs on itself (sym_check_deps() of symbol.c).
 * @throws {KconfigSyntaxError} with all of them in its diagnostics
 */
export class RecursionCheck {
  readonly #dialect: Dialect;
  /** By the symbols' indices: are they on the way to the one at hand, have they been looked at. */
  #active = new Uint8Array();
  #done = new Uint8Array();
  readonly #steps: Step[] = [];
  readonly #reports: { location: Location; text: string; loop: string }[] = [];

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  run(symbols: readonly SymbolEntry[], root: MenuEntry): void {
    this.#active = new Uint8Array(symbols.length);
    this.#done = new Uint8Array(symbols.length);
    if (this.#dialect.classicChoices) {
      for (const symbol of hashOrder(symbols, this.#dialect.summedHashes))
        this.#check(symbol as SymbolEntry);
    } else {
      forEachEntry(root, (entry) => {
        if (!entry.symbol) return;
        this.#check(entry.symbol);
        if (entry.symbol.transitional) this.#checkTransitional(entry, entry.symbol);
        if (entry.symbol.isChoice) this.#checkMembers(entry);
      });
    }
    const [first] = this.#reports;
    if (!first) return;
    const diagnostics = this.#reports.map(({ text }) => text).join('');
    throw new KconfigSyntaxError(first.loop, first.location, [], diagnostics);
  }

  /** What the parser cannot see of a choice's members (choice_check_sanity() of parser.y). */
  #checkMembers(choice: MenuEntry): void {
    forEachEntry(choice, (entry) => {
      for (const property of entry.symbol?.properties ?? []) {
        if (property.kind === 'default') {
          this.#reportEntry(property, 'defaults for choice values not supported');
        }
        const outside = (property.menu as MenuEntry).parent !== entry.parent;
        if (property.menu !== entry && property.kind === 'prompt' && outside) {
          this.#reportEntry(property, 'choice value has a prompt outside its choice group');
        }
      }
    });
  }

  /** transitional_check_sanity() of parser.y */
  #checkTransitional(entry: MenuEntry, { properties }: SymbolEntry): void {
    const [wrong] = entry.dependency || entry.visibility ? [entry] : properties;
    if (wrong) this.#reportEntry(wrong, 'transitional symbols can only have help sections');
  }

  #reportEntry({ location }: { readonly location: Location }, loop: string): void {
    const text = `${location.file}:${location.line}: error: ${loop}\n`;
    this.#reports.push({ location, loop, text });
  }

  /** @returns the symbol that closes a circle, undefined if all is well */
  #check(symbol: SymbolEntry): SymbolEntry | undefined {
    if (this.#active[symbol.index]) {
      this.#report(symbol);
      return symbol;
    }
    if (this.#done[symbol.index]) return undefined;
    if (symbol.choice) {
      this.#steps.push({ symbol, via: 'condition', property: undefined });
      const found = this.#check(symbol.choice);
      this.#steps.pop();
      return found;
    }
    if (symbol.isChoice) return this.#checkChoice(symbol);
    this.#active[symbol.index] = 1;
    this.#done[symbol.index] = 1;
    const found = this.#checkSymbol(symbol);
    this.#active[symbol.index] = 0;
    return found;
  }

  #checkChoice(choice: SymbolEntry): SymbolEntry | undefined {
    this.#steps.push({ symbol: choice, via: 'condition', property: undefined });
    for (const symbol of [...choice.members, choice]) {
      this.#active[symbol.index] = 1;
      this.#done[symbol.index] = 1;
    }
    let found = this.#checkSymbol(choice);
    this.#active[choice.index] = 0;
    if (!found) {
      for (const member of choice.members) {
        found = this.#checkSymbol(member);
        if (found) break;
      }
    }
    for (const member of choice.members) this.#active[member.index] = 0;
    if (found?.choice === choice) found = choice;
    this.#steps.pop();
    return found;
  }

  #checkSymbol(symbol: SymbolEntry): SymbolEntry | undefined {
    const step: Step = { symbol, via: 'dependency', property: undefined };
    this.#steps.push(step);
    const found = this.#checkParts(symbol, step);
    this.#steps.pop();
    return found;
  }

  #checkParts(symbol: SymbolEntry, step: Step): SymbolEntry | undefined {
    // Before 2.6.36, a symbol's dependencies are those of its properties.
    const { unmetDependencies } = this.#dialect;
    let found = unmetDependencies ? this.#checkExpression(symbol.directDependency) : undefined;
    if (found) return found;
    step.via = 'select';
    found = this.#checkExpression(symbol.reverseDependency);
    if (found) return found;
    step.via = 'imply';
    found = this.#checkExpression(symbol.weakReverseDependency);
    if (found) return found;
    for (const property of symbol.properties) {
      if (property.kind === 'select' || property.kind === 'imply') continue;
      step.via = 'condition';
      step.property = property;
      if (!unmetDependencies || property.condition !== symbol.directDependency) {
        found = this.#checkExpression(property.condition);
        if (found) return found;
      }
      if (property.kind !== 'default' || symbol.isChoice) continue;
      step.via = 'value';
      found = this.#checkExpression(property.value);
      if (found) return found;
    }
    return undefined;
  }

  #checkExpression(expression: Expression | undefined): SymbolEntry | undefined {
    if (!expression) return undefined;
    switch (expression.kind) {
      case 'symbol':
        return this.#check(expression.symbol as SymbolEntry);
      case 'not':
        return this.#checkExpression(expression.operand);
      case 'and':
      case 'or':
        return this.#checkExpression(expression.left) ?? this.#checkExpression(expression.right);
      default:
        return (
          this.#check(expression.left as SymbolEntry) ??
          this.#check(expression.right as SymbolEntry)
        );
    }
  }

  #report(symbol: SymbolEntry): void {
    let last = symbol;
    const steps = [...this.#steps];
    if (symbol.choice) {
      steps.push({ symbol, via: 'condition', property: undefined });
      last = symbol.choice;
    }
    const start = steps.findLastIndex((step) => step.symbol === last);
    if (start < 0) return;
    const loop = steps.slice(start);
    const lines = loop.map((step, i) => this.#describe(step, loop[i + 1]?.symbol ?? last));
    const first = loop[0] as Step;
    const location = locationOf(first);
    const manualType = this.#dialect.plainManual ? 'txt' : 'rst';
    const head = 'error: recursive dependency detected!';
    const at = ({ file, line }: Location): string => `${file}:${line}:`;
    const text = this.#dialect.shortRecursionReports
      ? [head, ...lines.map((line) => `\t${line}`)]
      : [
          `${at(location)}${head}`,
          ...lines.map((line, i) => `${at(locationOf(loop[i] as Step))}\t${line}`),
        ];
    text.push(
      `For a resolution refer to Documentation/kbuild/kconfig-language.${manualType}`,
      'subsection "Kconfig recursive dependency limitations"',
      '',
    );
    this.#reports.push({
      location,
      text: `${text.join('\n')}\n`,
      loop: `recursive dependency: ${lines.join('; ')}`,
    });
  }

  #describe({ symbol, via, property }: Step, next: SymbolEntry): string {
    const name = nameOf(symbol);
    if (this.#dialect.shortRecursionReports) {
      if (next.isChoice) {
        const { location } = next.menus[0] as MenuEntry;
        return `symbol ${name} is part of choice block at ${location.file}:${location.line}`;
      }
    } else if (symbol.isChoice) {
      return `choice ${name} contains symbol ${nameOf(next)}`;
    } else if (symbol.choice) {
      return `symbol ${name} is part of choice ${nameOf(next)}`;
    }
    switch (via) {
      case 'dependency':
        return `symbol ${name} depends on ${nameOf(next)}`;
      case 'select':
        return `symbol ${name} is selected by ${nameOf(next)}`;
      case 'imply':
        return `symbol ${name} is implied by ${nameOf(next)}`;
      case 'value':
        return `symbol ${name} ${property?.kind ?? 'unknown'} value contains ${nameOf(next)}`;
      default:
        return `symbol ${name} ${property?.kind ?? 'unknown'} is visible depending on ${nameOf(next)}`;
    }
  }
}

function locationOf({ symbol, property }: Step): Location {
  const definition = symbol.menus[0]?.location ?? { file: '', line: 0 };
  // Of choices and their members older kernels name the place where they are defined.
  return symbol.isChoice || symbol.choice ? definition : (property?.location ?? definition);
}

function nameOf(symbol: SymbolEntry): string {
  return symbol.name ?? '<choice>';
}

function forEachEntry(menu: MenuEntry, visit: (entry: MenuEntry) => void): void {
  for (let child = menu.first; child; child = child.next) {
    visit(child);
    forEachEntry(child, visit);
  }
}
