import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTool } from '../../system/tools.ts';
import { type LabContext, labHome, waitUntilReady } from '../context.ts';
import { labNetwork } from '../network.ts';
import { readDhcpLog } from './log.ts';

/** The name of the network namespace in which the neighbour lives. */
const neighbourName = 'neighbour';

/** The text of dnsmasq.conf (dnsmasq(8)) of a DHCP server that gives addresses, and knows of no boot. */
export function renderNeighbourConfiguration(leaseFile: string): string {
  const { guest, mac, netmask, neighbour } = labNetwork;
  return [
    'port=0',
    'interface=eth0',
    'bind-interfaces',
    'user=root',
    'group=root',
    `dhcp-leasefile=${leaseFile}`,
    'log-dhcp',
    `dhcp-range=${guest},${guest},${netmask},1h`,
    'no-ping',
    'dhcp-authoritative',
    `dhcp-host=${mac},${guest}`,
    `dhcp-option=option:router,${neighbour}`,
    '',
  ].join('\n');
}

/**
 * Starts the DHCP server that a network has already, on a machine of its own: a network namespace
 * inside of the lab's, plugged into its bridge.
 */
export async function startNeighbour(context: LabContext): Promise<void> {
  const ip = requireTool('ip', 'make the network of the lab');
  const { bridge, neighbour } = labNetwork;
  const batch = async (args: readonly string[], lines: readonly string[]): Promise<void> => {
    await context.namespace.run(ip, [...args, '-batch', '-'], {
      input: `${lines.join('\n')}\n`,
      failure: 'BW-PROOF-NAMESPACE',
    });
  };
  await batch(
    [],
    [
      `netns add ${neighbourName}`,
      `link add port1 type veth peer name eth0 netns ${neighbourName}`,
      `link set port1 master ${bridge} up`,
    ],
  );
  await batch(['-n', neighbourName], [`address add ${neighbour}/24 dev eth0`, 'link set eth0 up']);

  const configuration = `${labHome}/neighbour.conf`;
  await writeFile(
    context.namespace.path(configuration),
    renderNeighbourConfiguration(`${labHome}/neighbour.leases`),
  );
  let started = false;
  const service = await context.start(
    'neighbour',
    ip,
    [
      ...['netns', 'exec', neighbourName, requireTool('dnsmasq', 'answer DHCP in the lab')],
      ...[`--conf-file=${configuration}`, '--keep-in-foreground', '--log-facility=-', '--pid-file'],
    ],
    {
      log: join(context.logs, 'neighbour.log'),
      onLine: (line) => {
        if (line.includes('DHCP, IP range')) started = true;
        const sighting = readDhcpLog(line);
        if (sighting !== undefined) context.sight(sighting);
      },
    },
  );
  await waitUntilReady(context, service, () => started);
}
