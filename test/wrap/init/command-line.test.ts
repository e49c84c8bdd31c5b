import { describe, expect, test } from 'vitest';
import { runShell } from './shell.ts';

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The variables that a function sets, by their names without its prefix; empty ones are left out. */
function variables(call: string, names: readonly string[]): Record<string, string> {
  const shown = names.map((name) => `echo "${name}=$${name}"`).join('\n');
  const lines = runShell(['command-line'], `${call}\n${shown}`).split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const at = line.indexOf('=');
      const value = line.slice(at + 1).trim();
      return value === '' ? [] : [[line.slice(0, at), value]];
    }),
  );
}

const parseIp = (value: string): Record<string, string> =>
  variables(`parse_ip ${quote(value)}`, [
    ...['ip_device', 'ip_method', 'ip_address', 'ip_peer', 'ip_gateway', 'ip_prefix'],
    ...['ip_hostname', 'ip_nameservers', 'ip_mtu', 'ip_mac'],
  ]);

describe('ip=', () => {
  test.each(['dhcp', 'on', 'any', 'both', 'bootp'])('%s', (value) => {
    expect(parseIp(value)).toEqual({ ip_method: 'dhcp' });
  });
  test.each([
    // The kernel's forms, of nfsroot.rst.
    [
      '10.0.0.5:10.0.0.1:10.0.0.254:255.255.255.0:host:eth0:off',
      {
        ...{ ip_address: '10.0.0.5', ip_peer: '10.0.0.1', ip_gateway: '10.0.0.254' },
        ...{ ip_prefix: '24', ip_hostname: 'host', ip_device: 'eth0', ip_method: 'none' },
      },
    ],
    [
      '10.0.0.5::10.0.0.254:255.255.254.0::eth1:none:10.0.0.53:10.0.0.54',
      {
        ...{ ip_address: '10.0.0.5', ip_gateway: '10.0.0.254', ip_prefix: '23' },
        ...{ ip_device: 'eth1', ip_method: 'none', ip_nameservers: '10.0.0.53 10.0.0.54' },
      },
    ],
    ['::::host:eth1:dhcp', { ip_hostname: 'host', ip_device: 'eth1', ip_method: 'dhcp' }],
    [':::::eth0', { ip_device: 'eth0', ip_method: 'dhcp' }],
    ['10.1.2.3', { ip_address: '10.1.2.3', ip_prefix: '8', ip_method: 'none' }],
    ['172.16.0.3', { ip_address: '172.16.0.3', ip_prefix: '16', ip_method: 'none' }],
    ['192.168.0.3', { ip_address: '192.168.0.3', ip_prefix: '24', ip_method: 'none' }],
    // dracut's.
    ['eth0:dhcp', { ip_device: 'eth0', ip_method: 'dhcp' }],
    ['vlan5:dhcp:1400', { ip_device: 'vlan5', ip_method: 'dhcp', ip_mtu: '1400' }],
    [
      'eth0:dhcp:1500:52:54:00:12:34:56',
      { ip_device: 'eth0', ip_method: 'dhcp', ip_mtu: '1500', ip_mac: '52:54:00:12:34:56' },
    ],
    ['eth0:auto6', { ip_device: 'eth0', ip_method: 'auto6' }],
    [
      '192.168.1.9::192.168.1.1:24:h:bond0:none:9000',
      {
        ...{ ip_address: '192.168.1.9', ip_gateway: '192.168.1.1', ip_prefix: '24' },
        ...{ ip_hostname: 'h', ip_device: 'bond0', ip_method: 'none', ip_mtu: '9000' },
      },
    ],
    [
      '[2001:db8::5]::[2001:db8::1]:64:h:eth0:none',
      {
        ...{ ip_address: '2001:db8::5', ip_gateway: '2001:db8::1', ip_prefix: '64' },
        ...{ ip_hostname: 'h', ip_device: 'eth0', ip_method: 'none' },
      },
    ],
  ])('%s', (value, expected) => {
    expect(parseIp(value)).toEqual(expected);
  });
});

describe('BOOTIF=', () => {
  test.each([
    ['01-52-54-00-AB-CD-EF', '52:54:00:ab:cd:ef'],
    ['01-52:54:00:ab:cd:ef', '52:54:00:ab:cd:ef'],
    ['52:54:00:ab:cd:ef', '52:54:00:ab:cd:ef'],
  ])('%s', (value, expected) => {
    expect(runShell(['command-line'], `mac_of ${quote(value)}`)).toBe(expected);
  });
});

