import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expressionToString } from '../../src/kconfig/expression.ts';
import {
  configure,
  type Kconfig,
  load,
  type MenuNode,
  parseConfig,
  writeConfig,
} from '../../src/kconfig/index.ts';
import { newest } from './kconfig.ts';

/** Macros as scripts/Kconfig.include has them, and variables of both flavors. */
const macros = [
  'if-success = $(shell,{ $(1); } >/dev/null 2>&1 && echo "$(2)" || echo "$(3)")',
  'success = $(if-success,$(1),y,n)',
  'flag := $(if-success,one,-m1,)',
  'late = $(success,two)',
  'version := $(shell,three)',
];

/** What the host is asked for: plain, by macros, and by commands made of answers. */
const questions = [
  '$(success,five)',
  '$(success,six)',
  '$(shell,seven)',
  '$(success,eight $(flag))',
  '$(success,test -e $(shell,nine)/x)',
  '$(late)',
  '$(version)',
  '$(shell,ten)',
  'A$(shell,ten)',
];

/** Places for them. */
const places: readonly ((question: string, i: number) => string)[] = [
  (q, i) => `config A${i}\n\tbool "a"\n\tdepends on ${q} && B\n`,
  (q, i) => `config A${i}\n\tdef_bool ${q}\n`,
  (q, i) => `config A${i}\n\ttristate "a" if !${q}\n\tdefault m if ${q} || B\n`,
  (q, i) => `config A${i}\n\tstring\n\tdefault "${q}"\n`,
  (q, i) => `config A${i}\n\tint "a"\n\tdefault ${q}\n\trange 0 ${q}\n`,
  (q, i) => `config A${i}\n\tbool "a"\n\tselect B if ${q}\n\timply A0 if ${q} = y\n`,
  (q, i) => `config A${i}\n\tbool "a"\n\tdepends on B if ${q}\n`,
  (q, i) => `if ${q}\nconfig A${i}\n\tbool "a ${q}"\nendif\n`,
  (q, i) => `menu "m"\n\tvisible if ${q}\nconfig A${i}\n\tbool "a"\nendmenu\n`,
  (q, i) => `config A${i}${q}\n\tbool "a"\n`,
  (q) => `comment "${q}"\n\tdepends on ${q}\n`,
  (q) => `$(error-if,${q},stop)\n`,
  (q) => `$(warning-if,${q},careful)\n`,
  (q, i) => `v${i} := ${q}\nconfig A${i}\n\tdef_bool $(v${i})\n`,
  (q, i) => `w${i} := $(warning-if,${q},careful)\n`,
  (q) => `source "f${q}"\n`,
  (q) => `source "fy"\n# ${q}\n`,
];

const included: Readonly<Record<string, string>> = {
  '/tree/fy': 'config F\n\tdef_bool $(success,six)\n',
  '/tree/fn': 'config F\n\tdef_bool n\n',
};

/** All that can be told of what was read. */
function told(kconfig: Kconfig): unknown {
  const node = (menu: MenuNode): unknown => ({
    at: `${menu.location.file}:${menu.location.line}`,
    symbol: menu.symbol?.index,
    prompt: menu.prompt?.text,
    dependency: expressionToString(menu.dependency),
    visibility: expressionToString(menu.visibility),
    children: menu.children.map(node),
  });
  return {
    symbols: kconfig.all.map(({ index, name, type, constant, properties, ...symbol }) => ({
      ...{ index, name, type, constant },
      direct: expressionToString(symbol.directDependency),
      reverse: expressionToString(symbol.reverseDependency),
      implied: expressionToString(symbol.weakReverseDependency),
      properties: properties.map((property) => [
        property.kind,
        expressionToString(property.condition),
        property.kind === 'default' ? expressionToString(property.value) : '',
        property.kind === 'range' ? [property.low.name, property.high.name] : [],
      ]),
    })),
    menu: node(kconfig.root),
    warnings: kconfig.warnings,
    files: kconfig.files,
    config: writeConfig(configure(kconfig, parseConfig('', kconfig))),
  };
}

it('what is read is the same whether the answers come before, between or after', async () => {
  const statements = fc.array(
    fc.record({ place: fc.constantFrom(...places), question: fc.constantFrom(...questions) }),
    { maxLength: 8 },
  );
  const answers = fc.dictionary(
    fc.constantFrom('one', 'three', 'five', 'six', 'seven', 'eight', 'nine', 'ten', '-e'),
    fc.constantFrom('y', 'y', 'n', 'm', '7', '', 'B', 'odd words'),
  );
  await fc.assert(
    fc.asyncProperty(statements, answers, fc.nat(3), async (parts, answer, fillers) => {
      const text = [
        ...[...macros, 'config MODULES\n\tbool "m"\n\tmodules\nconfig B\n\tbool "b"\n'],
        // Early and late in a tree, reading goes on in different ways.
        ...Array.from({ length: fillers * 20 }, (_, i) => `source "filler${i}"`),
        ...parts.map(({ place, question }, i) => place(question, i)),
      ].join('\n');
      const reply = (command: string): string => {
        const word = /one|two|three|five|six|seven|eight|nine|ten|-e/.exec(command)?.[0] ?? '';
        const given = answer[word] ?? 'n';
        const condition = /&& echo "(.*)" \|\| echo "(.*)"$/.exec(command);
        if (condition === null) return `${given}\n`;
        return `${given === 'y' ? condition[1] : condition[2]}\n`;
      };
      const asked = new Map<string, string>();
      const read = async (known: ReadonlyMap<string, string>): Promise<unknown> => {
        try {
          const kconfig = await load({
            root: '/tree',
            environment: {},
            dialect: newest,
            knownOutputs: known,
            read: (path) =>
              path === '/tree/Kconfig'
                ? text
                : path.startsWith('/tree/filler')
                  ? '\n'
                  : included[path],
            probe: async (commands) => {
              for (const command of commands) asked.set(command, reply(command));
              return commands.map(reply);
            },
          });
          return told(kconfig);
        } catch (error) {
          return String(error);
        }
      };
      const cold = await read(new Map());
      const warm = await read(asked);
      expect(cold).toEqual(warm);
      for (const command of asked.keys()) expect(command).not.toContain('\u0001');
    }),
    { numRuns: 1500 },
  );
});
