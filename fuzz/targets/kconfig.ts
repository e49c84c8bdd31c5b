import {
  configure,
  expressionToString,
  type Kconfig,
  KconfigSyntaxError,
  load,
  type MenuNode,
  parseConfig,
  writeConfig,
} from '../../src/kconfig/index.ts';
import { classic, el7, el8, modern, newest } from '../../test/kconfig/kconfig.ts';
import type { Target } from '../target.ts';
import { joinSections, splitSections } from './sections.ts';

const dialects = { modern, newest, classic, el8, el7 };

/** Whether a name is that of a dialect; the properties of all objects are not. */
function isDialect(name: string): name is keyof typeof dialects {
  return Object.hasOwn(dialects, name);
}

function visitMenus(menu: MenuNode, visit: (menu: MenuNode) => void): void {
  visit(menu);
  for (const child of menu.children) visitMenus(child, visit);
}

/** Asks all that can be asked of a tree and a `.config`. */
function evaluate(kconfig: Kconfig, config: string | undefined): void {
  const input = config === undefined ? undefined : parseConfig(config, kconfig);
  const configuration = configure(kconfig, input);
  for (const symbol of kconfig.all) {
    configuration.get(symbol);
    configuration.visibility(symbol);
    expressionToString(symbol.directDependency);
    expressionToString(symbol.reverseDependency);
  }
  visitMenus(kconfig.root, ({ prompt, visibility }) => {
    configuration.evaluate(prompt?.condition);
    configuration.evaluate(visibility);
  });
  configuration.unmetDependencies();
  const written = writeConfig(configuration);
  const again = configure(kconfig, parseConfig(written, kconfig));
  const [symbol] = kconfig.all.filter(({ type, constant }) => type === 'tristate' && !constant);
  if (symbol !== undefined && !symbol.isChoice) {
    again.set(symbol, 'y');
    again.clone();
  }
  writeConfig(again);
}

const menus = `mainmenu "Fuzz"
config MODULES
	bool "Modules"
	modules
	default y
menu "Net"
	visible if MODULES
	depends on A || !B
config A
	tristate "A" if B
	depends on (B && C) || D != n
	default m if MODULES
	select E if D >= 3
	imply F
	help
	  A text.

	  More.
config D
	int "D"
	range 1 10 if A
	default 5
endmenu
if A
config B
	def_tristate y
config S
	string "S"
	default "a \\"b\\""
endif
choice
	prompt "C"
	default C2
config C1
	bool "C1"
config C2
	bool "C2"
endchoice
comment "end"
	depends on A=m
config H
	hex "H"
	default 0x1F
config E
	bool
config F
	tristate "F"
`;

const macros = `cc-option = $(success,$(CC) $(1))
success = $(if-success,$(1),y,n)
if-success = $(shell,{ $(1); } >/dev/null 2>&1 && echo "$(2)" || echo "$(3)")
X := $(shell,echo 1)
X += $(filename):$(lineno)
$(info,hello)
$(warning-if,n,no)
source "sub/Kconfig"
config CC_HAS
	def_bool $(cc-option,-Wall)
config V
	string
	default "$(X)"
`;

/** A tree of Kconfig files, in the dialect of one kernel, and a `.config` for it. */
export const kconfigTarget: Target = {
  name: 'kconfig',
  words: [
    ...['config ', 'menuconfig ', 'choice\n', 'endchoice\n', 'menu "M"\n', 'endmenu\n', 'if A\n'],
    ...['endif\n', 'source "sub/Kconfig"\n', 'comment "x"\n', 'mainmenu "x"\n', '\tbool "x"\n'],
    ...['\ttristate "x"\n', '\tstring\n', '\tint "x"\n', '\thex "x"\n', '\tprompt "x"\n'],
    ...['\tdefault ', '\tdef_bool y\n', '\tdef_tristate m\n', '\tdepends on ', '\tselect '],
    ...['\timply ', '\trange 1 5\n', '\thelp\n', '\toptional\n', '\tmodules\n', '\ttransitional\n'],
    ...[
      '\toption env="A"\n',
      '\toption modules\n',
      '\tvisible if ',
      '---help---\n',
      ' if ',
      ' on ',
    ],
    ...[
      '&&',
      '||',
      '!',
      '=',
      '!=',
      '<',
      '>=',
      '(',
      ')',
      '"',
      "'",
      '\\\n',
      '\t',
      '\n',
      '#',
      '$(',
      ')',
    ],
    ...['$(1)', '$(shell,', '$(error-if,y,', '$(X)', ':=', '+=', ' = ', 'A', 'B', 'C', 'MODULES'],
    ...['y', 'm', 'n', '"y"', '0x', '-1', '99999999999999999999', '## file sub/Kconfig\n'],
    ...[
      '## config\n',
      'CONFIG_A=y\n',
      '# CONFIG_A is not set\n',
      'CONFIG_S="x"\n',
      '## dialect el7\n',
    ],
  ],
  seeds: () =>
    Object.keys(dialects).flatMap((dialect) => [
      joinSections({
        [`dialect ${dialect}`]: '',
        'file Kconfig': menus,
        config: 'CONFIG_A=m\n# CONFIG_B is not set\nCONFIG_D=7\nCONFIG_S="x\\"y"\nCONFIG_H=0x3\n',
      }),
      joinSections({
        [`dialect ${dialect}`]: '',
        'file Kconfig': dialect === 'el7' ? 'source "sub/Kconfig"\n' : macros,
        'file sub/Kconfig': 'config A\n\tbool "A"\n\tdefault y\n',
      }),
    ]),
  async run(input) {
    const sections = splitSections(input);
    const named = [...sections.keys()].find((name) => name.startsWith('dialect '));
    const dialect = named?.slice('dialect '.length) ?? '';
    const kconfig = await load({
      root: '/tree',
      environment: { CC: 'gcc', A: 'a' },
      dialect: isDialect(dialect) ? dialects[dialect] : modern,
      probe: async (commands) => commands.map((command) => (command.length % 3 === 0 ? 'n' : 'y')),
      read: (path) => sections.get(`file ${path.replace('/tree/', '')}`),
    });
    evaluate(kconfig, sections.get('config'));
  },
  isOwnError: (error) => error instanceof KconfigSyntaxError,
};
