import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  configure,
  type Kconfig,
  type KconfigSymbol,
  parseConfig,
  writeConfig,
} from '../../src/kconfig/index.ts';
import { classic, configured, modern, read, symbol, valuesOf } from './kconfig.ts';

const modules = 'config MODULES\n\tbool "modules"\n\tmodules\n\tdefault y\n';

/** The lines of `.config` that are no comments of the frame. */
function lines(kconfig: Kconfig, config: string): string[] {
  return writeConfig(configured(kconfig, config))
    .split('\n')
    .filter((line) => /CONFIG_/.test(line));
}

describe('values', () => {
  it('lets visibility bound the user’s value', async () => {
    const kconfig = await read(
      `${modules}config D\n\ttristate "d"\nconfig A\n\ttristate "a"\n\tdepends on D\nconfig B\n\tbool "b"\n\tdepends on D\n`,
    );
    const state = configured(kconfig, 'CONFIG_D=m\nCONFIG_A=y\nCONFIG_B=y\n');
    expect(valuesOf(state, ['D', 'A', 'B'])).toEqual({ D: 'm', A: 'm', B: 'y' });
    expect(state.visibility(symbol(kconfig, 'A'))).toBe(1);
    expect(state.user(symbol(kconfig, 'A'))).toBe('y');
  });

  it('lets selects overrule, and reports what they overrule', async () => {
    const kconfig = await read(
      `${modules}config D\n\tbool "d"\nconfig S\n\ttristate "s"\n\tselect T\nconfig T\n\ttristate "t"\n\tdepends on D\n`,
    );
    const state = configured(kconfig, 'CONFIG_S=m\n');
    expect(valuesOf(state, ['T'])).toEqual({ T: 'm' });
    expect(state.selectedValue(symbol(kconfig, 'T'))).toBe(1);
    expect(state.directDependency(symbol(kconfig, 'T'))).toBe(0);
    expect(state.unmetDependencies().map(({ message }) => message)).toEqual([
      'WARNING: unmet direct dependencies detected for T\n  Depends on [n]: D [=n]\n' +
        '  Selected by [m]:\n  - S [=m]',
    ]);
  });

  it('lets implies be refused and bounds them by the dependencies', async () => {
    const kconfig = await read(
      `${modules}config D\n\ttristate "d"\nconfig I\n\tbool "i"\n\timply T\nconfig T\n\ttristate "t"\n\tdepends on D\n`,
    );
    expect(valuesOf(configured(kconfig, 'CONFIG_I=y\nCONFIG_D=m\n'), ['T'])).toEqual({ T: 'm' });
    const refused = configured(kconfig, 'CONFIG_I=y\nCONFIG_D=y\n# CONFIG_T is not set\n');
    expect(valuesOf(refused, ['T'])).toEqual({ T: 'n' });
    expect(refused.impliedValue(symbol(kconfig, 'T'))).toBe(2);
  });

  it('takes the first default whose condition holds', async () => {
    const kconfig = await read(
      'config X\n\tbool "x"\nconfig A\n\tint\n\tdefault 1 if X\n\tdefault 2\nconfig B\n\thex\n\tdefault 0x1F\n' +
        'config C\n\tstring\n\tdefault "a\\"b"\nconfig E\n\tint "e"\n',
    );
    expect(valuesOf(configured(kconfig, ''), ['A', 'B', 'C', 'E'])).toEqual({
      A: '2',
      B: '0x1F',
      C: 'a"b',
      E: '0',
    });
    expect(lines(kconfig, 'CONFIG_X=y\n')).toEqual([
      'CONFIG_X=y',
      'CONFIG_A=1',
      'CONFIG_B=0x1F',
      'CONFIG_C="a\\"b"',
      'CONFIG_E=0',
    ]);
    expect(lines(await read('config E\n\tint "e"\n', { dialect: classic }), '')).toEqual([
      'CONFIG_E=',
    ]);
  });

  it('has tristates be bools while modules are off', async () => {
    const kconfig = await read(
      `${modules}config A\n\ttristate "a"\n\tdefault m\nconfig B\n\ttristate "b"\n\tdepends on m\n`,
    );
    expect(lines(kconfig, '# CONFIG_MODULES is not set\nCONFIG_A=m\nCONFIG_B=m\n')).toEqual([
      '# CONFIG_MODULES is not set',
      'CONFIG_A=y',
    ]);
  });

  it('compares numbers as numbers and texts as texts', async () => {
    const kconfig = await read(
      'config N\n\tint\n\tdefault 9\nconfig H\n\thex\n\tdefault 0x10\nconfig S\n\tstring\n\tdefault "9"\n' +
        'config A\n\tdef_bool N < 10\nconfig B\n\tdef_bool H > 15\nconfig C\n\tdef_bool S > "10"\n' +
        'config D\n\tdef_bool UNDEFINED = n\nconfig E\n\tdef_bool UNDEFINED = "UNDEFINED"\n' +
        'config F\n\tdef_bool A >= m\nconfig G\n\tdef_bool "abc" < "abd"\n',
    );
    expect(valuesOf(configured(kconfig), ['A', 'B', 'C', 'D', 'E', 'F', 'G'])).toEqual({
      A: 'y',
      B: 'y',
      C: 'n',
      D: 'n',
      E: 'y',
      F: 'y',
      G: 'y',
    });
  });

  it('refuses values of another type', async () => {
    const kconfig = await read('config A\n\tbool "a"\nconfig N\n\tint "n"\n');
    const state = configured(kconfig);
    expect(() => state.set(symbol(kconfig, 'A'), 'm')).toThrow(RangeError);
    expect(() => state.set(symbol(kconfig, 'N'), '0x1')).toThrow("'0x1' is no value for N");
  });
});

