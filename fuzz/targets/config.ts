import { configure, type Kconfig, parseConfig, writeConfig } from '../../src/kconfig/index.ts';
import { configDifferences, readConfigValues } from '../../src/kernel/compile/config-values.ts';
import { readConfigLines } from '../../src/kernel/configure/delta.ts';
import { checkShipped } from '../../src/kernel/configure/shipped.ts';
import { parseFragment } from '../../src/kernel/configure/wishes.ts';
import { BootwrightError } from '../../src/system/errors/index.ts';
import { classic, el7, modern, read } from '../../test/kconfig/kconfig.ts';
import type { Target } from '../target.ts';

const kconfigText = `config A
	tristate "A"
config B
	bool "B"
	depends on A
config S
	string "S"
config I
	int "I"
	range 0 100
config H
	hex "H"
choice
	prompt "C"
config C1
	bool "C1"
config C2
	bool "C2"
endchoice
`;

let kconfigs: Promise<readonly Kconfig[]> | undefined;

/** A `.config`, a fragment: for every reader of them that there is. */
export const configTarget: Target = {
  name: 'config',
  words: [
    ...['CONFIG_', 'CONFIG_A=y\n', '# CONFIG_B is not set\n', '=m', '=n', '="', '"\n', '\\', '\n'],
    ...['CONFIG_C1=y\n', 'CONFIG_C2=y\n', 'CONFIG_I=', 'CONFIG_H=0x', '# x86_64\n', '\r\n', '#'],
    ...['# Linux/arm64 6.1.0 Kernel Configuration\n', 'CONFIG_ARM64=y\n', '99999999999999999999'],
  ],
  seeds: () => [
    Buffer.from(
      '# x86_64\n#\n# Linux/x86 6.0.0 Kernel Configuration\n#\nCONFIG_A=m\nCONFIG_B=y\n' +
        'CONFIG_S="a\\\\b\\"c"\nCONFIG_I=50\nCONFIG_H=0xff\n# CONFIG_C1 is not set\nCONFIG_C2=y\n',
    ),
    Buffer.from('CONFIG_A=y\r\nCONFIG_A=m\r\n# CONFIG_A is not set\r\nCONFIG_X=3\r\n'),
  ],
  async run(input) {
    const text = Buffer.from(input).toString('latin1');
    kconfigs ??= Promise.all(
      [modern, classic, el7].map((dialect) => read(kconfigText, { dialect })),
    );
    for (const kconfig of await kconfigs) {
      writeConfig(configure(kconfig, parseConfig(text, kconfig)));
    }
    parseFragment(text, 'fragment');
    configDifferences(readConfigLines(text), readConfigValues(text));
    checkShipped(text, 'config', 'x86_64');
  },
  isOwnError: (error) => error instanceof BootwrightError,
};
