import type { Dialect } from './model.ts';

/**
 * One difference between the kconfig sources of kernel versions: where it shows, and how. The
 * sources of the tree itself are asked, since distributions backport such changes without changing
 * the version.
 */
interface Difference {
  readonly file: 'confdata.c' | 'expr.h' | 'lexer.l' | 'menu.c' | 'preprocess.c' | 'symbol.c';
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
  shortRecursionReports: { file: 'lexer.l', pattern: /\bcur_lineno\b/, assumed: true },
};

/**
 * Finds out which dialect a tree speaks.
 * @param read reads a file of the folder scripts/kconfig; undefined if there is none
 */
export function detectDialect(read: (name: string) => string | undefined): Dialect {
  const sources = new Map<string, string | undefined>();
  const has = ({ file, pattern, assumed }: Difference): boolean => {
    if (!sources.has(file)) sources.set(file, read(file));
    const source = sources.get(file);
    return source === undefined ? assumed : pattern.test(source);
  };
  const entries = Object.entries(differences).map(([name, difference]) => [name, has(difference)]);
  const features = Object.fromEntries(entries) as Record<Feature, boolean>;
  return { name: features.classicChoices ? 'classic' : 'modern', ...features };
}
