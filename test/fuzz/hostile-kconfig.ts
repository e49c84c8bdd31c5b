import { joinSections } from '../../fuzz/targets/sections.ts';

/** An input that a reader once failed on, or was made to stumble over. */
export interface HostileInput {
  readonly target: string;
  readonly what: string;
  readonly input: () => Uint8Array;
  /** What the reader says of it; absent where it reads it. */
  readonly error?: RegExp;
}

const times = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

type Dialect = 'modern' | 'classic' | 'el8' | 'el7';

function tree(
  what: string,
  files: string | Readonly<Record<string, string>>,
  error?: RegExp,
  dialect: Dialect = 'modern',
): HostileInput {
  const named = typeof files === 'string' ? { Kconfig: files } : files;
  const sections = Object.entries(named).map(([name, text]) => [`file ${name}`, text]);
  const config = 'CONFIG_A0=y\nCONFIG_A1=m\n';
  return {
    target: 'kconfig',
    what: `${what} (${dialect})`,
    input: () =>
      joinSections({ [`dialect ${dialect}`]: '', ...Object.fromEntries(sections), config }),
    ...(error === undefined ? {} : { error }),
  };
}

const config = (name: string, ...options: readonly string[]): string =>
  `config ${name}\n${['tristate "x"', ...options].map((option) => `\t${option}\n`).join('')}`;

/** An expression that has `&&` and `||` by turns, each within the other. */
function alternating(depth: number, last: string): string {
  let text = last;
  for (let i = 0; i < depth; i++) text = `(${text} ${i % 2 === 0 ? '&&' : '||'} A${i})`;
  return text;
}

function negated(depth: number): string {
  let text = 'A0';
  for (let i = 1; i < depth; i++) text = `!(A${i} ${i % 2 === 0 ? '&&' : '||'} ${text})`;
  return text;
}

const both = (entry: (dialect: Dialect) => HostileInput): HostileInput[] => [
  entry('modern'),
  entry('classic'),
];

