import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTool } from '../../system/tools.ts';
import type { BootMethod } from '../boot/method.ts';
import { type LabContext, labHome, waitUntilReady } from '../context.ts';
import { type LinkMtu, usualMtu } from '../network.ts';
import { type BootFile, renderDhcpConfiguration } from './configuration.ts';
import { readDhcpLog } from './log.ts';

/** Starts dnsmasq, and waits until it serves. */
export async function startDhcp(
  context: LabContext,
  boot: BootFile,
  {
    answering = true,
    mtu = usualMtu,
    method = 'pxe',
  }: { answering?: boolean; mtu?: LinkMtu; method?: BootMethod } = {},
): Promise<void> {
  const configuration = `${labHome}/dnsmasq.conf`;
  await writeFile(
    context.namespace.path(configuration),
    renderDhcpConfiguration({
      boot,
      tftpRoot: `${labHome}/tftp`,
      leaseFile: `${labHome}/dnsmasq.leases`,
      answering,
      method,
      ...(mtu.announced === undefined ? {} : { announcedMtu: mtu.announced }),
    }),
  );
  let started = false;
  const service = await context.start(
    'dnsmasq',
    requireTool('dnsmasq', 'answer DHCP and TFTP in the lab'),
    [`--conf-file=${configuration}`, '--keep-in-foreground', '--log-facility=-'],
    {
      log: join(context.logs, 'dnsmasq.log'),
      onLine: (line) => {
        if (line.includes('TFTP root is')) started = true;
        const sighting = readDhcpLog(line);
        if (sighting !== undefined) context.sight(sighting);
      },
    },
  );
  await waitUntilReady(context, service, () => started);
}
