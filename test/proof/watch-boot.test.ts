import { describe, expect, test } from 'vitest';
import { watchBoot } from '../../src/proof/watch-boot.ts';

const mac = '52:54:00:77:00:10';

describe.concurrent('watchBoot', () => {
  test('a stage that is over already needs no wait', async () => {
    const watch = watchBoot();
    watch.take({ type: 'dhcp', message: 'discover', mac, at: 5 });
    expect(await watch.waitFor('firmware', 0)).toBe('over');
  });

  test('a host that is busy for ever is not waited for for ever', async () => {
    const started = performance.now();
    let starved = 0;
    expect(
      await watchBoot().waitFor('image', 100, { starvation: async () => (starved += 700) }),
    ).toBe('late');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('a stage that comes while it is waited for', async () => {
    const watch = watchBoot();
    setTimeout(() => watch.take({ type: 'dhcp', message: 'discover', mac, at: 5 }), 20);
    expect(await watch.waitFor('firmware', 5_000)).toBe('over');
  });

  test('a stage that does not come', async () => {
    const watch = watchBoot();
    const started = performance.now();
    expect(await watch.waitFor('firmware', 50)).toBe('late');
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('a sign that there is no hope ends the wait soon, and what else is said is still taken', async () => {
    const watch = watchBoot();
    watch.take({ type: 'console', text: 'No bootable device.', at: 5 });
    setTimeout(() => watch.take({ type: 'console', text: 'more', at: 6 }), 50);
    const started = performance.now();
    expect(await watch.waitFor('firmware', 30_000)).toBe('hopeless');
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(watch.observations).toHaveLength(2);
  });

  test('a server that refused something before the root was mounted all the same', async () => {
    const watch = watchBoot();
    watch.take({ type: 'dhcp', message: 'ack', mac, at: 1 });
    watch.take({
      ...({ type: 'http', method: 'GET', path: '/kernel', status: 200 } as const),
      ...{ bytes: 1, complete: true, at: 2 },
    });
    watch.take({ type: 'dhcp', message: 'ack', mac, at: 3 });
    watch.take({ type: 'nfs', event: 'refused', detail: 'NFS4ERR_NOENT', at: 4 });
    const mounted = '[    3.1] VFS: Mounted root (nfs filesystem) readonly.';
    setTimeout(() => watch.take({ type: 'console', text: mounted, at: 5 }), 20);
    expect(await watch.waitFor('nfs-root', 10_000)).toBe('over');
    expect(await watch.waitFor('init', 2_000)).toBe('late');
  });

  test('a machine that has to wait for the host gets that much more time', async () => {
    const watch = watchBoot();
    let starved = 0;
    const starvation = async (): Promise<number> => starved;
    setTimeout(() => (starved = 700), 20);
    const started = performance.now();
    expect(await watch.waitFor('firmware', 100, { starvation })).toBe('late');
    expect(performance.now() - started).toBeGreaterThan(790);
  });

  test('what still comes, however slowly, is waited for', async () => {
    const started = performance.now();
    const delivered = async (): Promise<number> =>
      20_000 * Math.min(performance.now() - started, 450);
    expect(await watchBoot().waitFor('image', 200, { delivered })).toBe('late');
    expect(performance.now() - started).toBeGreaterThan(450);
  });

  test('a block that is sent again and again is not, nor what comes for ever', async () => {
    const watch = watchBoot();
    let sent = 0;
    const started = performance.now();
    expect(await watch.waitFor('image', 50, { delivered: async () => (sent += 1_400) })).toBe(
      'late',
    );
    expect(await watch.waitFor('image', 30, { delivered: async () => (sent += 1_000_000) })).toBe(
      'late',
    );
    expect(performance.now() - started).toBeGreaterThan(340);
  });

  test('a stage that comes while it is looked whether the host was busy', async () => {
    const watch = watchBoot();
    const starvation = async (): Promise<number> => {
      watch.take({ type: 'dhcp', message: 'discover', mac, at: 5 });
      return 0;
    };
    expect(await watch.waitFor('firmware', 0, { starvation })).toBe('over');
  });

  test('an abort', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    await expect(
      watchBoot().waitFor('firmware', 30_000, { signal: abort.signal }),
    ).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
