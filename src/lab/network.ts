import { readFile } from 'node:fs/promises';
import { requireTool } from '../system/tools.ts';
import type { LabNamespace } from './namespace.ts';

/**
 * The one network of a lab. Every lab has the same: it lies in a namespace of
 * its own, so that labs side by side do not meet.
 */
export const labNetwork = {
  bridge: 'br0',
  tap: 'tap0',
  /** Where the cable of a second card ends: nobody is there. */
  looseTap: 'tap1',
  looseMac: '52:54:00:77:00:11',
  server: '10.77.0.1',
  /** Of a DHCP server that the network has already, where there is one. */
  neighbour: '10.77.0.2',
  netmask: '255.255.255.0',
  guest: '10.77.0.10',
  /** Of the guest's card; locally administered, with QEMU's usual prefix. */
  mac: '52:54:00:77:00:10',
  /** iPXE waits 13 s for a router advertisement: the server makes one for this prefix. */
  prefix6: 'fd77::',
  server6: 'fd77::1',
} as const;

/** How many bytes an interface has sent, of the text of /proc/net/dev (proc_net(5)). */
export function parseSentBytes(text: string, device: string): number {
  const line = text.split('\n').find((candidate) => candidate.trim().startsWith(`${device}:`));
  return Number(
    line
      ?.slice(line.indexOf(':') + 1)
      .trim()
      .split(/\s+/)[8] ?? 0,
  );
}

/** How many bytes an interface of the lab has sent so far. */
export async function sentBytes(namespace: LabNamespace, device: string): Promise<number> {
  return parseSentBytes(await readFile(namespace.procNet('dev'), 'utf8').catch(() => ''), device);
}

/** How large a frame may be on the lab's network, in bytes without the Ethernet header. */
export interface LinkMtu {
  /** On the server's side. */
  readonly server: number;
  /** On the way to the machine; what is larger is lost without a word, as in a switch. */
  readonly cable: number;
  /** What DHCP tells the machine to use (option 26, RFC 2132); without it, it uses 1500. */
  readonly announced?: number;
}

/** What Ethernet has when nobody says anything. */
export const usualMtu: LinkMtu = { server: 1500, cable: 1500 };

/** The lines for `ip -batch` (ip(8)) that make the network. */
export function networkBatch(mtu: LinkMtu): string {
  const { bridge, tap, looseTap, server, server6 } = labNetwork;
  return [
    'link set lo up',
    // No spanning tree: a new port would be deaf for 30 s.
    `link add ${bridge} type bridge stp_state 0 forward_delay 0`,
    `address add ${server}/24 dev ${bridge}`,
    `address add ${server6}/64 dev ${bridge} nodad`,
    `tuntap add ${tap} mode tap`,
    `link set ${tap} mtu ${mtu.cable}`,
    `link set ${tap} master ${bridge}`,
    // A bridge lets bundles of frames through that are to be cut up behind it, whatever their size:
    // where it has to stop large frames there must be none.
    `link set ${bridge} mtu ${mtu.server}${mtu.server > mtu.cable ? ' gso_max_segs 1' : ''}`,
    `link set ${tap} up`,
    `link set ${bridge} up`,
    `tuntap add ${looseTap} mode tap`,
    `link set ${looseTap} up`,
    '',
  ].join('\n');
}

/** Makes the bridge with the server's addresses, and the tap that the guest is plugged into. */
export async function makeNetwork(namespace: LabNamespace, mtu: LinkMtu = usualMtu): Promise<void> {
  await namespace.run(requireTool('ip', 'make the network of the lab'), ['-batch', '-'], {
    input: networkBatch(mtu),
    failure: 'BW-PROOF-NAMESPACE',
  });
}
