import { expect, test } from 'vitest';
import { describeProfile } from '../../../src/proof/profile/describe.ts';
import type { Profile } from '../../../src/proof/profile/record.ts';

const profile: Profile = {
  schemaVersion: 1,
  time: '2026-11-28T11:30:00.000Z',
  title: 'BIOS, virtio, NFS 3',
  kernelRelease: '6.12.117+deb12-amd64',
  bundle: 'kernel-netboot',
  initAt: 10_240,
  parts: [
    { title: 'firmware and loader', milliseconds: 2310 },
    { title: 'drivers, until it asks for an address', milliseconds: 7930 },
  ],
  initcalls: {
    count: 1243,
    microseconds: 3_910_000,
    longest: [
      { name: 'liquidio_init', microseconds: 1_013_000 },
      { name: 'overlay_init', module: 'overlay', microseconds: 4000 },
    ],
  },
  idle: [{ driver: 'liquidio', initcall: 'liquidio_init', microseconds: 1_013_000 }],
  without: { parameter: 'initcall_blacklist=liquidio_init', initAt: 9180 },
};

test('the way, the longest initcalls, who waits for nothing, and what that costs', () => {
  expect(describeProfile(profile, '/b/proofs/p-profile.json').split('\n')).toEqual([
    'Where the time goes',
    '',
    '     2.3 s  firmware and loader',
    '     7.9 s  drivers, until it asks for an address',
    '',
    '  1243 initcalls, 3.9 s in all; the longest:',
    '',
    '     1.0 s  liquidio_init',
    '     0.0 s  overlay_init [overlay]',
    '',
    '  waiting     liquidio waited 1.0 s (liquidio_init), though this machine has no',
    '              card for it',
    '  to skip it  on machines without such a card, tell the kernel',
    '              initcall_blacklist=liquidio_init',
    '              10.2 s from power-on to init without it, 9.2 s with it, both',
    '              booted here',
    '',
    '  profile     /b/proofs/p-profile.json',
  ]);
});

test('a gain that is within what boots differ by is not promised', () => {
  const text = describeProfile(
    { ...profile, without: { parameter: 'initcall_blacklist=liquidio_init', initAt: 10_100 } },
    'p',
  );
  expect(text.replaceAll(/\s+/g, ' ')).toContain('it takes nothing off that can be told: 10.2 s');
});

test('where nothing waits, that is said', () => {
  const text = describeProfile({ ...profile, idle: [], without: null }, 'p');
  expect(text).toContain('none: no network driver in the image waits');
  expect(text).not.toContain('initcall_blacklist');
});