/** Trees of Kconfig files that cost without end what reads them carelessly. */
export const hostileKconfig: readonly HostileInput[] = [
  tree(
    'parentheses',
    config('A', `depends on ${'('.repeat(60_000)}`),
    /expression nests too deeply/,
  ),
  tree(
    'negations',
    config('A', `depends on ${'!'.repeat(60_000)}A`),
    /expression nests too deeply/,
  ),
  tree(
    'ifs',
    times(10_000, () => 'if A\n'),
    /ifs nest too deeply/,
  ),
  tree(
    'menus',
    times(6000, () => 'menu "M"\n'),
    /menus.* nest too deeply/,
  ),
  tree('a long conjunction', config('A', `depends on ${'B && '.repeat(12_000)}B`), /too long/),
  tree('a long disjunction', config('A', `default ${'B || '.repeat(12_000)}B`), /too long/),
  ...both((dialect) =>
    tree(
      'dependencies, one to a line',
      config('A', ...Array.from({ length: 3000 }, (_, i) => `depends on B${i}`)),
      /too many conditions/,
      dialect,
    ),
  ),
  ...both((dialect) =>
    tree(
      'definitions of one symbol',
      times(1500, (i) => config('A', `depends on B${i}`)),
      undefined,
      dialect,
    ),
  ),
  ...both((dialect) =>
    tree(
      'selectors of one symbol',
      times(1500, (i) => config(`A${i}`, 'select B')) + config('B'),
      undefined,
      dialect,
    ),
  ),
  ...both((dialect) =>
    tree(
      'a chain of dependencies',
      times(1500, (i) => config(`A${i}`, `depends on A${i + 1}`)),
      undefined,
      dialect,
    ),
  ),
  ...both((dialect) =>
    tree(
      'a chain of submenus',
      times(1500, (i) => config(`A${i + 1}`, `depends on A${i}`)),
      undefined,
      dialect,
    ),
  ),
  ...both((dialect) =>
    tree(
      'a long chain of defaults',
      times(20_000, (i) => `config A${i}\n\tdef_bool A${i + 1}\n`),
      /nest too deeply/,
      dialect,
    ),
  ),
  tree(
    'a long circle',
    times(20_000, (i) => `config A${i}\n\tdef_bool A${(i + 1) % 20_000}\n`),
    /nest too deeply/,
    'el7',
  ),
  ...both((dialect) =>
    tree(
      'expressions that take long to compare',
      config('A', `depends on ${alternating(60, 'B')}`, `depends on ${alternating(60, 'B')}`) +
        config('C', `depends on ${alternating(60, 'A')}`),
      undefined,
      dialect,
    ),
  ),
  ...both((dialect) =>
    tree(
      'negations that take long to push inwards',
      config('A', `depends on ${negated(45)}`),
      undefined,
      dialect,
    ),
  ),
  tree(
    'a variable that doubles',
    `X := x\n${times(40, () => 'X := $(X)$(X)\n')}`,
    /macros expand to too much/,
  ),
  tree(
    'variables that call the next twice',
    `${times(40, (i) => `X${i} = $(X${i + 1})$(X${i + 1})\n`)}Y := $(X0)\n`,
    /macros expand to too much/,
  ),
  tree('commands that have the answer to the one before in them twice', {
    // Behind a few files, commands are no more asked one after the other.
    Kconfig: `${times(50, (i) => `source "f${i}"\n`)}source "macros"\n`,
    ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, ''])),
    macros:
      `X0 := $(shell,a && echo y || echo n)\n` +
      times(40, (i) => `X${i + 1} := $(shell,b $(X${i})$(X${i}) && echo y || echo n)\n`) +
      'config A\n\tdef_bool $(X40)\n',
  }),
  tree('a function that calls itself', 'f = $(f,$(1)x)\nX := $(f,a)\n', /Too deep|nest too deeply/),
  tree(
    'references within references',
    `X := ${'$('.repeat(5000)}${')'.repeat(5000)}\n`,
    /nest too deeply|too much/,
  ),
  tree('macros that are nothing', `${config('A')}\tdepends on ${'$(none) '.repeat(8000)}B\n`),
  tree('dashes that are nothing', `${'--- '.repeat(15_000)}\n${config('A')}`, undefined, 'el7'),
  tree(
    'words and no macro',
    times(8000, (i) => `# w\nconfig W${i}\n\tbool\n`),
  ),
  tree(
    'files that include the next twice',
    Object.fromEntries([
      ['Kconfig', 'source "f0"\n'],
      ...Array.from({ length: 40 }, (_, i) => [`f${i}`, `source "f${i + 1}"\n`.repeat(2)]),
      ['f40', ''],
    ]),
    /include too much|too deeply/,
  ),
  tree(
    'a file that includes itself by ever longer names',
    'X += ./\nsource "$(subst,$(X))Kconfig"\n',
    /can't open file|include/,
  ),
  tree(
    'names that all objects have',
    `config __proto__\n\tbool "x"\n\tdefault "$(constructor)"\nconfig toString\n\tstring "$(valueOf)"\n`,
  ),
  tree(
    'an environment that all objects have',
    'config A\n\tstring\n\toption env="constructor"\n',
    undefined,
    'el7',
  ),
  tree(
    'an environment by the name of a prototype',
    'config A\n\tstring\n\toption env="__proto__"\n',
    undefined,
    'el7',
  ),
  tree(
    'a number of many digits',
    `config A\n\tint "x"\n\trange ${'9'.repeat(20_000)} 1\n\tdefault ${'9'.repeat(20_000)}\n` +
      `config B\n\tbool "x"\n\tdepends on A > ${'8'.repeat(20_000)}\n`,
  ),
  ...both((dialect) =>
    tree(
      'a choice of many',
      `choice\n\tprompt "C"\n${times(2500, (i) => `config A${i}\n\tbool "x"\n`)}endchoice\n`,
      undefined,
      dialect,
    ),
  ),
  tree(
    'a help text of empty lines',
    `config A\n\tbool "x"\n\thelp\n\t  x\n${'\n \t'.repeat(15_000)}\n`,
  ),
  tree('a quoted text without end', `config A\n\tbool "${'x\\'.repeat(20_000)}`),
];
