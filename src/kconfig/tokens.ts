import type { Dialect } from './model.ts';

/** Kinds of tokens; the name says the text. */
export const Token = {
  end: 0,
  eol: 1,
  word: 2,
  quoted: 3,
  assigned: 4,
  helpText: 5,
  or: 6,
  and: 7,
  equal: 8,
  unequal: 9,
  less: 10,
  lessEqual: 11,
  greater: 12,
  greaterEqual: 13,
  not: 14,
  open: 15,
  close: 16,
  colonEqual: 17,
  plusEqual: 18,
  bool: 20,
  choice: 21,
  comment: 22,
  config: 23,
  defBool: 24,
  defTristate: 25,
  default: 26,
  depends: 27,
  endchoice: 28,
  endif: 29,
  endmenu: 30,
  help: 31,
  hex: 32,
  if: 33,
  imply: 34,
  int: 35,
  mainmenu: 36,
  menu: 37,
  menuconfig: 38,
  modules: 39,
  on: 40,
  optional: 41,
  prompt: 42,
  range: 43,
  select: 44,
  source: 45,
  string: 46,
  tristate: 47,
  visible: 48,
  option: 49,
  transitional: 50,
} as const;

export type TokenKind = (typeof Token)[keyof typeof Token];

const keywords: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ['bool', Token.bool],
  ['boolean', Token.bool],
  ['choice', Token.choice],
  ['comment', Token.comment],
  ['config', Token.config],
  ['def_bool', Token.defBool],
  ['def_tristate', Token.defTristate],
  ['default', Token.default],
  ['depends', Token.depends],
  ['endchoice', Token.endchoice],
  ['endif', Token.endif],
  ['endmenu', Token.endmenu],
  ['help', Token.help],
  ['---help---', Token.help],
  ['hex', Token.hex],
  ['if', Token.if],
  ['imply', Token.imply],
  ['int', Token.int],
  ['mainmenu', Token.mainmenu],
  ['menu', Token.menu],
  ['menuconfig', Token.menuconfig],
  ['modules', Token.modules],
  ['on', Token.on],
  ['option', Token.option],
  ['optional', Token.optional],
  ['prompt', Token.prompt],
  ['range', Token.range],
  ['select', Token.select],
  ['source', Token.source],
  ['string', Token.string],
  ['transitional', Token.transitional],
  ['tristate', Token.tristate],
  ['visible', Token.visible],
]);

/** Other words for the same, of 2.6.18 and before. */
const earlyKeywords: readonly (readonly [word: string, kind: TokenKind])[] = [
  ['def_boolean', Token.defBool],
  ['enable', Token.select],
  ['requires', Token.depends],
];

/** How tokens look in the file, for messages; those that have no fixed text are left out. */
export const tokenTexts: ReadonlyMap<TokenKind, string> = new Map<TokenKind, string>([
  ...[...keywords].map(([text, kind]): [TokenKind, string] => [kind, text]),
  [Token.or, '||'],
  [Token.and, '&&'],
  [Token.equal, '='],
  [Token.unequal, '!='],
  [Token.less, '<'],
  [Token.lessEqual, '<='],
  [Token.greater, '>'],
  [Token.greaterEqual, '>='],
  [Token.not, '!'],
  [Token.open, '('],
  [Token.close, ')'],
  [Token.colonEqual, ':='],
  [Token.plusEqual, '+='],
]);

/** Which words are keywords at the start of a line, and which are further on. */
export interface Keywords {
  readonly first: ReadonlyMap<string, TokenKind>;
  readonly later: ReadonlyMap<string, TokenKind>;
}

/** The keywords of a dialect. In newer ones they are keywords wherever they stand. */
export function keywordsOf(dialect: Dialect): Keywords {
  const known = new Map(keywords);
  if (!dialect.classicChoices) known.delete('optional');
  if (!dialect.booleanKeyword) known.delete('boolean');
  if (!dialect.dashedHelp) known.delete('---help---');
  if (!dialect.transitional) known.delete('transitional');
  if (!dialect.optionLines) known.delete('option');
  if (!dialect.menuVisibility) known.delete('visible');
  if (dialect.earlyKeywords) {
    for (const [word, kind] of earlyKeywords) known.set(word, kind);
  }
  if (!dialect.keywordsByPlace) return { first: known, later: known };
  // TF_COMMAND and TF_PARAM of kconf_id.c; there, `modules` is but a word behind `option`.
  const first = new Map(known);
  first.delete('on');
  first.delete('modules');
  return { first, later: new Map([...known].filter(([word]) => word === 'if' || word === 'on')) };
}
