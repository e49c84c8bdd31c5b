import { readFile } from 'node:fs/promises';
import type { LabNamespace } from './namespace.ts';

/** One TCP socket as /proc/net/tcp shows it. */
export interface TcpSocket {
  readonly localPort: number;
  readonly remotePort: number;
  readonly state: 'listening' | 'established' | 'other';
  /** Bytes that were sent, or wait to be, and are not acknowledged. */
  readonly unacknowledged: number;
  /** How often in a row the oldest of them was sent again. */
  readonly resent: number;
}

/**
 * Reads /proc/net/tcp or tcp6 (Documentation/networking/proc_net_tcp.rst).
 *
 * @param text - the whole file
 */
export function parseTcpSockets(text: string): readonly TcpSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line): TcpSocket[] => {
      const match =
        /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]{8}):[0-9A-F]{8} [0-9A-F]{2}:[0-9A-F]{8} ([0-9A-F]{8}) /.exec(
          line,
        );
      if (match === null) return [];
      const [, local = '', remote = '', state, unacknowledged = '', resent = ''] = match;
      return [
        {
          localPort: Number.parseInt(local, 16),
          remotePort: Number.parseInt(remote, 16),
          state: state === '0A' ? 'listening' : state === '01' ? 'established' : 'other',
          unacknowledged: Number.parseInt(unacknowledged, 16),
          resent: Number.parseInt(resent, 16),
        },
      ];
    });
}

/** All TCP sockets of the lab's network. */
export async function tcpSockets(namespace: LabNamespace): Promise<readonly TcpSocket[]> {
  const files = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(namespace.procNet(name), 'utf8').catch(() => '')),
  );
  return files.flatMap(parseTcpSockets);
}
