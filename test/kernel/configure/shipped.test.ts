import { describe, expect, it } from 'vitest';
import { configure, parseConfig } from '../../../src/kconfig/index.ts';
import { readConfigLines } from '../../../src/kernel/configure/delta.ts';
import { checkShipped, checkTools } from '../../../src/kernel/configure/shipped.ts';
import { kconfigOf } from './snippet.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('checkShipped', () => {
  it.each(['', 'hello\n', '{"a": 1}'])('refuses a file that is no config: %j', (text) => {
    expect(() => checkShipped(text, 'x.config', 'x86')).toThrowError(
      code('BW-CONFIG-NOT-A-CONFIG'),
    );
  });

  it.each([
    ['# Linux/arm64 6.1.0 Kernel Configuration\nCONFIG_A=y\n', 'x86'],
    ['# arm64\n# CONFIG_A is not set\n', 'x86_64'],
    ['# x86_64\nCONFIG_A=y\n', 'arm64'],
    ['CONFIG_S390=y\n', 'x86'],
  ])('refuses a config for another architecture: %j for %s', (text, architecture) => {
    expect(() => checkShipped(text, 'x.config', architecture)).toThrowError(
      code('BW-CONFIG-OTHER-ARCHITECTURE'),
    );
  });

  it.each([
    ['# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_X86=y\n', 'x86'],
    ['# Linux/x86_64 5.14.0 Kernel Configuration\nCONFIG_X86=y\n', 'x86'],
    ['# x86_64\nCONFIG_A=y\n', 'x86_64'],
    ['# Automatically\nCONFIG_A=y\n', 'x86_64'],
    ['CONFIG_A=y\n', 'x86'],
  ])('takes a config for this architecture: %j for %s', (text, architecture) => {
    expect(() => checkShipped(text, 'x.config', architecture)).not.toThrow();
  });
});

describe('checkTools', () => {
  const kconfig = (version: string) => `config PAHOLE_VERSION
	int
	default ${version}

config DEBUG_INFO_BTF
	bool "BTF"
	depends on PAHOLE_VERSION >= 116
`;
  const shipped = 'CONFIG_DEBUG_INFO_BTF=y\n';
  const lines = readConfigLines(shipped);
  const stockFor = async (version: string) => {
    const model = await kconfigOf(kconfig(version));
    return configure(model, parseConfig(shipped, model));
  };

  it('names the package of the tool whose absence costs an option', async () => {
    const stock = await stockFor('0');
    expect(() => checkTools(lines, stock)).toThrowError(code('BW-CONFIG-TOOL-MISSING'));
    expect(() => checkTools(lines, stock)).toThrowError(
      expect.objectContaining({ hint: expect.stringMatching(/install dwarves/) }),
    );
  });

  it('has nothing against a host that has the tool, or a config that does not want it', async () => {
    const present = await stockFor('125');
    expect(() => checkTools(lines, present)).not.toThrow();
    const absent = await stockFor('0');
    expect(() => checkTools(new Map([['DEBUG_INFO_BTF', 'n']]), absent)).not.toThrow();
  });

  it('asks for no tool where debug info is turned off on purpose', async () => {
    const settings = [{ symbol: 'DEBUG_INFO_NONE', value: 'y', reason: 'faster' }];
    const stock = await stockFor('0');
    expect(() => checkTools(lines, stock, settings)).not.toThrow();
  });
});