describe('ranges', () => {
  const text =
    'config R\n\tint "r"\n\trange 5 LIMIT\n\tdefault 7\nconfig LIMIT\n\tint\n\tdefault 20\nconfig COPY\n\tint\n\tdefault R\n';

  it('keep defaults and user values inside', async () => {
    const kconfig = await read(text);
    expect(lines(kconfig, 'CONFIG_R=1\n')).toEqual([
      'CONFIG_R=5',
      'CONFIG_LIMIT=20',
      'CONFIG_COPY=5',
    ]);
    expect(lines(kconfig, 'CONFIG_R=99\n')).toContain('CONFIG_R=20');
  });

  it('make older kernels drop the user’s value, but not what followed from it', async () => {
    const kconfig = await read(text, { dialect: classic });
    expect(lines(kconfig, 'CONFIG_R=1\n')).toEqual([
      'CONFIG_R=7',
      'CONFIG_LIMIT=20',
      'CONFIG_COPY=5',
    ]);
  });

  it('print the limit anew in still older ones', async () => {
    const dialect = { ...classic, rangeKeepsText: false };
    const kconfig = await read('config H\n\thex\n\trange 0x0A 0x1F\n\tdefault 0xFF\n', { dialect });
    expect(lines(kconfig, '')).toEqual(['CONFIG_H=0x1f']);
    const kept = await read('config H\n\thex\n\trange 0x0A 0x1F\n\tdefault 0xFF\n');
    expect(lines(kept, '')).toEqual(['CONFIG_H=0x1F']);
  });
});

