/**
 * The Kconfig model: what a tree's Kconfig files say, once read and finalized. It never changes
 * after `load()`; values live in a {@link Configuration}.
 *
 * Names follow scripts/kconfig/expr.h of the kernel tree where that has a name for the thing.
 */

/** n, m, y as the kernel's kconfig counts them. */
export type Tristate = 0 | 1 | 2;

export type SymbolType = 'unknown' | 'bool' | 'tristate' | 'int' | 'hex' | 'string';

/** Where a statement stands. `file` is relative to the tree root, as the tree's own conf names it. */
export interface Location {
  readonly file: string;
  readonly line: number;
}

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** An expression of the Kconfig language. Comparisons are between symbols or constants only. */
export type Expression =
  | { readonly kind: 'symbol'; readonly symbol: KconfigSymbol }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: Comparison; readonly left: KconfigSymbol; readonly right: KconfigSymbol };

/** What every property of a symbol has: its condition, and the place that states it. */
interface PropertyBase {
  /**
   * The `if` of the property together with the dependencies of the menus, choices and ifs around
   * it (and `visible if` for prompts), as menu_finalize() leaves it; undefined means always.
   */
  readonly condition: Expression | undefined;
  readonly location: Location;
  /** The menu entry (the `config X` block) that states this property. */
  readonly menu: MenuNode;
}

export interface PromptProperty extends PropertyBase {
  readonly kind: 'prompt' | 'menu' | 'comment';
  readonly text: string;
}

export interface DefaultProperty extends PropertyBase {
  readonly kind: 'default';
  readonly value: Expression;
}

export interface SelectProperty extends PropertyBase {
  readonly kind: 'select' | 'imply';
  /** The symbol that selects (or implies). */
  readonly source: KconfigSymbol;
  readonly target: KconfigSymbol;
}

export interface RangeProperty extends PropertyBase {
  readonly kind: 'range';
  readonly low: KconfigSymbol;
  readonly high: KconfigSymbol;
}

export type Property = PromptProperty | DefaultProperty | SelectProperty | RangeProperty;

/** A symbol, a constant, or (without a name) a choice. */
export interface KconfigSymbol {
  /** Position in {@link Kconfig.all}: dense, from 0; a key for typed arrays. */
  readonly index: number;
  /** Without the CONFIG_ prefix; undefined for an unnamed choice. */
  readonly name: string | undefined;
  readonly type: SymbolType;
  /** True for n, m, y and quoted or otherwise literal values. */
  readonly constant: boolean;
  /** True for a choice (see `members`). */
  readonly isChoice: boolean;
  /** A choice that may be left without a selected member (`optional`; gone from 6.9 on). */
  readonly optional: boolean;
  /** `.config` never has a line for it, whatever its value (`option defconfig_list`). */
  readonly unwritten: boolean;
  /** It is no option, but holds the value that `.config` has for a former name. */
  readonly transitional: boolean;
  /** One node per definition; empty for a symbol that is only referred to. */
  readonly menus: readonly MenuNode[];
  /** All properties in the order of their statements, which is the order of their priority. */
  readonly properties: readonly Property[];
  /** Prompts (also those of `menuconfig`); a symbol without one cannot be set by a user. */
  readonly prompts: readonly PromptProperty[];
  readonly defaults: readonly DefaultProperty[];
  readonly selects: readonly SelectProperty[];
  readonly implies: readonly SelectProperty[];
  readonly ranges: readonly RangeProperty[];
  readonly selectedBy: readonly SelectProperty[];
  readonly impliedBy: readonly SelectProperty[];
  /** The choice that this symbol is a member of. */
  readonly choice: KconfigSymbol | undefined;
  /** Members of this choice in the order of the files. */
  readonly members: readonly KconfigSymbol[];
  /** `depends on` of all definitions, or-ed; undefined means always (dir_dep). */
  readonly directDependency: Expression | undefined;
  /** All selects of this symbol or-ed; undefined means that nothing selects it (rev_dep). */
  readonly reverseDependency: Expression | undefined;
  /** All implies of this symbol or-ed (implied). */
  readonly weakReverseDependency: Expression | undefined;
  /** The symbols whose value, visibility or dependencies refer to this one, each once. */
  readonly dependents: readonly KconfigSymbol[];
}

