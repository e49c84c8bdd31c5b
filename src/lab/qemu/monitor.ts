import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isSystemError } from '../../system/errors/index.ts';

/** How long QEMU may take to make its socket, in milliseconds. */
const connectTimeout = 10_000;

const shutdownSchema = z.object({
  event: z.literal('SHUTDOWN'),
  data: z.object({ guest: z.boolean(), reason: z.string() }),
});

/** A hand on a machine that runs. */
export interface Monitor {
  /** Plugs a card's cable in, or pulls it out: `set_link` of qapi/net.json. */
  setLink(netdev: string, up: boolean): void;
  close(): void;
}

/**
 * Listens to a machine through the QEMU Machine Protocol, to tell a guest that
 * powers off from one that resets or a machine that is killed.
 *
 * @param path - of the socket
 * @param onShutdown - gets the reason: `guest-shutdown`, `guest-reset`, `host-signal` …
 *   (qapi/run-state.json)
 */
export async function watchMachine(
  path: string,
  signal: AbortSignal,
  onShutdown: (reason: string) => void,
): Promise<Monitor> {
  const socket = await connectWhenThere(path, signal);
  // A machine that is killed resets the connection; that it ended is told elsewhere. The reader of
  // lines passes the socket's error on as its own.
  const ignore = (): void => undefined;
  socket.on('error', ignore);
  createInterface({ input: socket })
    .on('error', ignore)
    .on('line', (line) => {
      const event = shutdownSchema.safeParse(readJson(line));
      if (event.success) onShutdown(event.data.data.reason);
    });
  const execute = (command: string, args: object = {}): void => {
    socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
  };
  execute('qmp_capabilities');
  return {
    setLink: (name, up) => execute('set_link', { name, up }),
    close: () => socket.destroy(),
  };
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function connectWhenThere(path: string, signal: AbortSignal): Promise<Socket> {
  const deadline = performance.now() + connectTimeout;
  for (;;) {
    signal.throwIfAborted();
    const socket = connect(path);
    try {
      await once(socket, 'connect', { signal });
      return socket;
    } catch (error) {
      socket.destroy();
      if (!isSystemError(error, 'ENOENT', 'ECONNREFUSED') || performance.now() > deadline) {
        throw error;
      }
      await sleep(25, undefined, { signal });
    }
  }
}
