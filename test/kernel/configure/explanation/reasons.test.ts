import { describe, expect, it } from 'vitest';
import { askOne, told } from './questions.ts';

async function why(kconfig: string, config: string, name: string): Promise<string> {
  return told((await askOne(kconfig, config, name)).reasons);
}

const bus = 'config BUS\n\ttristate "Bus"\n';

describe('why a symbol is off', () => {
  it('names the dependency, the line, and what the file says of it', async () => {
    const nic = `${bus}config NIC\n\ttristate "Card"\n\tdepends on BUS\n`;
    expect(await why(nic, '# CONFIG_BUS is not set\nCONFIG_NIC=m\n', 'NIC')).toBe(
      `the file says m (line 3), which has no effect: its prompt is hidden
it depends on BUS, which is n [Kconfig:9]
  the file has BUS off (line 2)`,
    );
  });

  it('finds the condition in an if or menu around it', async () => {
    const nic = `${bus}if BUS\nconfig NIC\n\ttristate "Card"\nendif\n`;
    expect(await why(nic, '', 'NIC')).toBe(`it depends on BUS, which is n [Kconfig:7]
  the file does not say what BUS is, and it has no default [Kconfig:6]`);
  });

  it('says that nothing but the file holds it', async () => {
    expect(await why(bus, '# CONFIG_BUS is not set\n', 'BUS')).toBe('the file has it off (line 2)');
  });

  it('follows a symbol without a prompt to what selects it', async () => {
    const library = 'config LIB\n\ttristate\nconfig NIC\n\ttristate "Card"\n\tselect LIB\n';
    expect(
      await why(library, '', 'LIB'),
    ).toBe(`it has no prompt, so nobody can set it by hand: only other symbols switch it on
NIC would select it, but is n [Kconfig:9]
  the file does not say what NIC is, and it has no default [Kconfig:8]`);
  });

  it('names the member of the choice that is chosen in its place', async () => {
    const choice = `choice
	prompt "Preemption"
config NONE
	bool "None"
config FULL
	bool "Full"
endchoice
`;
    expect(await why(choice, '', 'FULL')).toBe(
      'it is one of the choice "Preemption", where NONE is chosen [Kconfig:5]',
    );
  });

  it('says that the tools of the host were asked', async () => {
    const rust = `config RUST_IS_AVAILABLE
	def_bool $(success,rustc --version)
config RUST
	bool "Rust"
	depends on RUST_IS_AVAILABLE
`;
    expect(await why(`success = n\n${rust}`, '', 'RUST')).toBe(
      `it depends on RUST_IS_AVAILABLE, which is n [Kconfig:10]
  RUST_IS_AVAILABLE is what the tools of this host answer to $(success,rustc --version) [Kconfig:7]`,
    );
  });

  it('says the same of a version that is too low', async () => {
    const btf = `config PAHOLE_VERSION
	int
	default "$(shell,pahole-version)"
config BTF
	bool "BTF"
	depends on PAHOLE_VERSION >= 116
`;
    expect(await why(btf, 'CONFIG_BTF=y\n', 'BTF')).toContain(
      'it depends on "PAHOLE_VERSION>=116", which does not hold (PAHOLE_VERSION=',
    );
    expect(await why(btf, 'CONFIG_BTF=y\n', 'BTF')).toContain(
      'PAHOLE_VERSION is what the tools of this host answer to $(shell,pahole-version)',
    );
  });

  it('tells machines of other architectures from what could be switched on', async () => {
    const driver = `config COMPILE_TEST
	bool "Compile test"
config OMAP
	tristate "OMAP"
	depends on ARCH_OMAP || COMPILE_TEST
`;
    expect(await why(driver, '', 'OMAP')).toContain(
      'it is for machines that this architecture does not have (ARCH_OMAP)',
    );
  });
});

describe('why a symbol is a module', () => {
  it('says what allows no more', async () => {
    const wireless = `config RFKILL
	tristate "Switch"
config CFG80211
	tristate "Wireless"
	depends on RFKILL || !RFKILL
config IWLWIFI
	tristate "Intel"
	depends on CFG80211
`;
    const config = 'CONFIG_RFKILL=m\nCONFIG_CFG80211=m\nCONFIG_IWLWIFI=m\n';
    expect(await why(wireless, config, 'IWLWIFI')).toBe(`the file says m (line 4)
it depends on CFG80211, a module: so it can be no more than a module [Kconfig:12]
  "RFKILL || !RFKILL": while RFKILL is a module, CFG80211 can be no more than one [Kconfig:9]
    the file says RFKILL=m (line 2)`);
  });
});

describe('why a symbol is on', () => {
  it('names the selectors, each with its value, and counts the rest', async () => {
    const drivers = [1, 2, 3, 4, 5, 6]
      .map((number) => `config D${number}\n\tbool "D"\n\tselect LIB\n`)
      .join('');
    const config = [1, 2, 3, 4, 5, 6].map((number) => `CONFIG_D${number}=y\n`).join('');
    const text = await why(`config LIB\n\tbool\n${drivers}`, config, 'LIB');
    expect(text).toContain('selected by D1, which is y [Kconfig:9]');
    expect(text).toContain('selected by 2 more: D5, D6');
  });

  it('gives the default that holds, and why, and why nobody can change it', async () => {
    const kconfig = `config EXPERT
	bool "Expert"
config ALL
	bool "All" if EXPERT
	default y if !EXPERT
`;
    expect(await why(kconfig, '', 'ALL')).toBe(`its default is y, since !EXPERT [Kconfig:9]
its prompt depends on EXPERT, which is n [Kconfig:8]
  the file does not say what EXPERT is, and it has no default [Kconfig:6]`);
  });

  it('gives range and default of a number, and what a file says in vain', async () => {
    const kconfig = `config SMALL
	bool "Small"
config COUNT
	int "Count" if SMALL
	range 2 8
	default 4
`;
    expect(
      await why(kconfig, 'CONFIG_COUNT=6\n', 'COUNT'),
    ).toBe(`the file says 6 (line 2), which has no effect: its prompt is hidden
its default is 4 [Kconfig:10]
its prompt depends on SMALL, which is n [Kconfig:8]
  the file does not say what SMALL is, and it has no default [Kconfig:6]
it has to lie between 2 and 8 [Kconfig:9]`);
  });
});
