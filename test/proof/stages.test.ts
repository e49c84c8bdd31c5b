import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../src/lab/observation.ts';
import { advance, type StageTimes, stageIds, stageUnderWay } from '../../src/proof/stages.ts';

const mac = '52:54:00:77:00:10';

/** A whole boot, one observation for each stage. */
const boot: readonly Observation[] = [
  { type: 'console', text: 'SeaBIOS (version 1.16.2)', at: 10 },
  { type: 'dhcp', message: 'discover', mac, at: 20 },
  { type: 'dhcp', message: 'offer', mac, at: 21 },
  { type: 'dhcp', message: 'ack', mac, at: 30 },
  { type: 'tftp', file: 'lpxelinux.0', outcome: 'sent', at: 40 },
  {
    type: 'http',
    method: 'GET',
    path: '/kernel',
    status: 200,
    bytes: 9,
    complete: true,
    at: 50,
  },
  { type: 'console', text: '[    0.000000] Linux version 6.12.1 (a@b)', at: 60 },
  { type: 'dhcp', message: 'discover', mac, at: 70 },
  { type: 'dhcp', message: 'ack', mac, at: 80 },
  { type: 'console', text: '[    2.1] VFS: Mounted root (nfs filesystem) readonly.', at: 90 },
  { type: 'console', text: 'bootwright-guest: init', at: 100 },
  { type: 'console', text: 'bootwright-guest: modules', at: 110 },
  { type: 'report', body: '{}', at: 120 },
  { type: 'machine', event: 'shutdown', reason: 'guest-shutdown', at: 130 },
];

describe('advance', () => {
  test('a whole boot passes every stage, in order', () => {
    const times = boot.reduce<StageTimes>(advance, {});
    expect(times).toEqual({
      firmware: 20,
      dhcp: 30,
      loader: 40,
      image: 50,
      kernel: 60,
      link: 70,
      'kernel-dhcp': 80,
      'nfs-root': 90,
      init: 100,
      modules: 110,
      report: 120,
      off: 130,
    });
    expect(stageUnderWay(times)).toBeUndefined();
  });

  test('stages of which nothing was seen count as over with the next one', () => {
    const silent = boot.filter(({ type }) => type !== 'console');
    expect(silent.reduce<StageTimes>(advance, {})).toMatchObject({
      kernel: 70,
      link: 70,
      'nfs-root': 120,
      init: 120,
      modules: 120,
      report: 120,
    });
  });

  test.each<Observation>([
    { type: 'machine', event: 'shutdown', reason: 'guest-shutdown', at: 99 },
    { type: 'machine', event: 'shutdown', reason: 'guest-reset', at: 99 },
    { type: 'http', method: 'GET', path: '/kernel', status: 404, bytes: 0, complete: true, at: 9 },
    { type: 'http', method: 'GET', path: '/kernel', status: 200, bytes: 5, complete: false, at: 9 },
    { type: 'tftp', file: 'lpxelinux.0', outcome: 'missing', at: 9 },
    { type: 'console', text: 'a program that says: bootwright-guest: init', at: 9 },
  ])('nothing is reached by %o', (observation) => {
    expect(advance({}, observation)).toEqual({});
  });

  test('times never go back, and no stage is over before those in front of it', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...boot], { minLength: 1 }), (shuffled) => {
        let times: StageTimes = {};
        for (const [index, observation] of shuffled.entries()) {
          const next = advance(times, { ...observation, at: index });
          for (const id of stageIds) {
            if (times[id] !== undefined) expect(next[id]).toBe(times[id]);
          }
          times = next;
        }
        const reached = stageIds.map((id) => times[id]);
        const open = reached.indexOf(undefined);
        if (open !== -1) expect(reached.slice(open).every((at) => at === undefined)).toBe(true);
        const sorted = reached.filter((at) => at !== undefined);
        expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
      }),
    );
  });
});

test('init of an initramfs tells how far it is, with DHCP or without', () => {
  const says = (text: string, at: number): Observation => ({ type: 'console', text, at });
  const told = [
    ...boot.slice(0, 7),
    says('bootwright-init: link: eth0', 70),
    says('bootwright-init: address: eth0 10.77.0.10, as ip= says', 80),
    says('bootwright-init: root-mounted: 10.77.0.1:/srv is mounted (ro)', 90),
  ].reduce<StageTimes>(advance, {});
  expect(told).toMatchObject({ kernel: 60, link: 70, 'kernel-dhcp': 80, 'nfs-root': 90 });
  expect(stageUnderWay(told)).toBe('init');
});
