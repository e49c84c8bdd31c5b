import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTool } from '../../system/tools.ts';
import { mountPort, nfsPort } from '../boot/command-line.ts';
import { type LabContext, labHome, waitUntilReady } from '../context.ts';
import { tcpSockets } from '../sockets.ts';
import { renderNfsConfiguration } from './configuration.ts';
import { readNfsLog } from './log.ts';

/** The port of rpcbind(8). */
const rpcbindPort = 111;

async function listens(context: LabContext, port: number): Promise<boolean> {
  const sockets = await tcpSockets(context.namespace);
  return sockets.some((socket) => socket.state === 'listening' && socket.localPort === port);
}

/**
 * Starts nfs-ganesha with one export, and waits until it serves. For version 3
 * it insists on rpcbind, which gets a private socket along with the lab's own /run
 * (the client needs none: the command line gives it the ports).
 *
 * @param folder - what is exported, as the lab's programs see it
 */
export async function startNfs(context: LabContext, version: 3 | 4, folder: string): Promise<void> {
  if (version === 3 && !(await listens(context, rpcbindPort))) {
    const rpcbind = await context.start(
      'rpcbind',
      requireTool('rpcbind', 'serve NFS version 3 in the lab'),
      ['-f'],
      { log: join(context.logs, 'rpcbind.log') },
    );
    await waitUntilReady(context, rpcbind, () => listens(context, rpcbindPort));
  }
  const configuration = `${labHome}/ganesha.conf`;
  await writeFile(
    context.namespace.path(configuration),
    renderNfsConfiguration({ version, folder, stateFolder: `${labHome}/ganesha` }),
  );
  const service = await context.start(
    'nfs',
    requireTool('ganesha.nfsd', 'serve NFS in the lab'),
    ['-F', '-L', '/dev/stdout', '-f', configuration, '-p', `${labHome}/ganesha.pid`],
    {
      log: join(context.logs, 'nfs.log'),
      onLine: (line) => {
        const sighting = readNfsLog(line);
        if (sighting !== undefined) context.sight(sighting);
      },
    },
  );
  await waitUntilReady(
    context,
    service,
    async () =>
      (await listens(context, nfsPort)) && (version === 4 || (await listens(context, mountPort))),
  );
}
