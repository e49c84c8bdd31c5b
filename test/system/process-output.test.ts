import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openOutput } from '../../src/system/process-output.ts';

/** Whether a process lives; one that has ended and that nobody has waited for (a zombie) does not. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

async function bytesOf(output: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(output));
}

test('gives the bytes as the program writes them', async () => {
  const { output, ended } = openOutput('printf', ['\\000\\377\\n']);
  expect(await bytesOf(output)).toEqual(Buffer.from([0, 255, 10]));
  await ended;
});

test('gives the program its input', async () => {
  const input = Buffer.alloc(1 << 20, 'abc');
  const { output, ended } = openOutput('cat', [], input);
  expect((await bytesOf(output)).equals(input)).toBe(true);
  await ended;
});

test('is not troubled by a program that leaves its input alone', async () => {
  const { output, ended } = openOutput('true', [], Buffer.alloc(1 << 20));
  expect(await bytesOf(output)).toHaveLength(0);
  await ended;
});

test('a failure carries the last words, and waits to be asked for', async () => {
  const { output, ended } = openOutput('sh', ['-c', 'echo part; echo why >&2; exit 3']);
  expect((await bytesOf(output)).toString()).toBe('part\n');
  await setTimeout(20);
  await expect(ended).rejects.toMatchObject({
    code: 'BW-TOOL-FAILED',
    message: '"sh" ended with exit status 3.',
    occasion: { command: "sh -c 'echo part; echo why >&2; exit 3'", excerpt: ['why'] },
  });
});

test('a program that is not there is named', async () => {
  const { ended } = openOutput('bootwright-no-such-program', []);
  await expect(ended).rejects.toMatchObject({ code: 'BW-TOOL-MISSING' });
});

test('stop ends it with all that it has started', async () => {
  const { output, ended, stop } = openOutput('sh', ['-c', 'sleep 60 & echo $!; wait']);
  const [first] = await Array.fromAsync(
    (async function* () {
      for await (const chunk of output.iterator({ destroyOnReturn: false })) {
        yield String(chunk);
        return;
      }
    })(),
  );
  stop();
  await expect(ended).rejects.toMatchObject({ message: '"sh" ended with signal SIGKILL.' });
  await setTimeout(50);
  expect(isRunning(Number(first))).toBe(false);
});
