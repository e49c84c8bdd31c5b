import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configure, parseConfig } from '../../../../src/kconfig/index.ts';
import { kconfigOf, stockOf, symbolNamed } from '../snippet.ts';
import { askOne, wayTo } from './questions.ts';

describe('what it takes for a value', () => {
  it('switches on what is off, and raises what is a module', async () => {
    const root = `config NFS_FS
	tristate "NFS"
config IP_PNP
	bool "Autoconfiguration"
config ROOT_NFS
	bool "Root on NFS"
	depends on NFS_FS=y && IP_PNP
`;
    const symbol = await askOne(root, 'CONFIG_NFS_FS=m\n', 'ROOT_NFS');
    expect(wayTo('y', symbol)).toBe('ROOT_NFS=y NFS_FS=y IP_PNP=y');
  });

  it('asks for no more than a module where that will do', async () => {
    const nic = 'config BUS\n\ttristate "Bus"\nconfig NIC\n\ttristate "Card"\n\tdepends on BUS\n';
    const symbol = await askOne(nic, '', 'NIC');
    expect(wayTo('m', symbol)).toBe('NIC=m BUS=m');
    expect(wayTo('y', symbol)).toBe('NIC=y BUS=y');
  });

  it('switches off what stands in the way', async () => {
    const kconfig = 'config LOCK\n\tbool "Lock"\nconfig RUST\n\tbool "Rust"\n\tdepends on !LOCK\n';
    expect(wayTo('y', await askOne(kconfig, 'CONFIG_LOCK=y\n', 'RUST'))).toBe('RUST=y LOCK=n');
  });

  it('releases every select that holds a symbol', async () => {
    const kconfig = `config LIB
	tristate "Library"
config ONE
	tristate "One"
	select LIB
config TWO
	tristate "Two"
	select LIB
`;
    const symbol = await askOne(kconfig, 'CONFIG_ONE=y\nCONFIG_TWO=m\nCONFIG_LIB=y\n', 'LIB');
    expect(wayTo('m', symbol)).toBe('LIB=m ONE=m');
    expect(wayTo('n', symbol)).toBe('LIB=n ONE=n TWO=n');
  });

  it('reaches a hidden symbol by what selects it, the cheapest first', async () => {
    const kconfig = `config LIB
	tristate
config BUS
	tristate "Bus"
config FAR
	tristate "Far"
	depends on BUS
	select LIB
config NEAR
	tristate "Near"
	select LIB
`;
    const symbol = await askOne(kconfig, '', 'LIB');
    const ways = symbol.targets.find(({ value }) => value === 'y')?.ways ?? [];
    expect(ways.map(({ changes }) => changes.map((change) => change.symbol))).toEqual([
      ['NEAR'],
      ['FAR', 'BUS'],
    ]);
  });

  it('chooses another member of a choice, and says which one goes', async () => {
    const choice = `choice
	prompt "Debug"
config NONE
	bool "None"
config DWARF
	bool "DWARF"
	select INFO
endchoice
config INFO
	bool
config BTF
	bool "BTF"
	depends on INFO
`;
    const symbol = await askOne(choice, 'CONFIG_NONE=y\nCONFIG_BTF=y\n', 'BTF');
    expect(wayTo('y', symbol)).toBe('BTF=y DWARF=y');
    const [way] = symbol.targets[0]?.ways ?? [];
    expect(way?.rises.map((one) => one.symbol)).toEqual(['INFO']);
    expect(way?.falls).toMatchObject([{ symbol: 'NONE', reason: 'DWARF is chosen instead' }]);
  });

  it('takes COMPILE_TEST for a last resort', async () => {
    const kconfig = `config COMPILE_TEST
	bool "Compile test"
config A
	bool "A"
config B
	bool "B"
config D
	bool "D"
	depends on COMPILE_TEST || A && B
`;
    const symbol = await askOne(kconfig, '', 'D');
    const ways = symbol.targets[0]?.ways.map(({ changes }) => changes.length);
    expect(wayTo('y', symbol)).toBe('D=y A=y B=y');
    expect(ways).toEqual([3, 2]);
  });

  it('says what rules a value out', async () => {
    const kconfig = 'config ARM\n\tbool\nconfig D\n\tbool "D"\n\tdepends on ARM\n';
    const [target] = (await askOne(kconfig, '', 'D')).targets;
    expect(target?.ways).toEqual([]);
    expect(target?.ruledOut[0]?.text).toBe('it depends on ARM, which is n');
  });
});

