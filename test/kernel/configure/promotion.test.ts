import { describe, expect, it } from 'vitest';
import { configure, parseConfig, writeConfig } from '../../../src/kconfig/index.ts';
import { entry, names, promoteSnippet, valueIn } from './snippet.ts';

const driver = (name: string, ...lines: string[]): string =>
  `config ${name}\n\ttristate "${name} driver"\n${lines.map((line) => `\t${line}\n`).join('')}`;
const hidden = (name: string, ...lines: string[]): string =>
  `config ${name}\n\ttristate\n${lines.map((line) => `\t${line}\n`).join('')}`;
const option = (name: string, ...lines: string[]): string =>
  `config ${name}\n\tbool "${name} option"\n${lines.map((line) => `\t${line}\n`).join('')}`;

describe('promotion', () => {
  it('raises what is at m in the menu and leaves what is off', async () => {
    const result = await promoteSnippet(driver('ON') + driver('OFF'), driver('ELSEWHERE'), {
      ON: 'm',
      ELSEWHERE: 'm',
    });
    expect(names(result, 'promoted')).toEqual(['ON']);
    expect(valueIn(result.netboot, 'OFF')).toBe('n');
    expect(valueIn(result.netboot, 'ELSEWHERE')).toBe('m');
    expect(result.report.menu).toEqual({
      stock: { y: 0, m: 1, n: 1 },
      netboot: { y: 1, m: 0, n: 1 },
    });
  });

  it('builds in what a person asks for besides, and says so', async () => {
    const result = await promoteSnippet(
      driver('NIC'),
      driver('XFS', 'depends on LIB') + driver('LIB') + option('EXTRA'),
      { NIC: 'm', XFS: 'm', LIB: 'm' },
      { wishes: { promote: ['XFS', 'CONFIG_EXTRA'], exclude: [] } },
    );
    expect(names(result, 'promoted')).toEqual(['NIC']);
    expect(names(result, 'requested')).toEqual(['XFS', 'EXTRA']);
    expect(names(result, 'raised')).toEqual(['LIB']);
    expect(entry(result, 'requested', 'XFS').reason).toBe('asked for: --promote');
  });

  it('raises nothing for what stock has if that costs as much elsewhere', async () => {
    // NIC brings LIB to y and by that costs HOLDER, which alone holds HELD. BASE=y would hold it
    // too, and cost RIVAL.
    const result = await promoteSnippet(
      driver('NIC', 'select LIB'),
      driver('BASE') +
        hidden('LIB', 'default BASE') +
        hidden('HELD', 'depends on BASE=y', 'default y') +
        driver('RIVAL', 'depends on !BASE') +
        option('HOLDER', 'depends on BASE && !LIB', 'default BASE', 'select HELD'),
      { NIC: 'm', BASE: 'm', RIVAL: 'm' },
    );
    expect(names(result, 'promoted')).toEqual(['NIC']);
    expect(names(result, 'raised')).toEqual([]);
    expect(names(result, 'lost').toSorted()).toEqual(['HELD', 'HOLDER']);
    expect(valueIn(result.netboot, 'RIVAL')).toBe('m');
  });

  it('leaves what a person wants left alone, and raises nothing through it', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on BUS') + driver('OTHER') + driver('UNWANTED'),
      driver('BUS'),
      { NIC: 'm', OTHER: 'm', UNWANTED: 'm', BUS: 'm' },
      { wishes: { promote: [], exclude: ['UNWANTED', 'BUS'] } },
    );
    expect(names(result, 'promoted')).toEqual(['OTHER']);
    expect(names(result, 'raised')).toEqual([]);
    expect(names(result, 'excluded')).toEqual(['UNWANTED', 'BUS']);
    expect(entry(result, 'stuck', 'NIC')).toMatchObject({ to: 'm' });
  });

  it.each([
    [{ promote: ['NOSUCH'], exclude: [] }, 'BW-CONFIG-UNKNOWN-SYMBOL'],
    [{ promote: [], exclude: ['NOSUCH'] }, 'BW-CONFIG-UNKNOWN-SYMBOL'],
    [{ promote: ['NIC'], exclude: ['NIC'] }, 'BW-CONFIG-SETTING-REFUSED'],
    [{ promote: ['NUMBER'], exclude: [] }, 'BW-CONFIG-SETTING-REFUSED'],
    [{ promote: [], exclude: ['ROOT_NFS'] }, 'BW-CONFIG-SETTING-REFUSED'],
  ])('refuses the wishes %o', async (wishes, code) => {
    const promotion = promoteSnippet(
      driver('NIC'),
      `${option('ROOT_NFS')}config NUMBER\n\tint "a number"\n\tdefault 3\n`,
      { NIC: 'm' },
      { requested: ['ROOT_NFS'], wishes },
    );
    await expect(promotion).rejects.toMatchObject({ code });
  });

  it('raises a dependency, and names the line that asks for it', async () => {
    const result = await promoteSnippet(driver('NIC', 'depends on BUS'), driver('BUS'), {
      NIC: 'm',
      BUS: 'm',
    });
    expect(names(result, 'raised')).toEqual(['BUS']);
    expect(entry(result, 'raised', 'BUS')).toMatchObject({
      from: 'm',
      to: 'y',
      reason: 'needed by NIC',
      location: 'Kconfig:12',
    });
  });

  it('names the line of an if around the entry', async () => {
    const result = await promoteSnippet(
      `if BUS\n${driver('FIRST')}${driver('NIC')}endif\n`,
      driver('BUS'),
      { NIC: 'm', BUS: 'm' },
    );
    expect(entry(result, 'raised', 'BUS').location).toBe('Kconfig:10');
  });

  it('needs both sides of an AND', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on ONE && TWO'),
      driver('ONE') + driver('TWO'),
      { NIC: 'm', ONE: 'm', TWO: 'm' },
    );
    expect(names(result, 'raised')).toEqual(['ONE', 'TWO']);
  });

  it('takes the side of an OR that serves another driver as well', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on ONE || TWO') + driver('OTHER', 'depends on TWO || THREE'),
      driver('ONE') + driver('TWO') + driver('THREE'),
      { NIC: 'm', OTHER: 'm', ONE: 'm', TWO: 'm', THREE: 'm' },
    );
    expect(names(result, 'raised')).toEqual(['TWO']);
  });

  it('takes the cheaper side of an OR', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on DEEP || FLAT'),
      driver('BELOW') + driver('DEEP', 'depends on BELOW') + driver('FLAT'),
      { NIC: 'm', BELOW: 'm', DEEP: 'm', FLAT: 'm' },
    );
    expect(names(result, 'raised')).toEqual(['FLAT']);
  });

  it('raises nothing for an OR that is met', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on ONE || TWO'),
      driver('ONE') + driver('TWO'),
      { NIC: 'm', ONE: 'm', TWO: 'y' },
    );
    expect(names(result, 'raised')).toEqual([]);
  });

  it.each(['CLOCK || !CLOCK', 'CLOCK || CLOCK=n'])(
    'raises CLOCK for "%s" only while it is a module',
    async (condition) => {
      const network = driver('NIC', `depends on ${condition}`);
      const asModule = await promoteSnippet(network, driver('CLOCK'), { NIC: 'm', CLOCK: 'm' });
      expect(names(asModule, 'raised')).toEqual(['CLOCK']);
      const off = await promoteSnippet(network, driver('CLOCK'), { NIC: 'm' });
      expect(names(off, 'raised')).toEqual([]);
      expect(valueIn(off.netboot, 'NIC')).toBe('y');
    },
  );

  it.each(['CLOCK!=m', '!(CLOCK=m)', 'CLOCK=y || CLOCK=n', 'CLOCK>=y'])(
    'raises CLOCK for "%s"',
    async (condition) => {
      const result = await promoteSnippet(
        driver('NIC') + option('NIC_CLOCK', `depends on NIC=m || ${condition}`),
        driver('CLOCK'),
        { NIC: 'm', CLOCK: 'm', NIC_CLOCK: 'y' },
      );
      expect(names(result, 'raised')).toEqual(['CLOCK']);
      expect(names(result, 'lost')).toEqual([]);
      expect(entry(result, 'raised', 'CLOCK').reason).toBe('keeps NIC_CLOCK');
    },
  );

  it('lifts a library without a prompt by the driver that selects it', async () => {
    const result = await promoteSnippet(driver('NIC', 'select LIBRARY'), hidden('LIBRARY'), {
      NIC: 'm',
    });
    expect(names(result, 'raised')).toEqual([]);
    expect(entry(result, 'selected', 'LIBRARY')).toMatchObject({
      reason: 'selected by NIC',
      location: 'Kconfig:12',
    });
  });

  it('lifts a library without a prompt by a selector outside of the menu', async () => {
    const result = await promoteSnippet(hidden('LIBRARY'), driver('USER', 'select LIBRARY'), {
      USER: 'm',
    });
    expect(names(result, 'promoted')).toEqual(['LIBRARY']);
    expect(entry(result, 'raised', 'USER')).toMatchObject({
      reason: 'needed by LIBRARY',
      location: 'Kconfig:6',
    });
  });

  it('lifts a library without a prompt by a default, not only by the one that holds now', async () => {
    const result = await promoteSnippet(
      hidden('LIBRARY', 'default m if SLOW', 'default FAST'),
      driver('SLOW') + driver('FAST'),
      { FAST: 'm' },
    );
    expect(names(result, 'raised')).toEqual(['FAST']);
    expect(valueIn(result.netboot, 'LIBRARY')).toBe('y');
  });

  it('raises a symbol with a prompt by itself, not by something that selects it', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on BUS'),
      driver('BUS') + driver('REMOTE', 'select BUS'),
      { NIC: 'm', BUS: 'm', REMOTE: 'm' },
    );
    expect(names(result, 'raised')).toEqual(['BUS']);
    expect(valueIn(result.netboot, 'REMOTE')).toBe('m');
  });

  it('does not raise what a driver in scope selects anyway', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'select BUS') + driver('OTHER', 'depends on BUS'),
      driver('BUS'),
      { NIC: 'm', OTHER: 'm' },
    );
    expect(names(result, 'raised')).toEqual([]);
    expect(names(result, 'selected')).toEqual(['BUS']);
  });

  it('raises what a library depends on that a driver in scope selects', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'select LIBRARY'),
      driver('CORE') + hidden('LIBRARY', 'depends on CORE'),
      { NIC: 'm', CORE: 'm' },
    );
    expect(names(result, 'raised')).toEqual(['CORE']);
    expect(result.netboot.unmetDependencies()).toEqual([]);
  });

  it('holds back a driver that would select something against its dependencies', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'select LIBRARY if NIC=y') + driver('OTHER'),
      option('SECRET') + hidden('LIBRARY', 'depends on SECRET') + driver('USER', 'select LIBRARY'),
      { NIC: 'm', OTHER: 'm' },
    );
    expect(names(result, 'promoted')).toEqual(['OTHER']);
    expect(entry(result, 'stuck', 'NIC').reason).toContain('LIBRARY');
    expect(result.netboot.unmetDependencies()).toEqual([]);
  });

  it('wins back an option that falls since its library stays a module', async () => {
    const result = await promoteSnippet(
      driver('NIC') + option('NIC_DCA', 'depends on NIC && DCA && !(NIC=y && DCA=m)'),
      `${hidden('DCA')}${driver('ENGINE', 'select DCA')}`,
      { NIC: 'm', NIC_DCA: 'y', ENGINE: 'm' },
    );
    expect(entry(result, 'raised', 'ENGINE').reason).toBe('keeps NIC_DCA, through DCA');
    expect(names(result, 'lost')).toEqual([]);
  });

  it('reports what is lost by construction, with the condition that fails', async () => {
    const result = await promoteSnippet(
      `${driver('NIC')}config NIC_MODULAR\n\tbool\n\tdefault y if NIC=m\n`,
      '',
      { NIC: 'm' },
    );
    expect(entry(result, 'lost', 'NIC_MODULAR')).toMatchObject({
      from: 'y',
      to: 'n',
      reason: '"NIC=m" does not hold (NIC=y)',
      location: 'Kconfig:12',
    });
  });

  it('pins a driver that a default would switch on', async () => {
    const result = await promoteSnippet(
      driver('NIC'),
      driver('GADGET', 'depends on NIC=y', 'default y'),
      { NIC: 'm' },
    );
    expect(valueIn(result.netboot, 'GADGET')).toBe('n');
    expect(entry(result, 'pinned', 'GADGET')).toMatchObject({
      from: 'n',
      to: 'n',
      location: 'Kconfig:7',
    });
    expect(names(result, 'enabled')).toEqual([]);
    expect(result.configText).toContain('# CONFIG_GADGET is not set');
  });

  it('takes another way when a raise would switch on a driver that cannot be pinned', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on TEST || ZED'),
      driver('TEST') + hidden('SUITE', 'default y if TEST=y') + driver('ZED'),
      { NIC: 'm', TEST: 'm', ZED: 'm' },
    );
    expect(names(result, 'raised')).toEqual(['ZED']);
    expect(names(result, 'enabled')).toEqual([]);
  });

  it('holds back a driver that cannot be built in without switching on another', async () => {
    const result = await promoteSnippet(
      driver('NIC') + hidden('STOWAWAY', 'default y if NIC=y') + driver('OTHER'),
      '',
      { NIC: 'm', OTHER: 'm' },
    );
    expect(names(result, 'promoted')).toEqual(['OTHER']);
    expect(entry(result, 'stuck', 'NIC').reason).toContain('STOWAWAY');
    expect(names(result, 'enabled')).toEqual([]);
  });

  it('reports a switch without a prompt that follows from a driver in scope', async () => {
    const result = await promoteSnippet(
      `${driver('NIC')}config NIC_BUILTIN\n\tdef_bool NIC=y\n`,
      '',
      { NIC: 'm' },
    );
    expect(entry(result, 'enabled', 'NIC_BUILTIN')).toMatchObject({ from: 'n', to: 'y' });
  });

  it('never raises an n by hand, and names what forbids a driver', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on FIRMWARE=m || FIRMWARE=y && SECRET'),
      driver('FIRMWARE') + option('SECRET'),
      { NIC: 'm', FIRMWARE: 'm' },
    );
    expect(valueIn(result.netboot, 'SECRET')).toBe('n');
    expect(valueIn(result.netboot, 'NIC')).toBe('y');
  });

  it('names the Kconfig line that keeps a driver a module', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on BUS', 'depends on m'),
      driver('BUS'),
      { NIC: 'm', BUS: 'm' },
    );
    expect(names(result, 'promoted')).toEqual([]);
    expect(names(result, 'raised')).toEqual([]);
    expect(entry(result, 'stuck', 'NIC')).toMatchObject({
      from: 'm',
      to: 'm',
      reason: expect.stringContaining('"m" only allows m'),
      location: 'Kconfig:13',
    });
  });

  it('leaves a member of a tristate choice alone rather than putting out the others', async () => {
    const result = await promoteSnippet(
      driver('NIC', 'depends on ONE'),
      `choice\n\tprompt "Which"\n\ttristate\n${driver('ONE')}${driver('TWO')}endchoice\n`,
      { NIC: 'm', ONE: 'm', TWO: 'm' },
    ).catch((error: unknown) => error);
    // Kernels from 6.9 on have no tristate choices; then the snippet is a bool choice.
    if (result instanceof Error) return;
    const promotion = result as Awaited<ReturnType<typeof promoteSnippet>>;
    expect(names(promotion, 'lost')).toEqual([]);
  });

  it('keeps simulators and self-tests as stock has them', async () => {
    const result = await promoteSnippet(
      driver('NIC') +
        'config RADIO_SIM\n\ttristate "Simulated radio testing tool"\n' +
        driver('NIC_TESTS', 'depends on KUNIT') +
        driver('IEEE802154_FAKELB'),
      driver('KUNIT'),
      { NIC: 'm', RADIO_SIM: 'm', NIC_TESTS: 'm', IEEE802154_FAKELB: 'm', KUNIT: 'm' },
    );
    expect(names(result, 'promoted')).toEqual(['NIC']);
    expect(names(result, 'excluded')).toEqual(['RADIO_SIM', 'NIC_TESTS', 'IEEE802154_FAKELB']);
    for (const change of result.report.excluded) {
      expect(change).toMatchObject({ from: 'm', to: 'm' });
      expect(change.reason).not.toBe('');
    }
  });

  it('writes a config that evaluates to itself', async () => {
    const { configText, netboot } = await promoteSnippet(
      driver('NIC', 'depends on BUS', 'select LIBRARY'),
      driver('BUS') + hidden('LIBRARY') + driver('GADGET', 'depends on NIC=y', 'default y'),
      { NIC: 'm', BUS: 'm' },
    );
    const { kconfig } = netboot;
    expect(writeConfig(configure(kconfig, parseConfig(configText, kconfig)))).toBe(configText);
  });

  it('says that a tree has no menu of network devices', async () => {
    const { promote } = await import('../../../src/kernel/configure/promotion.ts');
    const { kconfigOf } = await import('./snippet.ts');
    const kconfig = await kconfigOf('config A\n\tbool "A"\n');
    expect(() => promote({ kconfig, stock: '', scope: 'wired' })).toThrowError(
      expect.objectContaining({ code: 'BW-CONFIG-NO-NETWORK-MENU' }),
    );
  });
});

