import type { BootMethod } from '../boot/method.ts';
import { labNetwork } from '../network.ts';

/** Which file a machine is told to boot. */
export interface BootFile {
  /** Name under the TFTP root, for a boot ROM. */
  readonly tftp: string;
  /** URL of the same, for a firmware that boots by HTTP. */
  readonly httpUrl?: string;
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
  /** How the firmware comes to its loader; the default is PXE. */
  readonly method?: BootMethod;
}

/** What dnsmasq is told in any case: TFTP and router advertisements, no DNS. */
function common({ tftpRoot, leaseFile }: DhcpConfiguration): readonly string[] {
  const { bridge, prefix6 } = labNetwork;
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
    // iPXE waits 13 s for a router advertisement.
    'enable-ra',
    `dhcp-range=${prefix6},ra-only`,
    'enable-tftp',
    `tftp-root=${tftpRoot}`,
  ];
}

/** Option 175 is iPXE's own. */
const tellIpxe = 'dhcp-match=set:ipxe,175';

/** Addresses, and the loader. */
function renderServer(configuration: DhcpConfiguration): readonly string[] {
  const { boot, answering, announcedMtu, method } = configuration;
  const { server, guest, mac, netmask } = labNetwork;
  // An answer to HTTP Boot has to call itself by this vendor class (option 60), or it is none.
  const http =
    method === 'http-boot' && boot.httpUrl !== undefined
      ? [
          'dhcp-vendorclass=set:http,HTTPClient',
          'dhcp-option-force=tag:http,60,HTTPClient',
          `dhcp-boot=tag:http,tag:!ipxe,${boot.httpUrl}`,
        ]
      : undefined;
  return [
    `dhcp-range=${guest},${guest},${netmask},1h`,
    // Without the ping that looks for a squatter, an offer comes at once.
    'no-ping',
    'dhcp-authoritative',
    answering ? `dhcp-host=${mac},${guest}` : `dhcp-host=${mac},ignore`,
    `dhcp-option=option:router,${server}`,
    ...(announcedMtu === undefined ? [] : [`dhcp-option-force=option:mtu,${announcedMtu}`]),
    // iPXE need not wait for a proxyDHCP server (its option 176, no-pxedhcp): that saves 3 s.
    'dhcp-option=encap:175,176,1b',
    ...(boot.ipxeUrl === undefined
      ? [`dhcp-boot=${boot.tftp}`]
      : [
          tellIpxe,
          ...(http ?? [`dhcp-boot=tag:!ipxe,${boot.tftp}`]),
          `dhcp-boot=tag:ipxe,${boot.ipxeUrl}`,
        ]),
    ...(boot.pxelinux === undefined
      ? []
      : [
          `dhcp-option-force=209,${boot.pxelinux.configuration}`,
          `dhcp-option-force=210,${boot.pxelinux.prefix}`,
        ]),
  ];
}

/** The loader alone; addresses come from another server (`proxy` of --dhcp-range, --pxe-service). */
function renderProxy({ boot, answering }: DhcpConfiguration): readonly string[] {
  const { server, mac, netmask } = labNetwork;
  const service = (tag: string, file: string): readonly string[] =>
    ['x86PC', 'BC_EFI', 'X86-64_EFI'].map(
      (system) => `pxe-service=${tag}${system},bootwright,${file},${server}`,
    );
  // To iPXE, dnsmasq's plain --dhcp-boot is no answer on a BIOS: it wants a service there, too.
  return [
    `dhcp-range=${server},proxy,${netmask}`,
    ...(answering ? [] : [`dhcp-host=${mac},ignore`]),
    ...(boot.ipxeUrl === undefined
      ? service('', boot.tftp)
      : [tellIpxe, ...service('tag:!ipxe,', boot.tftp), ...service('tag:ipxe,', boot.ipxeUrl)]),
  ];
}

/** The text of dnsmasq.conf (dnsmasq(8)) for a lab. */
export function renderDhcpConfiguration(configuration: DhcpConfiguration): string {
  const render = configuration.method === 'proxy-dhcp' ? renderProxy : renderServer;
  return [...common(configuration), ...render(configuration), ''].join('\n');
}
