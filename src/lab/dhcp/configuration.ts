import { labNetwork } from '../network.ts';

/** Which file a machine is told to boot. */
export interface BootFile {
  /** Name under the TFTP root, for a boot ROM. */
  readonly tftp: string;
  /** URL for a client that is iPXE already, where that differs. */
  readonly ipxeUrl?: string;
  /** pxelinux's configuration file (option 209) and where it finds everything (option 210), RFC 5071. */
  readonly pxelinux?: { readonly configuration: string; readonly prefix: string };
}

/** What the DHCP and TFTP server of a lab needs to know. */
export interface DhcpConfiguration {
  readonly boot: BootFile;
  readonly tftpRoot: string;
  readonly leaseFile: string;
  /** Whether addresses are handed out at all; a lab without is for rehearsing failures. */
  readonly answering: boolean;
  /** What the machine is told to use as its MTU (option 26); without it, nothing is said. */
  readonly announcedMtu?: number;
}

/** The text of dnsmasq.conf (dnsmasq(8)) for a lab: DHCP, TFTP and router advertisements, no DNS. */
export function renderDhcpConfiguration(configuration: DhcpConfiguration): string {
  const { boot, tftpRoot, leaseFile, answering, announcedMtu } = configuration;
  const { bridge, server, guest, mac, netmask, prefix6 } = labNetwork;
  return [
    'port=0',
    `interface=${bridge}`,
    'bind-interfaces',
    // In a namespace of its own there is nobody else to be protected from root by an account that
    // may not exist on the host.
    'user=root',
    'group=root',
    `dhcp-leasefile=${leaseFile}`,
    'log-dhcp',
    `dhcp-range=${guest},${guest},${netmask},1h`,
    // Without the ping that looks for a squatter, an offer comes at once.
    'no-ping',
    'dhcp-authoritative',
    answering ? `dhcp-host=${mac},${guest}` : `dhcp-host=${mac},ignore`,
    `dhcp-option=option:router,${server}`,
    ...(announcedMtu === undefined ? [] : [`dhcp-option-force=option:mtu,${announcedMtu}`]),
    // iPXE need not wait for a proxyDHCP server (its option 176, no-pxedhcp): that saves 3 s.
    'dhcp-option=encap:175,176,1b',
    // iPXE waits 13 s for a router advertisement.
    'enable-ra',
    `dhcp-range=${prefix6},ra-only`,
    'enable-tftp',
    `tftp-root=${tftpRoot}`,
    ...(boot.ipxeUrl === undefined
      ? [`dhcp-boot=${boot.tftp}`]
      : [
          // Option 175 is iPXE's own.
          'dhcp-match=set:ipxe,175',
          `dhcp-boot=tag:!ipxe,${boot.tftp}`,
          `dhcp-boot=tag:ipxe,${boot.ipxeUrl}`,
        ]),
    ...(boot.pxelinux === undefined
      ? []
      : [
          `dhcp-option-force=209,${boot.pxelinux.configuration}`,
          `dhcp-option-force=210,${boot.pxelinux.prefix}`,
        ]),
    '',
  ].join('\n');
}
