import { describe, expect, test } from 'vitest';
import { describeReproduction } from '../../../src/pipeline/reproduce/describe.ts';
import { type Reproduction, reproductionError } from '../../../src/pipeline/reproduce/report.ts';

const same: Reproduction = {
  schema: 'bootwright/reproduction',
  version: 1,
  bundle: 'kernel-1-netboot-0123456789',
  verdict: 'same',
  original: { path: '/a/k.tar.zst', sha256: 'aa'.repeat(32) },
  rebuilt: { path: '/b/k.tar.zst', sha256: 'aa'.repeat(32) },
  signedWith: "the bundle's signatures",
  build: { folder: '/b', jobs: 3, ccache: false, umask: '0002', user: 'builder', home: '/b/home' },
  otherTools: [],
  differences: [],
  diffoscope: [],
};

const different: Reproduction = {
  ...same,
  verdict: 'different',
  rebuilt: { path: '/b/k.tar.zst', sha256: 'bb'.repeat(32) },
  otherTools: [{ name: 'compiler', original: 'gcc 12', here: 'gcc 13' }],
  differences: [
    {
      path: 'boot/vmlinuz-1',
      kind: 'changed',
      places: [{ where: 'vmlinux, section .text', original: '00 at 0x1', rebuilt: '01 at 0x1' }],
      placesInAll: 3,
    },
    { path: 'lib/modules/1/a.ko', kind: 'only in the original', places: [], placesInAll: 0 },
  ],
  diffoscope: [{ path: 'boot/vmlinuz-1', output: '/b/differences/vmlinuz.txt' }],
  kept: '/b',
};

describe('what a person is told', () => {
  test('of a bundle that is the same', () => {
    const text = describeReproduction(same);
    expect(text).toContain('reproduced, byte for byte');
    expect(text).toContain('without ccache');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('the key is not here');
    expect(reproductionError(same)).toBeUndefined();
  });

  test('of one that is not', () => {
    const text = describeReproduction(different);
    expect(text).toContain('NOT reproduced');
    expect(text).toContain('    vmlinux, section .text\n      original  00 at 0x1\n');
    expect(text).toContain('and in 2 more places');
    expect(text).toContain('lib/modules/1/a.ko: only in the original');
    expect(text).toContain('"gcc 12", here "gcc 13"');
    expect(text).toContain('/b/differences/vmlinuz.txt');
    const error = reproductionError(different);
    expect(error?.code).toBe('BW-REPRODUCE-DIFFERS');
    expect(error?.exitStatus).toBe(6);
    expect(error?.message).toBe(
      'boot/vmlinuz-1 came out otherwise (vmlinux, section .text), and 1 more of its files differ.',
    );
    expect(error?.hint).toContain('/b');
  });

  test('of one whose archive alone is packed otherwise, and of one with another manifest', () => {
    const packed = { ...different, differences: [], diffoscope: [] };
    expect(describeReproduction(packed)).toContain('The archive was packed by another');
    expect(reproductionError(packed)?.message).toContain('All files');
    const [place] = different.differences[0]?.places ?? [];
    const manifest = {
      path: 'manifest.json',
      kind: 'changed',
      places: place === undefined ? [] : [place],
      placesInAll: 1,
    } as const;
    expect(describeReproduction({ ...different, differences: [manifest] })).toContain(
      'All other files are the same',
    );
  });
});