describe('choices', () => {
  const text =
    'config X\n\tbool "x"\nchoice\n\tprompt "c"\n\tdefault B\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig C\n\tbool "c"\n\tdepends on X\nendchoice\n';

  it.each([
    ['', 'B'],
    ['CONFIG_A=y\n', 'A'],
    ['CONFIG_A=y\nCONFIG_B=y\n', 'B'],
    ['CONFIG_B=y\nCONFIG_A=y\n', 'A'],
    ['CONFIG_C=y\n', 'B'],
    ['CONFIG_X=y\nCONFIG_C=y\n', 'C'],
    ['# CONFIG_B is not set\n', 'A'],
    ['CONFIG_X=y\n# CONFIG_A is not set\n# CONFIG_B is not set\n', 'C'],
    ['# CONFIG_B is not set\n# CONFIG_A is not set\n', 'B'],
  ])('have exactly one member: %j gives %s', async (config, chosen) => {
    const kconfig = await read(text);
    const state = configured(kconfig, config);
    const { choice } = symbol(kconfig, 'A');
    expect(choice && state.selection(choice)?.name).toBe(chosen);
    const on = ['A', 'B', 'C'].filter((name) => state.get(symbol(kconfig, name)) === 'y');
    expect(on).toEqual([chosen]);
  });

  it('follow the last set()', async () => {
    for (const dialect of [modern, classic]) {
      const kconfig = await read(text, { dialect });
      const state = configured(kconfig, 'CONFIG_X=y\nCONFIG_A=y\n# CONFIG_B is not set\n');
      state.set(symbol(kconfig, 'C'), 'y');
      expect(valuesOf(state, ['A', 'B', 'C'])).toEqual({ A: 'n', B: 'n', C: 'y' });
      state.set(symbol(kconfig, 'X'), 'n');
      expect(valuesOf(state, ['A', 'C'])).toEqual({ A: dialect === modern ? 'y' : 'n', C: 'n' });
    }
  });

  const tristates =
    `${modules}choice\n\ttristate "t"\nconfig T1\n\ttristate "1"\nconfig T2\n\ttristate "2"\nendchoice\n` +
    'choice\n\tprompt "o"\n\toptional\nconfig O1\n\tbool "1"\nconfig O2\n\tbool "2"\nendchoice\n';

  it('may be m, with several members, in older kernels', async () => {
    const kconfig = await read(tristates, { dialect: classic });
    const names = ['T1', 'T2'];
    expect(valuesOf(configured(kconfig, 'CONFIG_T1=m\nCONFIG_T2=m\n'), names)).toEqual({
      T1: 'm',
      T2: 'm',
    });
    expect(valuesOf(configured(kconfig, 'CONFIG_T2=y\n'), names)).toEqual({ T1: 'n', T2: 'y' });
    expect(valuesOf(configured(kconfig, ''), names)).toEqual({ T1: 'n', T2: 'n' });
  });

  it('may be left open in older kernels, where they are optional', async () => {
    const kconfig = await read(tristates, { dialect: classic });
    expect(lines(kconfig, '').filter((line) => line.includes('_O'))).toEqual([]);
    expect(valuesOf(configured(kconfig, 'CONFIG_O2=y\n'), ['O1', 'O2'])).toEqual({
      O1: 'n',
      O2: 'y',
    });
  });

  it('do not heed what selects a member', async () => {
    const kconfig = await read(
      'config S\n\tbool "s"\n\tselect A\nchoice\n\tprompt "c"\nconfig B\n\tbool "b"\nconfig A\n\tbool "a"\nendchoice\n',
    );
    expect(valuesOf(configured(kconfig, 'CONFIG_S=y\n'), ['A', 'B'])).toEqual({ A: 'n', B: 'y' });
  });
});

/** A random set of Kconfig files without circles: a symbol refers to earlier ones only. */
const programs = fc
  .array(
    fc.record({
      type: fc.constantFrom('bool', 'tristate', 'tristate', 'int'),
      prompt: fc.boolean(),
      depends: fc.option(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(4))),
      select: fc.option(fc.nat(20)),
      default: fc.option(fc.tuple(fc.nat(20), fc.constantFrom('y', 'm', 'n'))),
      choice: fc.boolean(),
    }),
    { minLength: 2, maxLength: 20 },
  )
  .map((entries) => {
    const earlier = (n: number, i: number): string => (i === 0 ? 'MODULES' : `S${n % i}`);
    const text = entries.map((entry, i) => {
      const lines = [`config S${i}`, `\t${entry.type}${entry.prompt ? ` "s${i}"` : ''}`];
      const shapes = ['A', '!A', 'A || B', 'A && B', 'A = B'];
      if (entry.depends) {
        const [a, b, shape] = entry.depends;
        const expression = (shapes[shape] ?? 'A')
          .replace('A', earlier(a, i))
          .replace('B', earlier(b, i));
        lines.push(`\tdepends on ${expression}`);
      }
      if (entry.type === 'int') {
        lines.push(`\tdefault ${i}`, '\trange 2 12');
      } else {
        // A select of an earlier symbol could close a circle; of a later one it cannot.
        if (entry.select !== null) lines.push(`\tselect S${i + 1 + (entry.select % 3)}`);
        if (entry.default) {
          lines.push(`\tdefault ${entry.default[1]} if ${earlier(entry.default[0], i)}`);
        }
      }
      if (!entry.choice) return lines.join('\n');
      const members = ['A', 'B'].map(
        (name) => `config C${i}${name}\n\tbool "${name}"\n\tdepends on S${i}`,
      );
      return [
        ...lines,
        'choice',
        `\tprompt "c${i}"`,
        `\tdepends on ${earlier(i + 7, i)}`,
        ...members,
        'endchoice',
      ].join('\n');
    });
    const count = entries.length;
    // What is selected beyond the end exists, too.
    const rest = [0, 1, 2].map((i) => `config S${count + i}\n\ttristate "r${i}"`);
    return `${modules}${[...text, ...rest].join('\n')}\n`;
  });

