import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal, moduleComplaints, sampleModules } from '../../src/proof/sample.ts';

const paths = [
  ...['fs/ext4/ext4', 'fs/xfs/xfs', 'fs/nls/nls_utf8', 'net/sctp/sctp', 'sound/core/snd'],
  ...['drivers/scsi/sd_mod', 'drivers/scsi/sr_mod', 'drivers/md/dm-mod', 'lib/crc7'],
];
const modulesDep = paths.map((path) => `kernel/${path}.ko.xz: kernel/lib/x.ko.xz\n`).join('');

describe('a sample of modules', () => {
  test('is of all subsystems before a second one of any', () => {
    const { names } = sampleModules(modulesDep, 2, 1);
    const subsystems = names.map((name) => {
      const path =
        paths.find((each) => each.endsWith(`/${name.replace('dm_mod', 'dm-mod')}`)) ?? '';
      return path
        .split('/')
        .slice(0, path.startsWith('drivers/') ? 2 : 1)
        .join('/');
    });
    expect(subsystems).toHaveLength(6);
    expect(new Set(subsystems).size).toBe(6);
  });

  test('the seed chooses', () => {
    const of = (seed: number): string => sampleModules(modulesDep, 3, seed).names.join(' ');
    expect(of(1)).toBe(of(1));
    expect(new Set([1, 2, 3, 4].map(of)).size).toBeGreaterThan(1);
  });

  test('nothing comes twice, and all comes in the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(), (count, seed) => {
        const { names } = sampleModules(modulesDep, count, seed);
        expect(new Set(names).size).toBe(names.length);
        expect(names).toHaveLength(Math.min(3 * count, paths.length));
      }),
    );
  });

  test('what is made to test or to break a kernel is left out', () => {
    const names = [
      ...['test_bpf', 'rcutorture', 'locktorture', 'lkdtm', 'tcrypt', 'hwpoison_inject'],
      ...['cfg80211_tests', 'ext4_inode_test', 'drm_kunit_helpers'],
    ];
    const text = names.map((name) => `kernel/lib/${name}.ko:\n`).join('');
    expect(sampleModules(`${text}kernel/fs/latest.ko:\n`, 9, 1).names).toEqual(['latest']);
  });
});

describe('a module that does not load', () => {
  test.each([
    ["modprobe: can't load module sp5100_tco (kernel/x.ko.xz): No such device", true],
    ["modprobe: can't load module kvm_amd (kernel/x.ko.xz): Operation not supported", true],
    ["modprobe: can't load module ptp_vmw (kernel/x.ko.xz): Operation not permitted", true],
    ["modprobe: can't load module a (kernel/a.ko): Key was rejected by service", false],
    ["modprobe: can't load module a (kernel/a.ko): invalid module format", false],
    [
      "modprobe: can't load module a (kernel/a.ko): unknown symbol in module, or unknown parameter",
      false,
    ],
    ['modprobe: module nothing not found in modules.dep', false],
  ])('%s', (output, refused) => {
    expect(isRefusal(output)).toBe(refused);
  });
});

describe("the kernel's complaints of modules", () => {
  test.each([
    '[    9.1] fou: Unknown symbol udp_tunnel_sock_release (err -2)',
    '[    9.1] xfs: disagrees about version of symbol module_layout',
    '[    9.1] a: no symbol version for module_layout',
    "[    9.1] a: version magic '6.1 SMP' should be '6.12 SMP'",
    '[    9.1] failed to validate module [xfs] BTF: -22',
    '[    9.1] BPF: Invalid name_offset: BTF mismatch',
    '[    9.1] missing module BTF, cannot register kfuncs',
    '[    9.1] a: module verification failed: signature and/or required key missing - tainting kernel',
    '[    9.1] Loading of unsigned module is rejected',
    '[    9.1] a: exports duplicate symbol b (owned by kernel)',
    '[    9.1] BUG: kernel NULL pointer dereference, address: 0000000000000008',
    'Oops: 0000 [#1] PREEMPT SMP NOPTI',
  ])('%s', (line) => {
    expect(moduleComplaints([line], false)).toEqual([line]);
  });

  test('what busybox causes with a compressed module is none', () => {
    expect(moduleComplaints(['[ 9.1] Loading of unsigned module is rejected'], true)).toEqual([]);
  });

  test.each([
    '[    0.5] BTF: loaded',
    '[    9.1] xfs: module loaded',
    '[    9.1] Loading iSCSI transport class v2.0-870.',
    '[    9.1] i2c_debug: no bugs here',
  ])('not: %s', (line) => {
    expect(moduleComplaints([line], false)).toEqual([]);
  });
});
