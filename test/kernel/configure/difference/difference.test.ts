import { describe, expect, it } from 'vitest';
import { explainDifference } from '../../../../src/kernel/configure/difference/explained.ts';
import { plainDifference } from '../../../../src/kernel/configure/difference/plain.ts';
import {
  renderDifference,
  renderPlainDifference,
} from '../../../../src/kernel/configure/difference/render-difference.ts';
import type { DifferenceReport } from '../../../../src/kernel/configure/difference/report.ts';
import { kconfigOf } from '../snippet.ts';

const page = { width: 80, colour: false };

describe('two files', () => {
  it('differ in values, sorted, each with its type', () => {
    const a = 'CONFIG_B=y\nCONFIG_A=m\nCONFIG_NAME="one"\n# CONFIG_OFF is not set\nCONFIG_HZ=100\n';
    const b = 'CONFIG_A=y\nCONFIG_NAME="one \\"and\\" two"\nCONFIG_HZ=250\nCONFIG_BASE=0x10\n';
    const report = plainDifference(a, b);
    expect(report.differences.map(({ symbol, type }) => `${symbol} ${type}`)).toEqual([
      'A tristate',
      'B tristate',
      'BASE hex',
      'HZ int',
      'NAME string',
    ]);
    expect(renderPlainDifference(report, page)).toBe(`5 symbols differ.
1 more are "not set" in one file and not mentioned in the other, which is the
same.

  A                                m -> y
  B                                y -> absent
  BASE                             absent -> 0x10
  HZ                               100 -> 250
  NAME                             "one" -> "one "and" two"
`);
  });

  it('do not differ', () => {
    expect(renderPlainDifference(plainDifference('CONFIG_A=y\n', 'CONFIG_A=y\n'), page)).toBe(
      'No symbol differs.\n',
    );
  });

  it('put long texts below each other', () => {
    const long = 'x'.repeat(60);
    const text = renderPlainDifference(
      plainDifference(`CONFIG_A="${long}"\n`, 'CONFIG_A="y"\n'),
      page,
    );
    expect(text).toContain(`  A\n      "${long}"\n   -> "y"\n`);
  });
});

const kconfig = `config MODULES
	bool "Modules"
	modules
config CC_VERSION_TEXT
	string
	default "gcc 12"
menu "Network"
config LIB
	tristate
config NIC
	tristate "Card"
	select LIB
config NIC_EXTRA
	bool "Extra"
	depends on NIC
	default y
config MODULAR
	bool "Only for modules"
	depends on NIC=m
	default y
config QUEUES
	int "Queues"
	default 4
endmenu
choice
	prompt "Preemption"
config NONE
	bool "None"
config FULL
	bool "Full"
endchoice
`;

async function compare(a: string, b: string): Promise<DifferenceReport> {
  return explainDifference({
    kconfig: await kconfigOf(kconfig),
    a: `CONFIG_MODULES=y\n${a}`,
    b: `CONFIG_MODULES=y\n${b}`,
    read: (file) => (file === 'Kconfig' ? kconfig : undefined),
  });
}

describe('two configs of a tree', () => {
  it('are grouped by cause and menu', async () => {
    const a = 'CONFIG_CC_VERSION_TEXT="gcc 11"\nCONFIG_NIC=m\nCONFIG_NONE=y\nCONFIG_GONE=y\n';
    const b = 'CONFIG_CC_VERSION_TEXT="gcc 12"\nCONFIG_NIC=y\nCONFIG_QUEUES=8\nCONFIG_FULL=y\n';
    expect(renderDifference(await compare(a, b), page)).toBe(`8 symbols differ.

Asked for: the files say different things (3)
  Network
    NIC                              m -> y
    QUEUES                           4 -> 8
  Preemption
    FULL                             n -> y

Switched by a select of something above (1)
  Network
    LIB                              m -> y
        selected by NIC  Kconfig:12

Fallen: what they need is not met any more (2)
  Network > Card
    MODULAR                          y -> n
        "NIC=m" does not hold (NIC=y)  Kconfig:19
  Preemption
    NONE                             y -> n
        FULL is chosen instead  Kconfig:27

Tools: versions and abilities of compiler and others (1)
    CC_VERSION_TEXT                  "gcc 11" -> "gcc 12"

Unknown to this tree and architecture (1)
    GONE                             y -> absent
`);
  });

  it('tell what came into view from what was asked for', async () => {
    const { differences } = await compare('', 'CONFIG_NIC=m\nCONFIG_NIC_EXTRA=y\n');
    const causes = differences.map(({ symbol, cause }) => `${symbol} ${cause}`);
    expect(causes).toContain('NIC asked');
    expect(causes).toContain('NIC_EXTRA default');
    expect(causes).toContain('LIB selected');
  });

  it('tell a value that falls by hand from one that has lost what it needs', async () => {
    const { differences } = await compare(
      'CONFIG_NIC=m\nCONFIG_NIC_EXTRA=y\n',
      'CONFIG_NIC=m\n# CONFIG_NIC_EXTRA is not set\n',
    );
    expect(differences).toMatchObject([{ symbol: 'NIC_EXTRA', cause: 'asked' }]);
    const gone = await compare('CONFIG_NIC=m\n', '');
    expect(gone.differences.map(({ symbol, cause }) => `${symbol} ${cause}`).sort()).toEqual([
      'LIB fallen',
      'MODULAR fallen',
      'NIC asked',
      'NIC_EXTRA fallen',
    ]);
  });

  it('say where the files differ and the tree does not care', async () => {
    const { differences } = await compare('CONFIG_LIB=m\n', 'CONFIG_LIB=y\n');
    expect(differences).toMatchObject([{ symbol: 'LIB', cause: 'moot', from: 'm', to: 'y' }]);
  });
});
