import { findDependents } from './dependents.ts';
import { helpText } from './help.ts';
import type {
  DefaultProperty,
  Expression,
  KconfigSymbol,
  Location,
  MenuNode,
  PromptProperty,
  Property,
  RangeProperty,
  SelectProperty,
  SymbolType,
} from './model.ts';

/** What most symbols have of most lists; never changed. */
const none: readonly never[] = [];

/** A symbol while the tree is read; afterwards it is only seen as {@link KconfigSymbol}. */
export class SymbolEntry implements KconfigSymbol {
  readonly index: number;
  readonly name: string | undefined;
  readonly constant: boolean;
  readonly isChoice: boolean;
  readonly #table: SymbolTable;
  type: SymbolType = 'unknown';
  optional = false;
  unwritten = false;
  transitional = false;
  menus: readonly MenuEntry[] = none;
  properties: readonly Property[] = none;
  prompts: readonly PromptProperty[] = none;
  defaults: readonly DefaultProperty[] = none;
  selects: readonly SelectProperty[] = none;
  implies: readonly SelectProperty[] = none;
  ranges: readonly RangeProperty[] = none;
  selectedBy: readonly SelectProperty[] = none;
  impliedBy: readonly SelectProperty[] = none;
  choice: SymbolEntry | undefined;
  members: readonly SymbolEntry[] = none;
  directDependency: Expression | undefined;
  reverseDependency: Expression | undefined;
  weakReverseDependency: Expression | undefined;
  /** Its properties have been checked (once, however many definitions it has). */
  checked = false;

  constructor(
    table: SymbolTable,
    index: number,
    name: string | undefined,
    constant: boolean,
    isChoice: boolean,
  ) {
    this.#table = table;
    this.index = index;
    this.name = name;
    this.constant = constant;
    this.isChoice = isChoice;
  }

  get dependents(): readonly KconfigSymbol[] {
    return this.#table.dependents[this.index] ?? none;
  }

  addProperty(property: Property): void {
    this.properties = append(this.properties, property);
    switch (property.kind) {
      case 'default':
        this.defaults = append(this.defaults, property);
        break;
      case 'select':
        this.selects = append(this.selects, property);
        break;
      case 'imply':
        this.implies = append(this.implies, property);
        break;
      case 'range':
        this.ranges = append(this.ranges, property);
        break;
      default:
        this.prompts = append(this.prompts, property);
    }
  }

  addMenu(menu: MenuEntry): void {
    this.menus = append(this.menus, menu);
  }

  addMember(member: SymbolEntry): void {
    member.choice = this;
    this.members = append(this.members, member);
  }

  /** Notes a select or imply of this symbol. */
  addSelector(property: SelectProperty): void {
    if (property.kind === 'select') this.selectedBy = append(this.selectedBy, property);
    else this.impliedBy = append(this.impliedBy, property);
  }
}

/** Adds to a list that is empty and shared, or the owner's. */
function append<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 0) return [item];
  (list as T[]).push(item);
  return list;
}

/** A node of the menu tree while it is built: a linked list, since finalizing re-hangs nodes. */
export class MenuEntry implements MenuNode {
  readonly symbol: SymbolEntry | undefined;
  readonly location: Location;
  prompt: PromptProperty | undefined;
  dependency: Expression | undefined;
  visibility: Expression | undefined;
  /** The help as it stands in the file. */
  rawHelp: string | undefined;
  parent: MenuEntry | undefined;
  first: MenuEntry | undefined;
  next: MenuEntry | undefined;
  children: readonly MenuEntry[] = [];

  constructor(symbol: SymbolEntry | undefined, parent: MenuEntry | undefined, location: Location) {
    this.symbol = symbol;
    this.parent = parent;
    this.location = location;
  }

  get help(): string | undefined {
    return this.rawHelp === undefined ? undefined : helpText(this.rawHelp);
  }
}

/** Positions of the constants in every symbol table. */
export const NO = 0;
export const MOD = 1;
export const YES = 2;

/** All symbols of a tree by name (sym_lookup() of symbol.c). */
export class SymbolTable {
  readonly all: SymbolEntry[] = [];
  readonly named = new Map<string, SymbolEntry>();
  readonly #constants = new Map<string, SymbolEntry>();
  readonly #choices = new Map<string, SymbolEntry>();
  #dependents: readonly (readonly KconfigSymbol[])[] | undefined;
  readonly no: SymbolEntry;
  readonly mod: SymbolEntry;
  readonly yes: SymbolEntry;

  constructor(typedConstants: boolean) {
    this.no = this.constant('n');
    this.mod = this.constant('m');
    this.yes = this.constant('y');
    if (typedConstants) for (const entry of this.all) entry.type = 'tristate';
  }

  /** The symbol of an unquoted word; n, m and y are the constants. */
  symbol(name: string): SymbolEntry {
    if (name === 'n' || name === 'm' || name === 'y') return this.constant(name);
    let entry = this.named.get(name);
    if (!entry) {
      entry = this.#create(name, false, false);
      this.named.set(name, entry);
    }
    return entry;
  }

  /** The constant of a quoted word. */
  constant(name: string): SymbolEntry {
    let entry = this.#constants.get(name);
    if (!entry) {
      entry = this.#create(name, true, false);
      this.#constants.set(name, entry);
    }
    return entry;
  }

  /** A choice; those with a name (classic dialects) may be continued elsewhere. */
  choice(name: string | undefined): SymbolEntry {
    if (name === undefined) return this.#create(name, false, true);
    let entry = this.#choices.get(name);
    if (!entry) {
      entry = this.#create(name, false, true);
      this.#choices.set(name, entry);
    }
    return entry;
  }

  /** For every symbol the others that refer to it; found out when first asked for. */
  get dependents(): readonly (readonly KconfigSymbol[])[] {
    this.#dependents ??= findDependents(this.all);
    return this.#dependents;
  }

  #create(name: string | undefined, constant: boolean, isChoice: boolean): SymbolEntry {
    const entry = new SymbolEntry(this, this.all.length, name, constant, isChoice);
    this.all.push(entry);
    return entry;
  }
}

const bucketCount = 9973;

/**
 * The symbols in the order in which kconfig up to 6.8 walks its hash table (FNV-1a by 9973 buckets,
 * the newest first). Evaluation of classic choices and the recursion check depend on it.
 *
 * @param summed - as until 3.1: the sum of the letters by 256 buckets, those without a name last
 */
export function hashOrder(symbols: readonly KconfigSymbol[], summed: boolean): KconfigSymbol[] {
  const bucket = summed ? sumOf : bucketOf;
  const keyed = symbols
    .filter((symbol) => symbol.index > YES)
    .map((symbol) => ({ symbol, bucket: bucket(symbol.name) }));
  keyed.sort((a, b) => a.bucket - b.bucket || b.symbol.index - a.symbol.index);
  return keyed.map(({ symbol }) => symbol);
}

function bucketOf(name: string | undefined): number {
  if (name === undefined) return 0;
  let hash = 2166136261;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % bucketCount;
}

function sumOf(name: string | undefined): number {
  if (name === undefined) return 256;
  let sum = 0;
  for (let i = 0; i < name.length; i++) sum += name.charCodeAt(i);
  return sum & 0xff;
}