describe('vlan= and bond=', () => {
  test.each([
    ['vlan5:eth0', 'vlan5', 'eth0', '5'],
    ['vlan0005:eth0', 'vlan0005', 'eth0', '5'],
    ['eth0.100:eth0', 'eth0.100', 'eth0', '100'],
    ['bond0.0007:bond0', 'bond0.0007', 'bond0', '7'],
  ])('%s', (value, name, device, id) => {
    expect(
      variables(`parse_vlan ${quote(value)}`, ['vlan_name', 'vlan_device', 'vlan_id']),
    ).toEqual({ vlan_name: name, vlan_device: device, vlan_id: id });
  });

  test.each([
    ['', { bond_name: 'bond0', bond_slaves: 'eth0 eth1', bond_options: 'mode=balance-rr' }],
    [
      'bond1:eth2,eth3:mode=active-backup,miimon=100:9000',
      {
        ...{ bond_name: 'bond1', bond_slaves: 'eth2 eth3' },
        ...{ bond_options: 'mode=active-backup miimon=100', bond_mtu: '9000' },
      },
    ],
    ['bond0:a,b', { bond_name: 'bond0', bond_slaves: 'a b', bond_options: 'mode=balance-rr' }],
  ])('bond=%s', (value, expected) => {
    expect(
      variables(`parse_bond ${quote(value)}`, [
        ...['bond_name', 'bond_slaves', 'bond_options', 'bond_mtu'],
      ]),
    ).toEqual(expected);
  });
});

describe('the root', () => {
  test.each([
    ['10.0.0.1:/srv/root,vers=3,tcp', '10.0.0.1', '/srv/root', 'vers=3,tcp'],
    ['10.0.0.1:/srv/root', '10.0.0.1', '/srv/root', undefined],
    ['/srv/root,vers=4', undefined, '/srv/root', 'vers=4'],
    ['10.0.0.1:/srv/root:vers=4,ro', '10.0.0.1', '/srv/root', 'vers=4,ro'],
    ['[fd77::1]:/srv/root,vers=4.2', '[fd77::1]', '/srv/root', 'vers=4.2'],
  ])('%s', (value, server, path, options) => {
    expect(
      variables(`parse_root ${quote(value)}`, ['root_server', 'root_path', 'root_options']),
    ).toEqual({
      ...(server === undefined ? {} : { root_server: server }),
      root_path: path,
      ...(options === undefined ? {} : { root_options: options }),
    });
  });

  const choose = (line: string, before = ''): string =>
    runShell(
      ['command-line', 'root'],
      `lease_server= lease_root= client=10.0.0.9 ${before}
      parse_command_line ${quote(line)}
      choose_root && echo "$root_kind $root_server:$root_path" && for v in $(versions_to_try); do nfs_options $v; done`,
    );
  test('as netboot kernels are told of it', () => {
    expect(choose('root=/dev/nfs nfsroot=10.0.0.1:/r,vers=3,tcp,nolock ip=dhcp ro')).toBe(
      'nfs 10.0.0.1:/r\nro,vers=3,tcp,nolock',
    );
  });
  test('as dracut is told of it', () => {
    expect(choose('root=nfs4:10.0.0.1:/r:sec=sys rw')).toBe('nfs4 10.0.0.1:/r\nrw,sec=sys,vers=4');
  });
  test('without a version, 3 is tried and then 4, as locks need it', () => {
    expect(choose('root=nfs:10.0.0.1:/r')).toBe('nfs 10.0.0.1:/r\nro,vers=3,nolock\nro,vers=4');
  });
  test('by DHCP, with the server that DHCP names and the address of the machine', () => {
    expect(choose('root=dhcp', "lease_server=10.0.0.3 lease_root='/r/%s'")).toMatch(
      /^nfs 10\.0\.0\.3:\/r\/10\.0\.0\.9\n/,
    );
  });
  test('the command line counts for more than DHCP', () => {
    expect(choose('nfsroot=10.0.0.1:/a', "lease_root='10.0.0.2:/b'")).toMatch(
      /^nfs 10\.0\.0\.1:\/a\n/,
    );
  });
  test('nobody names one', () => {
    expect(() => choose('root=/dev/nfs ip=dhcp')).toThrow();
  });
});

test('the whole command line', () => {
  expect(
    variables(
      `parse_command_line 'BOOT_IMAGE=/k quiet root=/dev/nfs ip=eth0:dhcp ip=vlan5:dhcp vlan=vlan5:eth0 bond=bond0:a,b ifname=net0:52:54:00:00:00:01 BOOTIF=01-52-54-00-00-00-02 nameserver=10.0.0.53 init=/sbin/x rw rd.shell rd.timeout=60'`,
      [
        ...['root', 'ips', 'vlans', 'bonds', 'names', 'boot_mac', 'nameservers', 'init'],
        ...['access', 'shell', 'timeout'],
      ],
    ),
  ).toEqual({
    root: '/dev/nfs',
    ips: 'eth0:dhcp vlan5:dhcp',
    vlans: 'vlan5:eth0',
    bonds: 'bond0:a,b',
    names: 'net0:52:54:00:00:00:01',
    boot_mac: '52:54:00:00:00:02',
    nameservers: '10.0.0.53',
    init: '/sbin/x',
    access: 'rw',
    shell: 'yes',
    timeout: '60',
  });
});
