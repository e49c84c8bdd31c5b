import { describe, expect, it } from 'vitest';
import { configure, parseConfig, writeConfig } from '../../../src/kconfig/index.ts';
import {
  type ConfigDelta,
  configDelta,
  readConfigLines,
} from '../../../src/kernel/configure/delta.ts';
import { Origins } from '../../../src/kernel/configure/origin.ts';
import { promote } from '../../../src/kernel/configure/promotion.ts';
import { frame, kconfigOf } from './snippet.ts';

const outside = `config CC_VERSION_TEXT
	string
	default "gcc 12"

config CC_HAS_SANITIZER
	bool

config SANITIZER
	bool "Sanitizer"
	depends on CC_HAS_SANITIZER

config BOARD
	bool "Board"

config BOARD_LED
	bool "Board LED"
	depends on BOARD

config MODERN
	bool "Modern"
	default y

config HELPER
	def_bool y

config BUS
	tristate "Bus"

config BUS_DEPTH
	int "Bus depth"
	depends on BUS=y
	default 4
`;
const network = `config NIC
	tristate "Card"
	depends on BUS

config NIC_MODULAR
	bool "Only as a module"
	depends on NIC=m
`;

async function deltaOf(shipped: string): Promise<ConfigDelta> {
  const text = frame(network, outside);
  const kconfig = await kconfigOf(text);
  const stock = configure(kconfig, parseConfig(shipped, kconfig));
  const { netboot, report } = promote({
    kconfig,
    stock: writeConfig(stock),
    scope: 'network-devices',
    requested: [],
  });
  return configDelta(readConfigLines(shipped), stock, netboot, report, new Origins(() => text));
}

const base = `CONFIG_MODULES=y
CONFIG_NETDEVICES=y
CONFIG_BUS=m
CONFIG_NIC=m
CONFIG_NIC_MODULAR=y
`;

describe('readConfigLines', () => {
  it('reads values as they stand', () => {
    const text =
      'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="a \\"b\\""\nCONFIG_D=0x10\n# words\n';
    expect([...readConfigLines(text)]).toEqual([
      ['A', 'y'],
      ['B', 'n'],
      ['C', 'a "b"'],
      ['D', '0x10'],
    ]);
  });
});

describe('configDelta', () => {
  it('says what it is, and is the same in JSON', async () => {
    const delta = await deltaOf(base);
    expect(delta).toMatchObject({ schema: 'bootwright/config-delta', version: 1 });
    expect(JSON.parse(JSON.stringify(delta))).toEqual(delta);
  });

  it('gives the cause of each difference between shipped and stock', async () => {
    const { shippedToStock } = await deltaOf(
      `${base}CONFIG_ARM_ERRATUM=y
# CONFIG_ARM_OTHER is not set
CONFIG_CC_VERSION_TEXT="gcc 11"
CONFIG_SANITIZER=y
CONFIG_BOARD_LED=y
`,
    );
    const found = Object.fromEntries(
      shippedToStock.map(({ symbol, from, to, cause }) => [symbol, [from, to, cause]]),
    );
    expect(found).toEqual({
      ARM_ERRATUM: ['y', 'absent', 'unknown-symbol'],
      CC_VERSION_TEXT: ['gcc 11', 'gcc 12', 'toolchain'],
      SANITIZER: ['y', 'absent', 'toolchain'],
      BOARD_LED: ['y', 'absent', 'dependency'],
      MODERN: ['absent', 'y', 'default'],
      HELPER: ['absent', 'y', 'derived'],
    });
  });

  it('names the line that a symbol fell by', async () => {
    const { shippedToStock } = await deltaOf(`${base}CONFIG_BOARD_LED=y\n`);
    expect(shippedToStock.find(({ symbol }) => symbol === 'BOARD_LED')).toMatchObject({
      reason: '"BOARD" does not hold (BOARD=n)',
      location: 'Kconfig:20',
    });
  });

  it('lists all that differs between stock and netboot, numbers that come into view too', async () => {
    const { stockToNetboot } = await deltaOf(base);
    const found = stockToNetboot.map(({ symbol, from, to, cause }) => [symbol, from, to, cause]);
    expect(found.sort()).toEqual([
      ['BUS', 'm', 'y', 'raised'],
      ['BUS_DEPTH', 'absent', '4', 'in-view'],
      ['NIC', 'm', 'y', 'promoted'],
      ['NIC_MODULAR', 'y', 'absent', 'lost'],
    ]);
    for (const { reason } of stockToNetboot) expect(reason).not.toBe('');
  });
});