const changes = fc.array(
  fc.tuple(fc.nat(1000), fc.constantFrom('y', 'm', 'n', '3', '11', '77', undefined)),
  { maxLength: 12 },
);

/** Whether set() takes the value. */
function fits({ type }: KconfigSymbol, value: string | undefined): boolean {
  if (value === undefined) return true;
  if (type === 'int') return /^\d+$/.test(value);
  return type === 'bool' ? /^[yn]$/.test(value) : /^[ymn]$/.test(value);
}

describe.each([
  ['modern', modern],
  ['classic', classic],
] as const)('a %s configuration', (_, dialect) => {
  it('gives after set() what a fresh one gives', async () => {
    await fc.assert(
      fc.asyncProperty(programs, changes, changes, async (text, given, made) => {
        const kconfig = await read(text, { dialect });
        const settable = kconfig.all.filter(({ menus, isChoice }) => menus.length > 0 && !isChoice);
        const pick = (n: number): KconfigSymbol => settable[n % settable.length] ?? kconfig.modules;
        // The lines of a file in the order of the last assignments.
        const config = new Map<KconfigSymbol, string>();
        const assign = (target: KconfigSymbol, value: string | undefined): void => {
          config.delete(target);
          if (value !== undefined) config.set(target, value);
        };
        const file = (): string =>
          [...config].map(([{ name }, value]) => `CONFIG_${name}=${value}\n`).join('');
        for (const [n, value] of given) if (fits(pick(n), value)) assign(pick(n), value);
        const state = configured(kconfig, file());
        for (const [n, value] of made) {
          // Asked in between, so that there is something to forget.
          for (const target of settable) state.get(target);
          if (!fits(pick(n), value)) {
            expect(() => state.set(pick(n), value)).toThrow(RangeError);
            continue;
          }
          assign(pick(n), value);
          state.set(pick(n), value);
        }
        const fresh = configured(kconfig, file());
        const copy = state.clone();
        expect(writeConfig(state)).toBe(writeConfig(fresh));
        // What older kernels do to numbers out of range is left to writeConfig().
        const exact = settable.filter(({ type }) => dialect === modern || type !== 'int');
        for (const target of exact) {
          const now = `${target.name}=${state.get(target)} ${state.written(target)}`;
          expect(now).toBe(`${target.name}=${fresh.get(target)} ${fresh.written(target)}`);
          expect(copy.get(target)).toBe(state.get(target));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is a fixed point: reading what was written changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(programs, changes, async (text, given) => {
        const kconfig = await read(text, { dialect });
        const names = [...kconfig.symbols.keys()];
        const config = given
          .map(([n, value]) => `CONFIG_${names[n % names.length]}=${value}`)
          .join('\n');
        const reread = (text: string) =>
          writeConfig(configure(kconfig, parseConfig(text, kconfig)));
        const once = writeConfig(configured(kconfig, config));
        const twice = reread(once);
        // Older kernels leave values behind that followed from a number out of range, once.
        if (dialect === modern) expect(twice).toBe(once);
        expect(reread(twice)).toBe(twice);
      }),
      { numRuns: 150 },
    );
  });
});