/**
 * A node of the menu tree as `menuconfig` shows it: after menu_finalize(), that is with implicit
 * submenus made and `if` blocks flattened.
 */
export interface MenuNode {
  /** The symbol or choice; undefined for `menu`, `comment`, `if` and the root. */
  readonly symbol: KconfigSymbol | undefined;
  readonly prompt: PromptProperty | undefined;
  /** `depends on` with what the nodes around it require; undefined means always. */
  readonly dependency: Expression | undefined;
  /** `visible if` of a menu. */
  readonly visibility: Expression | undefined;
  readonly parent: MenuNode | undefined;
  readonly children: readonly MenuNode[];
  readonly help: string | undefined;
  readonly location: Location;
}

/** A remark that is not an error; the tree's conf prints it to stderr. */
export interface KconfigWarning {
  /** `macro` for what the files say themselves by `$(warning-if,…)`. */
  readonly kind: 'remark' | 'macro';
  readonly location: Location;
  readonly message: string;
}

export interface Kconfig {
  /** Symbols by name, without constants and choices; in the order of their first mention. */
  readonly symbols: ReadonlyMap<string, KconfigSymbol>;
  /** Every symbol, constant and choice; `all[symbol.index] === symbol`. */
  readonly all: readonly KconfigSymbol[];
  readonly root: MenuNode;
  /** The symbol that enables modules (MODULES, unless the tree names another). */
  readonly modules: KconfigSymbol;
  readonly yes: KconfigSymbol;
  readonly mod: KconfigSymbol;
  readonly no: KconfigSymbol;
  readonly warnings: readonly KconfigWarning[];
  /** Text that `$(info,…)` printed. */
  readonly messages: readonly string[];
  readonly dialect: Dialect;
  /** Every file read, relative to the tree root, in the order of reading. */
  readonly files: readonly string[];
}

