import { describe, expect, it } from 'vitest';
import { ask, rendered } from './questions.ts';

const kconfig = `config SQUASHFS
	bool "SquashFS"
config DEBUG_INFO_BTF
	bool "BTF"
	help
	  It was called DEBUG_BTF_TYPES before.
config BT
	bool "Bluetooth"
config E1000
	bool "Intel"
config NIC
	bool "Card"
	depends on GONE
`;

async function similarTo(name: string): Promise<string[]> {
  const [unknown] = (await ask(kconfig, '', name)).unknown;
  return unknown?.similar.map(({ symbol }) => symbol) ?? [];
}

describe('a name that does not exist', () => {
  it.each([
    ['SQUASFS', 'SQUASHFS'],
    ['SQAUSHFS', 'SQUASHFS'],
    ['BTF', 'DEBUG_INFO_BTF'],
    ['CONFIG_E100O', 'E1000'],
  ])('%s proposes %s', async (name, expected) => {
    expect((await similarTo(name))[0]).toBe(expected);
  });

  it('is taken in small letters', async () => {
    expect((await ask(kconfig, '', 'e1000')).symbols[0]?.symbol).toBe('E1000');
  });

  it('leads to the symbol whose help mentions it', async () => {
    const [unknown] = (await ask(kconfig, '', 'DEBUG_BTF_TYPES')).unknown;
    expect(unknown?.successors.map(({ symbol }) => symbol)).toEqual(['DEBUG_INFO_BTF']);
  });

  it('says who refers to it, and which line of the file means nothing', async () => {
    expect(
      rendered(await ask(kconfig, 'CONFIG_GONE=y\n', 'GONE')),
    ).toBe(`GONE does not exist in this tree and architecture
  line 2 of the file sets it to y, which means nothing here
  No other name is like it, and no other architecture has it: it may be of an
  older or newer kernel.

  It is referred to by NIC, where it counts as n.
`);
  });
});
