import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { proveKernel } from '../../src/proof/prove-kernel.ts';
import { type ProgressEvent, unwatched, watch } from '../../src/system/progress.ts';
import { exampleKernel, exampleStock } from '../example.ts';
import {
  type BootSubject,
  badBoots,
  badSignatureBoot,
  expectBadBoot,
  expectGoodBoot,
  goodBoots,
  stockBoot,
  subjectFromEnvironment,
} from './boots.ts';

/** The kernels to boot: those that the environment names, else those of the example. */
let subject: BootSubject;
let stock: BootSubject;
beforeAll(async () => {
  subject = subjectFromEnvironment() ?? (await exampleKernel());
  stock = subjectFromEnvironment('BOOTWRIGHT_TEST_STOCK') ?? (await exampleStock()).kernel;
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boot-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a netboot kernel', { timeout: 600_000 }, () => {
  test.each(goodBoots)('$name', async (on) => {
    await expectGoodBoot(subject, on, folder);
  });

  test('several at once', async () => {
    await Promise.all(
      goodBoots
        .slice(0, 3)
        .map((on, index) => expectGoodBoot(subject, on, join(folder, String(index)))),
    );
  });

  test.each(badBoots)('failure: $name', async (bad) => {
    await expectBadBoot(subject, bad, folder);
  });

  test(`failure: ${badSignatureBoot.name}`, async ({ skip }) => {
    if (!subject.signed) skip();
    await expectBadBoot(subject, badSignatureBoot, folder);
  });

  test('every stage is a step, and Ctrl-C ends it at once without a record', async () => {
    const abort = new AbortController();
    const events: ProgressEvent[] = [];
    const step = watch((event) => {
      events.push(event);
      if (event.type === 'step-start' && event.title === 'Kernel starts') abort.abort();
    });
    const record = join(folder, 'proof.json');
    const started = performance.now();
    await expect(
      proveKernel(
        {
          ...subject,
          ...{ nic: 'virtio', firmware: 'bios', nfs: 4, signal: abort.signal },
          ...{ record, logs: join(folder, 'logs') },
        },
        step,
      ),
    ).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(events.filter(({ type }) => type === 'step-start')).toHaveLength(6);
    expect(events.at(-1)).toMatchObject({ type: 'step-end', outcome: 'failed' });
  });
});

describe('the stock kernel', { timeout: 600_000 }, () => {
  test(stockBoot.name, async () => {
    await expectBadBoot(stock, stockBoot, folder);
  });
});

describe('what cannot even start', () => {
  const order = {
    ...{ image: '/nowhere/vmlinuz', modulesFolder: '/nowhere', kernelRelease: '1.2.3' },
    ...{ signed: false, nic: 'virtio', firmware: 'bios', nfs: 3 },
    ...{ record: '/nowhere/proof.json', logs: '/nowhere/logs' },
  } as unknown as Parameters<typeof proveKernel>[0];

  test('no module tree', async () => {
    await expect(proveKernel(order, unwatched)).rejects.toMatchObject({
      code: 'BW-PROOF-INPUT',
      message: expect.stringContaining('modules.dep'),
    });
  });

  test('a card that has no ROM for this firmware', async () => {
    await expect(
      proveKernel({ ...order, nic: 'i82559er', firmware: 'uefi' }, unwatched),
    ).rejects.toMatchObject({ code: 'BW-PROOF-COMBINATION' });
  });
});
