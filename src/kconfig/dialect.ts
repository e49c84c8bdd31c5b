import type { Dialect } from './model.ts';

/** The sources by their newest names, with those they had before (until 4.20). */
const sources = {
  'conf.c': ['conf.c'],
  'confdata.c': ['confdata.c'],
  'expr.c': ['expr.c'],
  'expr.h': ['expr.h'],
  'lexer.l': ['lexer.l', 'zconf.l'],
  'menu.c': ['menu.c'],
  'parser.y': ['parser.y', 'zconf.y'],
  'preprocess.c': ['preprocess.c'],
  'symbol.c': ['symbol.c'],
  keywords: ['kconf_id.c', 'zconf.gperf', 'lexer.l'],
} as const;

type Source = keyof typeof sources;

/**
 * One difference between the kconfig sources of kernel versions: where it shows, and how. The
 * sources of the tree itself are asked, since distributions backport such changes without changing
 * the version.
 */
interface Difference {
  readonly file: Source;
  readonly pattern: RegExp;
  /** What to assume for a tree that carries no kconfig sources. */
  readonly assumed: boolean;
}

type Feature = Exclude<keyof Dialect, 'name'>;

const differences: Readonly<Record<Feature, Difference>> = {
  classicChoices: { file: 'expr.h', pattern: /\bSYMBOL_CHOICEVAL\b/, assumed: false },
  typedConstants: {
    file: 'symbol.c',
    pattern: /symbol_mod = \{[^}]*\.type = S_TRISTATE/,
    assumed: true,
  },
  zeroForEmptyNumbers: { file: 'symbol.c', pattern: /newval\.val = "0x0"/, assumed: true },
  rangeKeepsText: {
    file: 'symbol.c',
    pattern: /sym->curr\.val = range_sym->curr\.val/,
    assumed: true,
  },
  dropsValuesOutOfRange: { file: 'confdata.c', pattern: /\bconf_unsaved\b/, assumed: false },
  strictConfigLines: { file: 'confdata.c', pattern: /strcmp\(p, "is not set"\)/, assumed: true },
  unsetIsAssignment: { file: 'confdata.c', pattern: /\bval = "n";/, assumed: true },
  closesEmptyMenus: { file: 'confdata.c', pattern: /\bend_check:/, assumed: true },
  weakensConditions: { file: 'menu.c', pattern: /\bexpr_trans_bool\b/, assumed: false },
  longShellOutput: { file: 'preprocess.c', pattern: /char buf\[4096\]/, assumed: true },
  macros: { file: 'lexer.l', pattern: /\bexpand_token\b/, assumed: true },
  ignoresDashes: { file: 'lexer.l', pattern: /^\s*---\s+\/\* ignore/m, assumed: false },
  booleanKeyword: { file: 'keywords', pattern: /"boolean"|^boolean,/m, assumed: false },
  environmentOptions: { file: 'keywords', pattern: /"env"|^env,/m, assumed: false },
  expandsNames: { file: 'symbol.c', pattern: /\bsym_expand_string_value\b/, assumed: false },
  writesDefconfigList: {
    file: 'menu.c',
    pattern: /redefine defconfig symbol"\);\s+break;/,
    assumed: false,
  },
  modulesByName: { file: 'parser.y', pattern: /sym_lookup\("MODULES", 0\)/, assumed: false },
  linuxTitle: { file: 'parser.y', pattern: /"Linux Kernel Configuration"/, assumed: false },
  choiceHidesModules: {
    file: 'symbol.c',
    pattern: /\bchoice_sym->curr\.tri == yes/,
    assumed: true,
  },
  modularDependencies: {
    file: 'symbol.c',
    pattern: /dir_dep\.tri < sym->rev_dep\.tri/,
    assumed: true,
  },
  narrowRanges: { file: 'symbol.c', pattern: /\bint base, val, val2;/, assumed: false },
  numericComparisons: { file: 'expr.c', pattern: /\bexpr_parse_string\b/, assumed: true },
  hidesDefaultNo: {
    file: 'symbol.c',
    pattern: /if \(newval\.tri != no\)\s+sym->flags \|= SYMBOL_WRITE/,
    assumed: true,
  },
  choiceWritesMembers: {
    file: 'symbol.c',
    pattern: /if \(!sym_is_choice_value\(sym\)\)\s+sym->flags &= ~SYMBOL_WRITE/,
    assumed: false,
  },
  toleratesCircles: {
    file: 'symbol.c',
    pattern: /sym2 == sym\)\s+sym2 = NULL|Warning! Found recursive dependency/,
    assumed: false,
  },
  keywordsByPlace: { file: 'lexer.l', pattern: /\bTF_COMMAND\b/, assumed: false },
  dashedHelp: { file: 'keywords', pattern: /"---help---"/, assumed: false },
  optionLines: { file: 'keywords', pattern: /"option"|^option,/m, assumed: false },
  pathsAreWords: { file: 'lexer.l', pattern: /\(\{n\}\|\[-?\/\.\]\)\+/, assumed: false },
  unquotedTexts: { file: 'parser.y', pattern: /^prompt:\s*T_WORD$/m, assumed: false },
  strictChoices: { file: 'parser.y', pattern: /\bstmt_list_in_choice\b/, assumed: true },
  implyObeysDependencies: {
    file: 'symbol.c',
    pattern: /EXPR_AND\(newval\.tri,\s+sym->dir_dep\.tri\)/,
    assumed: true,
  },
  implyForbidsModule: { file: 'symbol.c', pattern: /\bsym->implied\.tri == yes\b/, assumed: false },
  marksMenuEnds: { file: 'confdata.c', pattern: /# end of %s/, assumed: true },
  laxUnsetLines: { file: 'confdata.c', pattern: /memcmp\(line \+ 2, "?CONFIG_/, assumed: false },
  plainManual: { file: 'symbol.c', pattern: /kconfig-language\.txt/, assumed: false },
  transitional: { file: 'lexer.l', pattern: /"transitional"/, assumed: false },
  conditionalDependencies: {
    file: 'menu.c',
    pattern: /menu_add_dep\(struct expr \*dep, struct expr \*cond\)/,
    assumed: false,
  },
  shortRecursionReports: { file: 'lexer.l', pattern: /\bcur_lineno\b/, assumed: true },
  olddefconfig: { file: 'conf.c', pattern: /"old(?:def|no)config"/, assumed: true },
  answersAll: {
    file: 'conf.c',
    pattern: /case set_default:\s+printf\("%s\\n", def\);/,
    assumed: false,
  },
  makeHeading: {
    file: 'confdata.c',
    pattern: /# Automatically generated make config: don't edit/,
    assumed: false,
  },
  versionHeading: {
    file: 'confdata.c',
    pattern: /sym_lookup\("KERNELVERSION", 0\)/,
    assumed: false,
  },
  unmetDependencies: { file: 'symbol.c', pattern: /\bdir_dep\b/, assumed: true },
  summedHashes: { file: 'symbol.c', pattern: /\bhash \+= \*ptr/, assumed: false },
  choiceWritesHiddenMembers: {
    file: 'symbol.c',
    pattern: /flags = sym->flags & \(SYMBOL_CHANGED \| SYMBOL_WRITE\)/,
    assumed: false,
  },
  choicesSettledOnReading: {
    file: 'confdata.c',
    pattern: /sym->flags &= flags \| ~SYMBOL_DEF_USER/,
    assumed: false,
  },
  predefinedEnvironment: { file: 'symbol.c', pattern: /getenv\("ARCH"\)/, assumed: false },
  menuVisibility: { file: 'keywords', pattern: /"visible"|^visible,/m, assumed: true },
  idleTitles: { file: 'parser.y', pattern: /\|\s*stmt_list T_MAINMENU prompt nl/, assumed: false },
  earlyKeywords: { file: 'keywords', pattern: /^requires,/m, assumed: false },
  bareDepends: { file: 'parser.y', pattern: /\|\s*T_DEPENDS expr T_EOL/, assumed: false },
  unlimitedDefaults: {
    file: 'symbol.c',
    pattern: /E_OR\(sym->visible, sym->rev_dep\.tri\) != no/,
    assumed: false,
  },
  firstMemberCounts: {
    file: 'confdata.c',
    pattern: /\}\s*else\s+cs->def\[def\]\.val = sym/,
    assumed: false,
  },
  boolMembersNeedYes: {
    file: 'menu.c',
    pattern: /expr_alloc_comp\(E_EQUAL, sym, &symbol_yes\)/,
    assumed: true,
  },
};

/**
 * Finds out which dialect a tree speaks.
 * @param read reads a file of the folder scripts/kconfig; undefined if there is none
 */
export function detectDialect(read: (name: string) => string | undefined): Dialect {
  const texts = new Map<Source, string | undefined>();
  const has = ({ file, pattern, assumed }: Difference): boolean => {
    if (!texts.has(file)) texts.set(file, readFirst(sources[file], read));
    const source = texts.get(file);
    return source === undefined ? assumed : pattern.test(source);
  };
  const entries = Object.entries(differences).map(([name, difference]) => [name, has(difference)]);
  const features = Object.fromEntries(entries) as Record<Feature, boolean>;
  return { name: features.classicChoices ? 'classic' : 'modern', ...features };
}

function readFirst(
  names: readonly string[],
  read: (name: string) => string | undefined,
): string | undefined {
  for (const name of names) {
    const text = read(name);
    if (text !== undefined) return text;
  }
  return undefined;
}
