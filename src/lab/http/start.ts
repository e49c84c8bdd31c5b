import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LabContext, labHome, waitUntilReady } from '../context.ts';
import { labNetwork } from '../network.ts';
import { type HttpMessage, httpMessageSchema } from './messages.ts';

/** Loaders take port 80 when none is named, and GRUB hangs on another. */
const httpPort = 80;

function readMessage(line: string): HttpMessage | undefined {
  try {
    return httpMessageSchema.parse(JSON.parse(line));
  } catch {
    // Something that the runtime printed: the log has it.
    return undefined;
  }
}

/** Starts the HTTP server inside of the lab's network, and waits until it serves. */
export async function startHttp(context: LabContext): Promise<void> {
  let listening = false;
  const server = fileURLToPath(new URL('server.ts', import.meta.url));
  const service = await context.start(
    'http',
    process.execPath,
    [server, `${labHome}/http`, labNetwork.server, String(httpPort)],
    {
      log: join(context.logs, 'http.log'),
      // Options of this process (of a test runner, say) are not for that one.
      env: { ...process.env, NODE_OPTIONS: undefined },
      onLine: (line) => {
        const message = readMessage(line);
        if (message === undefined) return;
        if (message.type === 'listening') listening = true;
        else if (message.type === 'request') context.sight({ ...message, type: 'http' });
        else context.sight(message);
      },
    },
  );
  await waitUntilReady(context, service, () => listening);
}
