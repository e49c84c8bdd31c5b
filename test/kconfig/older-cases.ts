import type { Dialect } from '../../src/kconfig/index.ts';

/**
 * Small files that older kernels read differently, and what their own conf makes of them: the slow
 * tests ask it again where there is a tree with these features.
 */
export interface OlderCase {
  readonly name: string;
  /** What a tree's dialect has to have for the case to apply. */
  readonly features: Partial<Dialect>;
  readonly files: Readonly<Record<string, string>>;
  readonly config: string;
  /** The lines of `.config` below its heading; undefined if conf fails. */
  readonly expected: readonly string[] | undefined;
}

const modules = ['config MODULES', '\tbool', '\toption modules', '\tdefault y', ''];

function text(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

export const olderCases: readonly OlderCase[] = [
  {
    name: 'a help text may begin with ---help---',
    features: { dashedHelp: true },
    files: {
      Kconfig: text('config A', '\tbool "a"', '\t---help---', '\t  default y', '\tdefault y'),
    },
    config: '',
    expected: ['CONFIG_A=y'],
  },
  {
    name: 'option modules names the symbol for modules',
    features: { optionLines: true },
    files: {
      Kconfig: text(
        'config MODS',
        '\tbool "mods"',
        '\toption modules',
        'config T',
        '\ttristate "t"',
      ),
    },
    config: text('CONFIG_MODS=y', 'CONFIG_T=m'),
    expected: ['CONFIG_MODS=y', 'CONFIG_T=m'],
  },
  {
    name: 'option defconfig_list keeps a symbol out of .config',
    features: { optionLines: true },
    files: {
      Kconfig: text(
        'config LIST',
        '\tstring',
        '\toption defconfig_list',
        '\tdefault "/boot/config"',
        'config B',
        '\tbool "b" if LIST != ""',
        '\toption allnoconfig_y',
      ),
    },
    config: '',
    expected: ['# CONFIG_B is not set'],
  },
  {
    name: 'there is but one defconfig list',
    features: { optionLines: true },
    files: {
      Kconfig: text(
        'config A',
        '\tstring',
        '\toption defconfig_list',
        'config B',
        '\tstring',
        '\toption defconfig_list',
      ),
    },
    config: '',
    expected: undefined,
  },
  {
    name: 'keywords are names where they are not expected',
    features: { keywordsByPlace: true },
    files: {
      Kconfig: text(
        'config optional',
        '\tbool "o"',
        '\tdefault y',
        'config range',
        '\tbool "r"',
        '\tdepends on optional',
        '\tdefault optional',
        'if range',
        'config C',
        '\tbool "c"',
        'endif',
      ),
    },
    config: '',
    expected: ['CONFIG_optional=y', 'CONFIG_range=y', '# CONFIG_C is not set'],
  },
  {
    name: 'an assignment may stand right behind a help text',
    features: { keywordsByPlace: true },
    files: {
      Kconfig: text(
        'config A',
        '\tbool "a"',
        '\thelp',
        '\t  Text.',
        '',
        'type := tristate + a b',
        'config B',
        '\tstring "b"',
        '\tdefault "$(type)"',
      ),
    },
    config: '',
    expected: ['# CONFIG_A is not set', 'CONFIG_B="tristate + a b"'],
  },
  {
    name: 'one word, even a path, needs no quotes',
    features: { unquotedTexts: true, pathsAreWords: true },
    files: {
      Kconfig: text(
        'mainmenu Title',
        'menu First',
        'source sub/Kconfig.more',
        'endmenu',
        'comment Remark',
      ),
      'sub/Kconfig.more': text(
        'config A',
        '\tbool Prompt',
        'config S',
        '\tstring Text',
        '\tdefault a/b.c',
      ),
    },
    config: 'CONFIG_A=y\n',
    expected: ['', '#', '# First', '#', 'CONFIG_A=y', 'CONFIG_S="a/b.c"', '', '#', '# Remark', '#'],
  },
  {
    name: 'a choice may hold menuconfig and source',
    features: { strictChoices: false },
    files: {
      Kconfig: text(
        'choice',
        '\tprompt "c"',
        '\tdefault B',
        'menuconfig A',
        '\tbool "a"',
        'source "more"',
        'endchoice',
      ),
      more: text('config B', '\tbool "b"', 'if B', 'config C', '\tbool "c"', 'endif'),
    },
    config: '',
    expected: ['# CONFIG_A is not set', 'CONFIG_B=y', '# CONFIG_C is not set'],
  },
  {
    name: 'what is implied by y cannot be m',
    features: { implyForbidsModule: true, optionLines: true },
    files: {
      Kconfig: text(
        ...modules,
        'config A',
        '\tbool "a"',
        '\timply T',
        '\timply U if MODULES',
        'config T',
        '\ttristate "t"',
        'config U',
        '\ttristate "u"',
      ),
    },
    config: text('CONFIG_A=y', 'CONFIG_T=m', '# CONFIG_U is not set'),
    expected: ['CONFIG_MODULES=y', 'CONFIG_A=y', 'CONFIG_T=y', '# CONFIG_U is not set'],
  },
  {
    name: 'imply lifts a symbol above dependencies that are m, but not above n',
    features: { implyObeysDependencies: false, optionLines: true },
    files: {
      Kconfig: text(
        ...modules,
        'config M',
        '\ttristate "m"',
        'config N',
        '\ttristate "n"',
        'config A',
        '\tbool "a"',
        '\timply T',
        '\timply U',
        'config T',
        '\ttristate',
        '\tdepends on M',
        'config U',
        '\ttristate',
        '\tdepends on N',
      ),
    },
    config: text('CONFIG_A=y', 'CONFIG_M=m'),
    expected: [
      'CONFIG_MODULES=y',
      'CONFIG_M=m',
      '# CONFIG_N is not set',
      'CONFIG_A=y',
      'CONFIG_T=y',
    ],
  },
  {
    name: 'the ends of menus are not marked',
    features: { marksMenuEnds: false },
    files: {
      Kconfig: text('menu "m"', 'config A', '\tbool "a"', 'endmenu', 'config B', '\tbool "b"'),
    },
    config: '',
    expected: ['', '#', '# m', '#', '# CONFIG_A is not set', '# CONFIG_B is not set'],
  },
  {
    name: 'in .config, what follows the # is not looked at',
    features: { laxUnsetLines: true },
    files: { Kconfig: text('config A', '\tbool "a"', '\tdefault y', 'config B', '\tdef_bool A') },
    config: '#:CONFIG_A is not set\n',
    expected: ['# CONFIG_A is not set'],
  },
];
