import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readShorterStart } from '../../src/bundle/profile-record.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const profile = {
  schemaVersion: 1,
  bundle: 'kernel-netboot',
  title: 'BIOS, virtio, NFS 3',
  time: '2026-11-28T11:30:00.000Z',
  initAt: 10_200,
  idle: [{ driver: 'liquidio', initcall: 'liquidio_init', microseconds: 1_013_000 }],
  without: { parameter: 'initcall_blacklist=liquidio_init', initAt: 9100 },
};

function put(name: string, content: unknown): void {
  mkdirSync(join(folder, 'proofs/profile'), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, 'proofs/profile', name), text);
}

const shorter = {
  title: 'BIOS, virtio, NFS 3',
  drivers: ['liquidio'],
  parameter: 'initcall_blacklist=liquidio_init',
  gain: 1013,
};

test('the latest profile that found something counts', async () => {
  put('a.json', profile);
  put('b.json', { ...profile, time: '2026-11-27T11:30:00.000Z', title: 'older' });
  put('c.json', { ...profile, time: '2026-11-29T11:30:00.000Z', idle: [], without: null });
  expect(await readShorterStart(folder, 'kernel-netboot')).toEqual({ shorter, unreadable: [] });
});

test('a boot that was slow for another reason promises no more than was waited', async () => {
  put('a.json', { ...profile, initAt: 16_000, without: { ...profile.without, initAt: 9900 } });
  expect((await readShorterStart(folder, 'kernel-netboot')).shorter?.gain).toBe(1013);
});

test.each([
  ['of another bundle', { ...profile, bundle: 'other' }],
  ['that found nothing', { ...profile, idle: [], without: null }],
  [
    'whose gain is what boots differ by anyway',
    { ...profile, without: { ...profile.without, initAt: 9900 } },
  ],
])('a profile %s says nothing', async (_, content) => {
  put('a.json', content);
  expect(await readShorterStart(folder, 'kernel-netboot')).toEqual({ unreadable: [] });
});

test('a bundle without profiles has none', async () => {
  expect(await readShorterStart(folder, 'kernel-netboot')).toEqual({ unreadable: [] });
});

test.each([
  ['no JSON', '{', /JSON/],
  ['no profile', {}, /bundle/],
  [
    'a parameter that would leave its place',
    { ...profile, without: { initAt: 1, parameter: 'initcall_blacklist=a\u001b[2J init=/bin/sh' } },
    /parameter/,
  ],
  ['a file of many megabytes', ' '.repeat(2 << 20), /./],
])('what cannot be read is said, and the rest is read: %s', async (_, content, problem) => {
  put('a.json', content);
  put('b.json', profile);
  const read = await readShorterStart(folder, 'kernel-netboot');
  expect(read.shorter).toEqual(shorter);
  expect(read.unreadable).toEqual([
    { file: 'proofs/profile/a.json', problem: expect.stringMatching(problem) },
  ]);
});