const names = ['BASE', 'A', 'B', 'C', 'D'] as const;
/** The first of them select LIB, the last may depend on it. */
const selecting = 3;

/** Symbols that refer only to earlier ones, so that there are no circles. */
function entry(index: number): fc.Arbitrary<string> {
  if (index === 0) return fc.constant('config BASE\n\ttristate "x"\n');
  const earlier = [...names.slice(0, index), ...(index < selecting ? [] : ['LIB'])];
  const operand = fc
    .tuple(fc.constantFrom('', '!'), fc.constantFrom('', '=m', '=y', '!=n'))
    .chain(([not, comparison]) =>
      fc.constantFrom(...earlier).map((name) => {
        if (comparison === '') return not + name;
        return name + (name === 'LIB' && comparison === '=m' ? '=y' : comparison);
      }),
    );
  const dependency = fc
    .tuple(operand, fc.constantFrom(' && ', ' || '), operand)
    .map(([left, operator, right]) => `\tdepends on ${left}${operator}${right}\n`);
  return fc
    .tuple(
      fc.constantFrom('bool "x"', 'tristate "x"', 'tristate "x"', 'def_tristate m', 'bool'),
      fc.option(dependency, { nil: '' }),
      fc.boolean(),
    )
    .map(([type, depends, selects]) => {
      // That a bool, y under a dependency of m, selects m is an odd way that the search does not go.
      const isSelecting = selects && index < selecting && !type.includes('bool');
      return `config ${names[index]}\n\t${type}\n${depends}${isSelecting ? '\tselect LIB\n' : ''}`;
    });
}

const trees = fc
  .tuple(...names.map((_, index) => entry(index)))
  .map((entries) => `config LIB\n\ttristate\n${entries.join('')}`);

describe('every way', () => {
  it('leads to its value when it is written into the file', async () => {
    await fc.assert(
      fc.asyncProperty(
        trees,
        fc.dictionary(fc.constantFrom(...names), fc.constantFrom('y', 'm', 'n')),
        fc.constantFrom(...names, 'LIB'),
        async (tree, values, asked) => {
          const kconfig = await kconfigOf(`config MODULES\n\tbool "M"\n\tmodules\n${tree}`);
          const config = stockOf(kconfig, { MODULES: 'y', ...values });
          const { targets } = await askOne(tree, config, asked);
          for (const { value, ways } of targets) {
            for (const { changes } of ways) {
              const lines = changes.map(({ symbol, to }) => `CONFIG_${symbol}=${to}\n`).join('');
              const after = configure(kconfig, parseConfig(config + lines, kconfig));
              expect(after.get(symbolNamed(kconfig, asked))).toBe(value);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is found wherever there is one', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.constantFrom(...names, 'LIB'), async (tree, asked) => {
        const kconfig = await kconfigOf(`config MODULES\n\tbool "M"\n\tmodules\n${tree}`);
        const config = stockOf(kconfig, { MODULES: 'y' });
        const reachable = new Set<string>();
        for (let code = 0; code < 3 ** names.length; code += 1) {
          const lines = names.map((name, index) => {
            const value = 'nmy'.charAt(Math.floor(code / 3 ** index) % 3);
            return `CONFIG_${name}=${value}\n`;
          });
          const values = configure(kconfig, parseConfig(config + lines.join(''), kconfig));
          reachable.add(values.get(symbolNamed(kconfig, asked)));
        }
        const { value, targets } = await askOne(tree, config, asked);
        const found = targets.filter(({ ways }) => ways.length > 0).map((target) => target.value);
        expect([...found, value].sort()).toEqual([...reachable].sort());
      }),
      { numRuns: 100 },
    );
  });
});