describe('requested symbols', () => {
  it('go from n to y by hand, with what they need', async () => {
    const result = await promoteSnippet(
      driver('NIC'),
      driver('NFS_FS') + option('IP_PNP') + option('ROOT_NFS', 'depends on NFS_FS=y && IP_PNP'),
      { NIC: 'm', NFS_FS: 'm' },
      { requested: ['IP_PNP', 'NFS_FS', 'ROOT_NFS'] },
    );
    expect(names(result, 'requested')).toEqual(['IP_PNP', 'NFS_FS', 'ROOT_NFS']);
    expect(entry(result, 'requested', 'ROOT_NFS')).toMatchObject({ from: 'n', to: 'y' });
    expect(names(result, 'enabled')).toEqual([]);
  });

  it('raise a module that they need', async () => {
    const result = await promoteSnippet(
      '',
      driver('USB') + driver('HOST', 'depends on USB'),
      {
        USB: 'm',
        HOST: 'm',
      },
      { requested: ['HOST'] },
    );
    expect(entry(result, 'raised', 'USB').reason).toBe('needed by HOST');
  });

  it('are stuck with a reason where something off is in the way', async () => {
    const result = await promoteSnippet(
      driver('NIC'),
      option('BLOCK') + option('ROOT_NFS', 'depends on BLOCK'),
      { NIC: 'm' },
      { requested: ['ROOT_NFS'] },
    );
    expect(entry(result, 'stuck', 'ROOT_NFS')).toMatchObject({
      from: 'n',
      to: 'n',
      reason: '"BLOCK" does not hold (BLOCK=n)',
      location: 'Kconfig:8',
    });
    expect(names(result, 'requested')).toEqual([]);
    expect(names(result, 'promoted')).toEqual(['NIC']);
  });

  it('may switch on what they select, which is reported', async () => {
    const result = await promoteSnippet(
      driver('NIC'),
      option('ROOT_NFS', 'select KEYS') + option('KEYS'),
      { NIC: 'm' },
      { requested: ['ROOT_NFS'] },
    );
    expect(entry(result, 'enabled', 'KEYS')).toMatchObject({
      from: 'n',
      to: 'y',
      reason: 'selected by ROOT_NFS',
      location: 'Kconfig:6',
    });
  });

  it('bring what they would switch on by default to n', async () => {
    const result = await promoteSnippet(
      driver('NIC'),
      option('ROOT_NFS') + driver('EXTRA', 'depends on ROOT_NFS', 'default m'),
      { NIC: 'm' },
      { requested: ['ROOT_NFS'] },
    );
    expect(names(result, 'pinned')).toEqual(['EXTRA']);
    expect(names(result, 'enabled')).toEqual([]);
  });

  it('must exist when they are named', async () => {
    await expect(
      promoteSnippet(driver('NIC'), '', { NIC: 'm' }, { requested: ['NO_SUCH'] }),
    ).rejects.toMatchObject({ code: 'BW-CONFIG-UNKNOWN-SYMBOL' });
  });

  it('lift virtio by its transport, not by the balloon', async () => {
    const { promote } = await import('../../../src/kernel/configure/promotion.ts');
    const { frame, kconfigOf, stockOf } = await import('./snippet.ts');
    const kconfig = await kconfigOf(
      frame(
        driver('VIRTIO_NET', 'depends on VIRTIO'),
        hidden('VIRTIO') +
          driver('VIRTIO_BALLOON', 'select VIRTIO') +
          driver('VIRTIO_PCI', 'select VIRTIO'),
      ),
    );
    const stock = stockOf(kconfig, {
      MODULES: 'y',
      NETDEVICES: 'y',
      VIRTIO_BALLOON: 'm',
      VIRTIO_PCI: 'm',
      VIRTIO_NET: 'm',
    });
    const result = promote({ kconfig, stock, scope: 'network-devices' });
    expect(names(result, 'requested')).toEqual(['VIRTIO_PCI']);
    expect(names(result, 'raised')).toEqual([]);
    expect(valueIn(result.netboot, 'VIRTIO_BALLOON')).toBe('m');
  });
});