/** What differs between kernel versions in the meaning of Kconfig files. See dialect.ts. */
export interface Dialect {
  readonly name: string;
  /** Choices may be tristate, optional, named, and have a value of their own (until 6.11). */
  readonly classicChoices: boolean;
  /** The constants n, m, y are tristate, so that `FOO < m` compares 0, 1, 2 and not letters. */
  readonly typedConstants: boolean;
  /** An int or hex symbol without a value is `0` or `0x0` instead of empty. */
  readonly zeroForEmptyNumbers: boolean;
  /** A number out of range becomes the text of the limit; before, the limit printed anew. */
  readonly rangeKeepsText: boolean;
  /** Values in `.config` that are out of range are dropped after a first evaluation. */
  readonly dropsValuesOutOfRange: boolean;
  /** `.config` lines have to match exactly; before, what follows was not looked at. */
  readonly strictConfigLines: boolean;
  /** `# CONFIG_X is not set` assigns n whatever the type of X, with a warning if that is wrong. */
  readonly unsetIsAssignment: boolean;
  /** `# end of` is written for menus without entries, too. */
  readonly closesEmptyMenus: boolean;
  /** `FOO!=n` becomes `FOO` in conditions of symbols that are not tristate. */
  readonly weakensConditions: boolean;
  /** `$(shell,…)` keeps 4095 bytes instead of 255. */
  readonly longShellOutput: boolean;
  /** Keywords are keywords only where they belong: most of them at the start of a line. */
  readonly keywordsByPlace: boolean;
  /** `$(…)` and assignments (from 4.18 on). */
  readonly macros: boolean;
  /** Dashes around keywords are nothing, as is any odd character: `--- help ---` (until 4.17). */
  readonly ignoresDashes: boolean;
  /** `boolean` is `bool`. */
  readonly booleanKeyword: boolean;
  /** `option env="NAME"` (2.6.25 to 4.17). */
  readonly environmentOptions: boolean;
  /** `$NAME` in file names and in the main title (2.6.36 to 4.17). */
  readonly expandsNames: boolean;
  /** `.config` has a line for the symbol that lists default configs. */
  readonly writesDefconfigList: boolean;
  /** Without `option modules`, the symbol for modules is that of the name MODULES. */
  readonly modulesByName: boolean;
  /** The main title is `Linux Kernel Configuration`, if there is none; later, `Main menu`. */
  readonly linuxTitle: boolean;
  /** While a tristate choice is y, members that could be m at most are hidden. */
  readonly choiceHidesModules: boolean;
  /** A dependency that is m is less than y; before, it counted as met. */
  readonly modularDependencies: boolean;
  /** Numbers are limited to ranges with 32 bits. */
  readonly narrowRanges: boolean;
  /** Values are compared as numbers where both are; before, as text. */
  readonly numericComparisons: boolean;
  /** `.config` has no line for a hidden symbol with a default of n. */
  readonly hidesDefaultNo: boolean;
  /** A member of a choice that is y is in `.config` once the choice has been, whatever comes. */
  readonly choiceWritesMembers: boolean;
  /** Symbols that depend on themselves are no error. */
  readonly toleratesCircles: boolean;
  /** `---help---` is `help`. */
  readonly dashedHelp: boolean;
  /** `option modules`, `option defconfig_list`, `option allnoconfig_y`. */
  readonly optionLines: boolean;
  /** Words may have slashes and dots in them. */
  readonly pathsAreWords: boolean;
  /** Prompts, titles and file names that are one word need no quotes. */
  readonly unquotedTexts: boolean;
  /** Choices hold nothing but `config`, `comment` and `if`; before, also `source` and others. */
  readonly strictChoices: boolean;
  /** `imply` raises no symbol above its own dependencies. */
  readonly implyObeysDependencies: boolean;
  /** A symbol that another implies with y cannot be m. */
  readonly implyForbidsModule: boolean;
  /** `.config` marks where menus end. */
  readonly marksMenuEnds: boolean;
  /** In `.config`, any character may stand between `#` and `CONFIG_X is not set`. */
  readonly laxUnsetLines: boolean;
  /** The manual that messages refer to is a `.txt` file, not yet `.rst`. */
  readonly plainManual: boolean;
  /** `transitional` symbols only take over the values of former names (from 6.18 on). */
  readonly transitional: boolean;
  /** `depends on X if Y` (from 7.0 on). */
  readonly conditionalDependencies: boolean;
  /** Circles of symbols are reported without places, in the order of the menu. */
  readonly shortRecursionReports: boolean;
  /** conf has `--olddefconfig`; before 2.6.36 it is `-D .config`, which evaluates once more. */
  readonly olddefconfig: boolean;
  /** `-D` asks for every visible symbol, and answers with the value that is there (2.6.18). */
  readonly answersAll: boolean;
  /** `.config` says that it is of `make config`, not that it is a generated file (until 2.6.39). */
  readonly makeHeading: boolean;
  /** `.config` begins with the kernel's version, not with the main title (until 2.6.36). */
  readonly versionHeading: boolean;
  /** Selects that override unmet dependencies are known, and warned of (from 2.6.36 on). */
  readonly unmetDependencies: boolean;
  /** Symbols are kept by the sum of their letters (until 3.1). */
  readonly summedHashes: boolean;
  /** A choice in `.config` brings all of its members with it, also hidden ones (until 2.6.37). */
  readonly choiceWritesHiddenMembers: boolean;
  /** A choice with a new member is found out when the file is read, and not each time (until 2.6.37). */
  readonly choicesSettledOnReading: boolean;
  /** `ARCH` and `KERNELVERSION` are symbols without being defined (until 2.6.24). */
  readonly predefinedEnvironment: boolean;
  /** `visible if` (from 2.6.37 on). */
  readonly menuVisibility: boolean;
  /** `mainmenu` may stand anywhere, and does nothing (until 2.6.36). */
  readonly idleTitles: boolean;
  /** `requires`, `enable`, `def_boolean` (until 2.6.24). */
  readonly earlyKeywords: boolean;
  /** `depends X`, without `on` (until 2.6.24). */
  readonly bareDepends: boolean;
  /** A default is not limited by its own condition, and is nothing to a hidden symbol that is selected. */
  readonly unlimitedDefaults: boolean;
  /** Of two members of a choice that `.config` sets to y, the first counts. */
  readonly firstMemberCounts: boolean;
  /** A bool in a tristate choice is hidden unless the choice is y (from 2.6.25 on). */
  readonly boolMembersNeedYes: boolean;
}

