/**
 * The HTTP server of a lab: hands out the files of one folder and takes the
 * guest's report. It is a program of its own, because it has to run inside of
 * the lab's network; its parent reads what it saw from its standard output.
 *
 * Arguments: FOLDER ADDRESS PORT
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type HttpMessage, reportLimit, reportPath } from './messages.ts';

const [folder = '', address = '', port = ''] = process.argv.slice(2);

function tell(message: HttpMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Sends a file, if it is a plain name that is there; answers 404 otherwise. */
async function sendFile(path: string, response: ServerResponse, body: boolean): Promise<number> {
  const name = /^\/([\w+~-][\w.+~-]*)$/.exec(path)?.[1];
  const file = name === undefined ? undefined : join(folder, name);
  const size =
    file === undefined
      ? undefined
      : await stat(file).then(
          (found) => (found.isFile() ? found.size : undefined),
          () => undefined,
        );
  if (file === undefined || size === undefined) {
    response.writeHead(404, { 'Content-Length': 0 }).end();
    return 0;
  }
  // GRUB 2.06 knows this header only in this very spelling, and takes no file without it.
  response.writeHead(200, { 'Content-Length': size });
  if (!body) {
    response.end();
    return 0;
  }
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), response);
  return size;
}

async function takeReport(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > reportLimit) {
      response.writeHead(413, { 'Content-Length': 0 }).end();
      return;
    }
    chunks.push(chunk);
  }
  // Told before it is answered: the guest powers off as soon as it has the answer.
  tell({ type: 'report', body: Buffer.concat(chunks).toString('utf8') });
  response.writeHead(204).end();
}

const server = createServer((request, response) => {
  const method = request.method ?? '';
  const path = (request.url ?? '').split('?')[0] ?? '';
  let bytes = 0;
  const answer = async (): Promise<void> => {
    if (method === 'POST' && path === reportPath) await takeReport(request, response);
    else if (method === 'GET' || method === 'HEAD') {
      bytes = await sendFile(path, response, method === 'GET');
    } else response.writeHead(405, { 'Content-Length': 0 }).end();
  };
  let complete = true;
  answer()
    // The client went away, or the file did: the request is told as incomplete.
    .catch(() => {
      complete = false;
      response.destroy();
    })
    .finally(() =>
      tell({ type: 'request', method, path, status: response.statusCode, bytes, complete }),
    );
});
server.listen(Number(port), address, () => tell({ type: 'listening' }));