describe('settings', () => {
  const outside =
    'config SIG_KEY\n\tstring "Key"\n\tdefault "certs/key.pem"\n' +
    option('DEBUG_INFO') +
    option('BTF', 'depends on DEBUG_INFO');

  it('are declared, with what follows from them', async () => {
    const result = await promoteSnippet(
      driver('NIC'),
      outside,
      { NIC: 'm', DEBUG_INFO: 'y', BTF: 'y' },
      {
        settings: [
          { symbol: 'SIG_KEY', value: '/keys/own.pem', reason: 'signed by our own key' },
          { symbol: 'DEBUG_INFO', value: 'n', reason: 'asked for' },
        ],
      },
    );
    expect(entry(result, 'settings', 'SIG_KEY')).toMatchObject({
      from: 'certs/key.pem',
      to: '/keys/own.pem',
      reason: 'signed by our own key',
    });
    expect(entry(result, 'settings', 'BTF').reason).toBe('follows from SIG_KEY, DEBUG_INFO');
    expect(names(result, 'lost')).toEqual([]);
    expect(result.configText).toContain('CONFIG_SIG_KEY="/keys/own.pem"');
  });

  it('are refused where Kconfig does not allow them', async () => {
    const settings = [{ symbol: 'BTF', value: 'y', reason: 'asked for' }];
    await expect(
      promoteSnippet(driver('NIC'), outside, { NIC: 'm' }, { settings }),
    ).rejects.toMatchObject({
      code: 'BW-CONFIG-SETTING-REFUSED',
      message: expect.stringContaining('DEBUG_INFO=n'),
    });
  });

  it('are refused where the value is none of the type', async () => {
    const settings = [{ symbol: 'BTF', value: 'maybe', reason: 'asked for' }];
    await expect(
      promoteSnippet(driver('NIC'), outside, { NIC: 'm' }, { settings }),
    ).rejects.toMatchObject({ code: 'BW-CONFIG-SETTING-REFUSED' });
  });
});

