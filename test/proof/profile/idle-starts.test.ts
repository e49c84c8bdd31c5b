import { expect, test } from 'vitest';
import { blacklistOf, idleStarts } from '../../../src/proof/profile/idle-starts.ts';

const context = {
  modules: new Map([
    ['liquidio_init', 'liquidio'],
    ['slow_init', 'slow_card'],
    ['virtio_net_driver_init', 'virtio_net'],
    ['acpi_init', 'bus'],
    ['quick_init', 'quick'],
  ]),
  builtIn: [
    'kernel/drivers/net/ethernet/cavium/liquidio/liquidio.ko',
    'kernel/drivers/net/slow-card.ko',
    'kernel/drivers/net/virtio_net.ko',
    'kernel/drivers/net/quick.ko',
    'kernel/drivers/acpi/bus.ko',
  ],
  used: ['virtio_net'],
};

const call = (name: string, milliseconds: number, module?: string) => ({
  name,
  microseconds: milliseconds * 1000,
  ...(module === undefined ? {} : { module }),
});

test('a network driver that waits without its card is idle, by whatever spelling', () => {
  const calls = [call('liquidio_init', 1013), call('slow_init', 260)];
  expect(idleStarts(calls, context)).toEqual([
    { initcall: 'liquidio_init', driver: 'liquidio', microseconds: 1_013_000 },
    { initcall: 'slow_init', driver: 'slow_card', microseconds: 260_000 },
  ]);
});

test.each([
  ['that of the card which the machine has', call('virtio_net_driver_init', 2000)],
  ['one that only registers', call('quick_init', 140)],
  ['one that is no network driver', call('acpi_init', 2000)],
  ['one whose module is not known', call('init_kprobe_trace', 500)],
  ['one that is not in the image', call('liquidio_init', 1013, 'liquidio')],
])('not idle: %s', (_, one) => {
  expect(idleStarts([one], context)).toEqual([]);
});

test('the card of the machine is known with dashes or underscores', () => {
  const card = { ...context, used: ['slow-card'] };
  expect(idleStarts([call('slow_init', 900)], card)).toEqual([]);
});

test('the kernel is told all of them in one parameter', () => {
  const idle = idleStarts([call('liquidio_init', 1013), call('slow_init', 260)], context);
  expect(blacklistOf(idle)).toEqual({
    name: 'initcall_blacklist',
    value: 'liquidio_init,slow_init',
  });
});
