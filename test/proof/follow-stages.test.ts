import { expect, test } from 'vitest';
import { imagePath } from '../../src/lab/http/messages.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { Observation } from '../../src/lab/observation.ts';
import { followStages } from '../../src/proof/follow-stages.ts';
import { stages } from '../../src/proof/stages.ts';
import { disturbances } from '../../src/proof/trouble.ts';
import { type BootWatch, watchBoot } from '../../src/proof/watch-boot.ts';
import { unwatched } from '../../src/system/progress.ts';

const lab: Lab = {
  switchOn: async () => undefined,
  lookAtSockets: async () => undefined,
  starvation: async () => 0,
  delivered: async () => 0,
  kill: () => undefined,
  setLink: () => undefined,
  restartNfs: async () => undefined,
  close: async () => undefined,
};

const consoleLine = (text: string): Observation => ({ type: 'console', text, at: 1 });

/** Follows what is left of a boot, a hundred times as fast as a real one. */
function follow(watch: BootWatch, disturbance = disturbances['nfs-restart'], inLab = lab) {
  return followStages(
    inLab,
    watch,
    { driver: { names: ['e1000'], builtIn: true }, logs: '/logs', patience: 0.01, disturbance },
    unwatched,
  );
}

/** The guest comes so far before the server is missed. */
const reached = ['bootwright-guest: init', 'bootwright-guest: modules'];

test.concurrent.each([
  [1, 'modules'],
  [2, 'report'],
] as const)('an NFS server that is missed %i stages late is waited for', async (count, stage) => {
  const watch = watchBoot();
  for (const text of reached.slice(0, count)) watch.take(consoleLine(text));
  const usual = (stages.find(({ id }) => id === stage)?.patience ?? 0) * 0.01;
  setTimeout(() => {
    watch.take(consoleLine('bootwright-guest: modules'));
    watch.take({ type: 'report', body: '{}', at: 2 });
    watch.take({ type: 'machine', event: 'shutdown', reason: 'guest-shutdown', at: 3 });
    watch.take({ type: 'ended', program: 'qemu', how: 'status 0', lastLines: [], at: 4 });
  }, usual + 100);
  expect(await follow(watch)).toBeUndefined();
});

test.concurrent('a stage that does not come: how long it was waited for', async () => {
  const watch = watchBoot();
  for (const text of reached) watch.take(consoleLine(text));
  const failure = await follow(watch);
  // (45 s + 63 s) / 100
  expect(failure).toMatchObject({ stage: 'report', what: 'The guest did not report within 1 s.' });
});

test.concurrent('an image that the server has sent, and that still comes down the cable', async () => {
  const watch = watchBoot();
  const image = { method: 'GET', path: imagePath, status: 200, bytes: 6_000_000, complete: true };
  watch.take({ type: 'http', ...image, at: 1 });
  let sent = 0;
  const coming = { ...lab, delivered: async () => (sent += 1_000_000) };
  const usual = (stages.find(({ id }) => id === 'kernel')?.patience ?? 0) * 0.01;
  setTimeout(() => watch.take(consoleLine('Linux version 6.12.117')), usual * 1.3);
  // Whatever is missed afterwards, it is not the kernel.
  const failure = await follow(watch, disturbances['nfs-restart'], coming);
  expect(failure).toMatchObject({ stage: 'link' });
});