describe('scope wired', () => {
  const network = `${driver('ETHERNET', 'select PHY')}${hidden('PHY')}
menuconfig WLAN
	bool "Wireless LAN"
if WLAN
${driver('WIFI', 'select RADIO_LIBRARY')}endif
${hidden('RADIO_LIBRARY')}${driver('SERIAL_CAN', 'depends on CAN')}`;
  const values = { ETHERNET: 'm', WLAN: 'y', WIFI: 'm', CAN: 'm', SERIAL_CAN: 'm' };

  it('leaves out what stands behind a guard, and the libraries that only serve it', async () => {
    const result = await promoteSnippet(network, driver('CAN'), values, { scope: 'wired' });
    expect(names(result, 'promoted')).toEqual(['ETHERNET', 'PHY']);
    expect(names(result, 'excluded').sort()).toEqual(['RADIO_LIBRARY', 'SERIAL_CAN', 'WIFI']);
    expect(names(result, 'raised')).toEqual([]);
    expect(entry(result, 'excluded', 'WIFI').reason).toContain('wireless LAN');
  });

  it('is a part of network-devices', async () => {
    const result = await promoteSnippet(network, driver('CAN'), values);
    expect(names(result, 'promoted').sort()).toEqual([
      'ETHERNET',
      'PHY',
      'RADIO_LIBRARY',
      'SERIAL_CAN',
      'WIFI',
    ]);
    expect(names(result, 'raised')).toEqual(['CAN']);
  });
});