/** A `.config` file as read, not yet applied. */
export interface ConfigInput {
  /** Valid assignments; where a symbol has several the last one, in the order of the file. */
  readonly assignments: ReadonlyMap<KconfigSymbol, string>;
  /** What the assignments say about choices (dialects with classic choices only). */
  readonly choices: ReadonlyMap<KconfigSymbol, ChoiceInput>;
  /** The file has lines that mean nothing for this tree, so it would be written anew. */
  readonly outdated: boolean;
  readonly warnings: readonly ConfigWarning[];
}

/** The value of a classic choice, which follows from the assignments to its members. */
export interface ChoiceInput {
  readonly tristate: Tristate;
  readonly selected: KconfigSymbol | undefined;
  /** False if the members contradict each other. */
  readonly set: boolean;
}

export interface ConfigWarning {
  readonly line: number;
  readonly kind:
    | 'unknown-symbol'
    | 'invalid-value'
    | 'reassigned'
    | 'unexpected-data'
    | 'inconsistent-choice';
  readonly symbol: string | undefined;
  readonly message: string;
}

/** A warning of the evaluation: a select that overrides dependencies that are not met. */
export interface UnmetDependency {
  readonly symbol: KconfigSymbol;
  readonly message: string;
}

/** One state of values over an immutable {@link Kconfig}; evaluates lazily. */
export interface Configuration {
  readonly kconfig: Kconfig;
  /** `y`, `m`, `n`, or the value of an int, hex or string symbol. */
  get(symbol: KconfigSymbol): string;
  tristate(symbol: KconfigSymbol): Tristate;
  /** The value of every bool and tristate by its index, until the next {@link set}. */
  tristates(): Readonly<Uint8Array>;
  /** The highest value that a user may give the symbol; n hides its prompt. */
  visibility(symbol: KconfigSymbol): Tristate;
  /** Whether `.config` carries a line for the symbol. */
  written(symbol: KconfigSymbol): boolean;
  /**
   * Gives the symbol a user value, or takes it away (undefined). As in a `.config` file the value
   * counts only as far as visibility and reverse dependencies allow.
   * @throws {RangeError} if the value is not one of the symbol's type.
   */
  set(symbol: KconfigSymbol, value: string | undefined): void;
  /** Does what {@link set} does for many symbols, in the time of one. */
  setAll(symbols: readonly KconfigSymbol[], value: string | undefined): void;
  /** The user value, whether or not it has an effect. */
  user(symbol: KconfigSymbol): string | undefined;
  evaluate(expression: Expression | undefined): Tristate;
  /** The highest value that a select forces; n if none does. */
  selectedValue(symbol: KconfigSymbol): Tristate;
  impliedValue(symbol: KconfigSymbol): Tristate;
  /** Value of the symbol's own `depends on`. */
  directDependency(symbol: KconfigSymbol): Tristate;
  /** The selected member of a choice. */
  selection(choice: KconfigSymbol): KconfigSymbol | undefined;
  /** Every select that overrides an unmet dependency, as the tree's conf warns. */
  unmetDependencies(): readonly UnmetDependency[];
  clone(): Configuration;
}

/**
 * Answers `$(shell,…)` commands: for each command what it printed on stdout, as it is. How newlines
 * are treated is the engine's business.
 */
export type Probe = (commands: readonly string[]) => Promise<readonly string[]>;
