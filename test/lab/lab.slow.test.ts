import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LabOptions, openLab } from '../../src/lab/lab.ts';
import type { Observation } from '../../src/lab/observation.ts';
import { canLab } from './inside.ts';

/** The processes that live in other networks than this one, by network. */
function foreignProcesses(): readonly { readonly pid: string; readonly network: string }[] {
  const own = readlinkSync('/proc/self/ns/net');
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const network = readlinkSync(`/proc/${pid}/ns/net`);
      return network === own ? [] : [{ pid, network }];
    } catch {
      return [];
    }
  });
}

/** The networks that the descendants of a process live in. */
function networksUnder(parent: number): ReadonlySet<string> {
  const parentOf = new Map<string, string>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parentOf.set(pid, stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '');
    } catch {
      // Gone meanwhile.
    }
  }
  const isUnder = (pid: string | undefined): boolean =>
    pid !== undefined && (pid === String(parent) || isUnder(parentOf.get(pid)));
  return new Set(
    foreignProcesses()
      .filter(({ pid }) => isUnder(pid))
      .map(({ network }) => network),
  );
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-test-'));
  await writeFile(join(folder, 'junk'), 'no kernel\n'.repeat(5_000));
});
afterAll(() => rm(folder, { recursive: true }));

function options(
  of: Pick<LabOptions, 'firmware' | 'loader'> & Partial<LabOptions>,
  seen: Observation[],
): LabOptions {
  return {
    card: 'virtio',
    transport: 'http',
    nfsVersion: 4,
    image: join(folder, 'junk'),
    commandLine: 'root=/dev/nfs',
    memory: 512,
    accelerator: 'tcg',
    logs: join(folder, `${of.firmware}-${of.loader}`),
    fillRoot: async () => undefined,
    onObservation: (observation) => void seen.push(observation),
    ...of,
  };
}

/** Waits for an image to be fetched whole. */
async function imageFetched(seen: readonly Observation[]): Promise<void> {
  await expect
    .poll(() => seen, { timeout: 200_000, interval: 100 })
    .toContainEqual(
      expect.objectContaining({ type: 'http', path: '/kernel', status: 200, complete: true }),
    );
}

describe.skipIf(!canLab)('a lab', { timeout: 240_000 }, () => {
  test.each([
    ['bios', 'pxelinux', 'lpxelinux.0'],
    ['bios', 'ipxe', undefined],
    ['uefi', 'ipxe', 'snponly.efi'],
    ['uefi', 'grub', 'grubnetx64.efi'],
  ] as const)('%s through %s gets as far as the image', async (firmware, loader, byTftp) => {
    const seen: Observation[] = [];
    const lab = await openLab(options({ firmware, loader }, seen));
    try {
      await lab.switchOn();
      await imageFetched(seen);
    } finally {
      await lab.close();
    }
    const sent = seen.flatMap((o) => (o.type === 'tftp' && o.outcome === 'sent' ? [o.file] : []));
    expect(sent[0]).toBe(byTftp);
    expect(seen.filter(({ type }) => type === 'ended')).toEqual([]);
  });

  test('labs side by side do not meet', async () => {
    const runs = [0, 1, 2].map(async (index) => {
      const seen: Observation[] = [];
      const lab = await openLab(
        options({ firmware: 'bios', loader: 'ipxe', logs: join(folder, `side-${index}`) }, seen),
      );
      try {
        await lab.switchOn();
        await imageFetched(seen);
      } finally {
        await lab.close();
      }
      // One machine asked, and asked once.
      expect(seen.filter((o) => o.type === 'dhcp' && o.message === 'ack')).toHaveLength(1);
    });
    await Promise.all(runs);
  });

  test('a program that dies is reported, and the rest can still be taken apart', async () => {
    const seen: Observation[] = [];
    const lab = await openLab(options({ firmware: 'bios', loader: 'ipxe' }, seen));
    try {
      await lab.switchOn();
      lab.kill('dnsmasq');
      await expect
        .poll(() => seen)
        .toContainEqual(
          expect.objectContaining({ type: 'ended', program: 'dnsmasq', how: 'signal SIGKILL' }),
        );
      lab.kill('qemu');
      await expect
        .poll(() => seen)
        .toContainEqual(expect.objectContaining({ type: 'ended', program: 'qemu' }));
    } finally {
      await lab.close();
    }
  });

  test('an abort while it is made leaves nothing', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 120);
    const before = foreignProcesses().length;
    await expect(
      openLab(options({ firmware: 'uefi', loader: 'ipxe', signal: abort.signal }, [])),
    ).rejects.toThrow();
    await expect
      .poll(() => foreignProcesses().length, { timeout: 5_000 })
      .toBeLessThanOrEqual(before);
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'no process of it outlives its maker killed by %s',
    async (signal) => {
      const maker = spawn(
        process.execPath,
        [fileURLToPath(new URL('hold.ts', import.meta.url)), join(folder, signal)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      await once(maker.stdout, 'data');
      const networks = networksUnder(maker.pid ?? 0);
      expect(networks.size).toBe(1);
      maker.kill(signal);
      await once(maker, 'exit');
      await expect
        .poll(() => foreignProcesses().filter(({ network }) => networks.has(network)), {
          timeout: 10_000,
        })
        .toEqual([]);
    },
  );
});
