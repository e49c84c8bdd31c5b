import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LabContext, labHome } from '../../src/lab/context.ts';
import { type LabNamespace, openNamespace } from '../../src/lab/namespace.ts';
import { makeNetwork } from '../../src/lab/network.ts';
import type { Sighting } from '../../src/lab/observation.ts';

/** A network of a lab without its machine, to try its servers one by one. */
export interface Inside {
  readonly context: LabContext;
  readonly namespace: LabNamespace;
  readonly seen: readonly Sighting[];
  /** A folder of the lab, as this process reaches it. */
  folder(name: string): Promise<string>;
  /** Runs a client inside, and gives what it printed, or throws. */
  client(command: string, ...args: readonly string[]): Promise<string>;
}

/** Lends a network to a test. */
export async function insideLab(work: (inside: Inside) => Promise<void>): Promise<void> {
  const closing = new AbortController();
  const logs = await mkdtemp(join(tmpdir(), 'lab-test-'));
  const namespace = await openNamespace();
  const seen: Sighting[] = [];
  try {
    await makeNetwork(namespace);
    await work({
      namespace,
      seen,
      context: {
        namespace,
        logs,
        signal: closing.signal,
        sight: (sighting) => void seen.push(sighting),
        start: (program, ...rest) => namespace.start(program, ...rest),
      },
      async folder(name) {
        const folder = namespace.path(`${labHome}/${name}`);
        await mkdir(folder, { recursive: true });
        return folder;
      },
      async client(command, ...args) {
        return (await namespace.run(command, args, { timeout: 20_000 })).stdout;
      },
    });
  } finally {
    closing.abort();
    await namespace.close();
    await rm(logs, { recursive: true });
  }
}

/** Whether a test can make a lab at all. */
export const canLab = process.getuid?.() === 0;
