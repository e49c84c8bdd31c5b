import type { Dialect } from '../../src/kconfig/index.ts';
import { el7, el8 } from './kconfig.ts';

/**
 * Small files that older kernels read differently, and what their own conf makes of them: the slow
 * tests ask it again where there is a tree with these features.
 */
export interface OlderCase {
  readonly name: string;
  /** A dialect that the case is of. */
  readonly base: Dialect;
  /** What the dialect of another tree has to have for the case to apply there, too. */
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
    base: el8,
    features: { dashedHelp: true },
    files: {
      Kconfig: text('config A', '\tbool "a"', '\t---help---', '\t  default y', '\tdefault y'),
    },
    config: '',
    expected: ['CONFIG_A=y'],
  },
  {
    name: 'option modules names the symbol for modules',
    base: el8,
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
    base: el8,
    features: { optionLines: true, writesDefconfigList: false },
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
    base: el8,
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
    base: el8,
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
    base: el8,
    features: { keywordsByPlace: true, macros: true },
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
    base: el8,
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
    base: el8,
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
    base: el8,
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
    base: el8,
    features: { implyObeysDependencies: false, implyForbidsModule: true, optionLines: true },
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
    base: el8,
    features: { marksMenuEnds: false },
    files: {
      Kconfig: text('menu "m"', 'config A', '\tbool "a"', 'endmenu', 'config B', '\tbool "b"'),
    },
    config: '',
    expected: ['', '#', '# m', '#', '# CONFIG_A is not set', '# CONFIG_B is not set'],
  },
  {
    name: 'in .config, what follows the # is not looked at',
    base: el8,
    features: { laxUnsetLines: true },
    files: { Kconfig: text('config A', '\tbool "a"', '\tdefault y') },
    config: '#:CONFIG_A is not set\n',
    expected: ['# CONFIG_A is not set'],
  },
  {
    name: 'dashes and odd characters are nothing',
    base: el7,
    features: { ignoresDashes: true },
    files: {
      Kconfig: text(
        'config A',
        '\tbool "a";',
        '\t--- help ---',
        '\t  default y',
        '.',
        'config B',
        '\tbool "b"',
        '\t---help---',
        '\t  default y',
        '\tdefault y',
      ),
    },
    config: '',
    expected: ['# CONFIG_A is not set', 'CONFIG_B=y'],
  },
  {
    name: 'boolean is bool',
    base: el7,
    features: { booleanKeyword: true },
    files: { Kconfig: text('config A', '\tboolean "a"', '\tdefault y') },
    config: '',
    expected: ['CONFIG_A=y'],
  },
  {
    name: 'symbols of the environment name files',
    base: el7,
    features: { environmentOptions: true },
    files: {
      Kconfig: text(
        'mainmenu "Title of $PLACE"',
        'config PLACE',
        '\tstring',
        '\toption env="NAME"',
        'config UNSET',
        '\tstring',
        '\toption env="NO_SUCH_VARIABLE"',
        'source "$PLACE/Kconfig$UNSET"',
      ),
      'sub/Kconfig': text('config A', '\tstring "a"', '\tdefault PLACE'),
    },
    config: '',
    expected: ['CONFIG_A="sub"'],
  },
  {
    name: 'there are no macros',
    base: el7,
    features: { macros: false },
    files: { Kconfig: text('config A', '\tstring "a"', '\tdefault "$(NAME) $NAME"') },
    config: '',
    expected: ['CONFIG_A="$(NAME) $NAME"'],
  },
  {
    name: 'assignments are errors',
    base: el7,
    features: { macros: false },
    files: { Kconfig: text('name := value', 'config A', '\tbool "a"') },
    config: '',
    expected: undefined,
  },
  {
    name: 'MODULES is for modules without an option',
    base: el7,
    features: { modulesByName: true },
    files: {
      Kconfig: text('config MODULES', '\tbool "mods"', 'config T', '\ttristate "t" if m'),
    },
    config: text('CONFIG_MODULES=y', 'CONFIG_T=m'),
    expected: ['CONFIG_MODULES=y', 'CONFIG_T=m'],
  },
  {
    name: 'the defconfig list has a line, and names in it stay',
    base: el7,
    features: { writesDefconfigList: true },
    files: {
      Kconfig: text(
        'config LIST',
        '\tstring',
        '\toption defconfig_list',
        '\tdefault "/lib/modules/$UNAME_RELEASE/.config"',
      ),
    },
    config: '',
    expected: ['CONFIG_LIST="/lib/modules/$UNAME_RELEASE/.config"'],
  },
  {
    name: 'a hidden symbol with a default of n has a line',
    base: el7,
    features: { hidesDefaultNo: false },
    files: {
      Kconfig: text(
        'config A',
        '\tdef_bool n',
        'config B',
        '\tdef_bool y if A',
        'config C',
        '\tdef_bool A',
      ),
    },
    config: '',
    expected: ['# CONFIG_A is not set', '# CONFIG_C is not set'],
  },
  {
    name: 'values are compared as text',
    base: el7,
    features: { numericComparisons: false },
    files: {
      Kconfig: text(
        'config H',
        '\thex "h"',
        '\tdefault 0x10',
        'config A',
        '\tbool "a" if H = 16',
        'config B',
        '\tbool "b" if H != 16',
      ),
    },
    config: '',
    expected: ['CONFIG_H=0x10', '# CONFIG_B is not set'],
  },
  {
    name: 'ranges have 32 bits',
    base: el7,
    features: { narrowRanges: true },
    files: {
      Kconfig: text('config H', '\thex "h"', '\tdefault 0x5', '\trange 0x1 0xffffffff'),
    },
    config: '',
    expected: ['CONFIG_H=0xffffffff'],
  },
  {
    name: 'what can be m at most is offered in a choice that is y',
    base: el7,
    features: { choiceHidesModules: false, optionLines: true },
    files: {
      Kconfig: text(
        ...modules,
        'config M',
        '\ttristate "m"',
        'choice',
        '\ttristate "c"',
        'config A',
        '\ttristate "a"',
        'config B',
        '\ttristate "b"',
        '\tdepends on M',
        'endchoice',
      ),
    },
    config: text('CONFIG_M=m', 'CONFIG_B=m', 'CONFIG_A=y'),
    expected: ['CONFIG_MODULES=y', 'CONFIG_M=m', 'CONFIG_A=y', 'CONFIG_B=m'],
  },
  {
    name: 'a choice that is not y keeps its members out, wherever else they have prompts',
    base: el7,
    features: { choiceWritesMembers: true },
    files: {
      Kconfig: text(
        'config N',
        '\tbool "n"',
        'choice',
        '\tprompt "c"',
        '\tdepends on N',
        'config A',
        '\tbool "a"',
        'endchoice',
        'config A',
        '\tbool "again"',
      ),
    },
    config: '',
    expected: ['# CONFIG_N is not set'],
  },
  {
    name: 'circles are no error',
    base: el7,
    features: { toleratesCircles: true },
    files: {
      Kconfig: text(
        'config A',
        '\tbool "a"',
        '\tdepends on B',
        'config B',
        '\tbool "b"',
        '\tselect A',
      ),
    },
    config: text('CONFIG_A=y', 'CONFIG_B=y'),
    expected: ['CONFIG_A=y', 'CONFIG_B=y'],
  },
];
