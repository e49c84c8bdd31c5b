import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchMachine } from '../../../src/lab/qemu/monitor.ts';

/** Lends a socket that stands for QEMU's. */
async function withMonitor(
  work: (path: string, serve: () => Promise<Socket>) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'monitor-'));
  const path = join(folder, 'qemu.sock');
  const server = createServer({ pauseOnConnect: true });
  try {
    await work(path, async () => {
      server.listen(path);
      const [socket] = (await once(server, 'connection')) as [Socket];
      return socket;
    });
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

test('waits for the socket, says hello, and tells why a machine went off', async () => {
  await withMonitor(async (path, serve) => {
    const reasons: string[] = [];
    const watching = watchMachine(path, new AbortController().signal, (r) => reasons.push(r));
    const socket = await serve();
    const { close, setLink } = await watching;
    socket.resume();
    const [hello] = (await once(socket, 'data')) as [Buffer];
    expect(JSON.parse(hello.toString())).toEqual({ execute: 'qmp_capabilities', arguments: {} });
    setLink('net0', false);
    const [command] = (await once(socket, 'data')) as [Buffer];
    expect(JSON.parse(command.toString())).toEqual({
      execute: 'set_link',
      arguments: { name: 'net0', up: false },
    });
    socket.write('{"QMP": {}}\r\n{"return": {}}\r\nnot JSON\r\n');
    socket.write(
      '{"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-shutdown"}, "timestamp": {}}\r\n',
    );
    await expect.poll(() => reasons).toEqual(['guest-shutdown']);
    close();
  });
});

test('a machine that is killed while it is watched is no error', async () => {
  await withMonitor(async (path, serve) => {
    const watching = watchMachine(path, new AbortController().signal, () => undefined);
    const socket = await serve();
    await watching;
    // Closed with the greeting unread, as by a kill: the watcher gets ECONNRESET.
    await sleep(50);
    socket.destroy();
    await sleep(50);
  });
});

test('an abort ends the wait', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 50);
  await expect(
    watchMachine('/nonexistent/qemu.sock', abort.signal, () => undefined),
  ).rejects.toThrow();
});
