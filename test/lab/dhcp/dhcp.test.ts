import { describe, expect, test } from 'vitest';
import { renderDhcpConfiguration } from '../../../src/lab/dhcp/configuration.ts';
import { readDhcpLog } from '../../../src/lab/dhcp/log.ts';
import { renderNeighbourConfiguration } from '../../../src/lab/dhcp/neighbour.ts';

const common = { tftpRoot: '/run/t', leaseFile: '/run/l', answering: true };

describe('renderDhcpConfiguration', () => {
  test('a ROM that loads pxelinux, which takes everything else by HTTP', () => {
    expect(
      renderDhcpConfiguration({
        ...common,
        boot: {
          tftp: 'lpxelinux.0',
          pxelinux: { configuration: 'pxelinux.cfg', prefix: 'http://10.77.0.1/' },
        },
      }),
    ).toBe(`port=0
interface=br0
bind-interfaces
user=root
group=root
dhcp-leasefile=/run/l
log-dhcp
enable-ra
dhcp-range=fd77::,ra-only
enable-tftp
tftp-root=/run/t
dhcp-range=10.77.0.10,10.77.0.10,255.255.255.0,1h
no-ping
dhcp-authoritative
dhcp-host=52:54:00:77:00:10,10.77.0.10
dhcp-option=option:router,10.77.0.1
dhcp-option=encap:175,176,1b
dhcp-boot=lpxelinux.0
dhcp-option-force=209,pxelinux.cfg
dhcp-option-force=210,http://10.77.0.1/
`);
  });

  test('tells iPXE from a ROM that has to load it first', () => {
    const text = renderDhcpConfiguration({
      ...common,
      boot: { tftp: 'snponly.efi', ipxeUrl: 'http://10.77.0.1/boot.ipxe' },
    });
    expect(text).toContain(
      'dhcp-match=set:ipxe,175\ndhcp-boot=tag:!ipxe,snponly.efi\ndhcp-boot=tag:ipxe,http://10.77.0.1/boot.ipxe\n',
    );
  });

  test('the MTU that the machine is to use', () => {
    const boot = { tftp: 'grubnetx64.efi' };
    expect(renderDhcpConfiguration({ ...common, boot, announcedMtu: 9000 })).toContain(
      'dhcp-option-force=option:mtu,9000\n',
    );
    expect(renderDhcpConfiguration({ ...common, boot })).not.toContain('mtu');
  });

  test('beside a foreign DHCP server: a loader, and no address', () => {
    const boot = { tftp: 'snponly.efi', ipxeUrl: 'http://10.77.0.1/boot.ipxe' };
    const text = renderDhcpConfiguration({ ...common, boot, method: 'proxy-dhcp' });
    expect(text.slice(text.indexOf('tftp-root'))).toBe(`tftp-root=/run/t
dhcp-range=10.77.0.1,proxy,255.255.255.0
dhcp-match=set:ipxe,175
pxe-service=tag:!ipxe,x86PC,bootwright,snponly.efi,10.77.0.1
pxe-service=tag:!ipxe,BC_EFI,bootwright,snponly.efi,10.77.0.1
pxe-service=tag:!ipxe,X86-64_EFI,bootwright,snponly.efi,10.77.0.1
pxe-service=tag:ipxe,x86PC,bootwright,http://10.77.0.1/boot.ipxe,10.77.0.1
pxe-service=tag:ipxe,BC_EFI,bootwright,http://10.77.0.1/boot.ipxe,10.77.0.1
pxe-service=tag:ipxe,X86-64_EFI,bootwright,http://10.77.0.1/boot.ipxe,10.77.0.1
`);
  });

  test('the foreign DHCP server gives addresses, and says nothing of booting', () => {
    expect(renderNeighbourConfiguration('/run/l')).toBe(`port=0
interface=eth0
bind-interfaces
user=root
group=root
dhcp-leasefile=/run/l
log-dhcp
dhcp-range=10.77.0.10,10.77.0.10,255.255.255.0,1h
no-ping
dhcp-authoritative
dhcp-host=52:54:00:77:00:10,10.77.0.10
dhcp-option=option:router,10.77.0.2
`);
  });

  test('HTTP Boot: the answer has its vendor class, and a URL', () => {
    const boot = {
      ...{ tftp: 'snponly.efi', httpUrl: 'http://10.77.0.1/snponly.efi' },
      ipxeUrl: 'http://10.77.0.1/boot.ipxe',
    };
    const text = renderDhcpConfiguration({ ...common, boot, method: 'http-boot' });
    expect(text.slice(text.indexOf('dhcp-match'))).toBe(`dhcp-match=set:ipxe,175
dhcp-vendorclass=set:http,HTTPClient
dhcp-option-force=tag:http,60,HTTPClient
dhcp-boot=tag:http,tag:!ipxe,http://10.77.0.1/snponly.efi
dhcp-boot=tag:ipxe,http://10.77.0.1/boot.ipxe
`);
  });

  test('a silent server still sees who asks', () => {
    const text = renderDhcpConfiguration({
      ...common,
      answering: false,
      boot: { tftp: 'grubnetx64.efi' },
    });
    expect(text).toContain('dhcp-host=52:54:00:77:00:10,ignore\n');
    expect(text).toContain('dhcp-range=10.77.0.10,');
  });
});

describe('readDhcpLog', () => {
  test.each([
    [
      'dnsmasq-dhcp[6]: 2282568563 DHCPDISCOVER(br0) 52:54:00:77:00:10',
      { type: 'dhcp', message: 'discover', mac: '52:54:00:77:00:10' },
    ],
    [
      'dnsmasq-dhcp[6]: 3 DHCPDISCOVER(br0) 52:54:00:77:00:10 ignored',
      { type: 'dhcp', message: 'discover', mac: '52:54:00:77:00:10' },
    ],
    [
      'dnsmasq-dhcp[6]: 1 DHCPACK(br0) 10.77.0.10 52:54:00:77:00:10 node',
      { type: 'dhcp', message: 'ack', mac: '52:54:00:77:00:10', address: '10.77.0.10' },
    ],
    [
      'dnsmasq-tftp[6]: sent /run/bootwright/tftp/lpxelinux.0 to 10.77.0.10',
      { type: 'tftp', file: 'lpxelinux.0', outcome: 'sent' },
    ],
    [
      'dnsmasq-tftp[6]: file /run/bootwright/tftp/grub/grub.cfg not found for 10.77.0.10',
      { type: 'tftp', file: 'grub.cfg', outcome: 'missing' },
    ],
    [
      'dnsmasq-tftp[6]: failed sending /run/bootwright/tftp/a.efi to 10.77.0.10',
      { type: 'tftp', file: 'a.efi', outcome: 'failed' },
    ],
    ['dnsmasq-dhcp[6]: 1 sent size:  4 option: 54 server-identifier  10.77.0.1', undefined],
    ['dnsmasq-dhcp[6]: RTR-ADVERT(br0) fd77::', undefined],
    ['', undefined],
  ])('%s', (line, sighting) => {
    expect(readDhcpLog(line)).toEqual(sighting);
  });
});
