import { expect, test } from 'vitest';
import { describeMatrix, renderJunit } from '../../../src/proof/matrix/describe.ts';
import type { Matrix } from '../../../src/proof/matrix/record.ts';

const matrix: Matrix = {
  schemaVersion: 1,
  matrix: 'quick',
  time: '2026-11-22T18:53:49.123Z',
  bundle: 'kernel-1-1.x86_64-netboot-0123456789',
  verdict: 'failed',
  boots: [
    {
      title: 'BIOS, virtio, pxelinux over HTTP, NFS 3',
      verdict: 'passed',
      record: 'proofs/bios-virtio-nfs3.json',
      elapsed: 7040,
      initAt: 5800,
    },
    {
      title: 'UEFI, e1000, grub over HTTP, NFS 3',
      verdict: 'failed',
      record: 'proofs/uefi-e1000-nfs3-grub.json',
      elapsed: 40_000,
      initAt: null,
      reason: 'stage "image": It said <no> & "never"\u0007.',
      console: 'proofs/uefi-e1000-nfs3-grub/console.log',
    },
    {
      title: 'BIOS, pcnet, pxelinux over TFTP, NFS 3',
      verdict: 'skipped',
      elapsed: 0,
      initAt: null,
      reason: 'this kernel has no pcnet32, neither built in nor as a module',
    },
  ],
  elapsed: 41_234,
  jobs: 2,
};

test('a line for each boot, with why', () => {
  expect(describeMatrix(matrix, 'b/matrix.json')).toBe(`\
Matrix "quick" of kernel-1-1.x86_64-netboot-0123456789: failed

  ✓ BIOS, virtio, pxelinux over HTTP, NFS 3  init after 5.8 s
  ✗ UEFI, e1000, grub over HTTP, NFS 3
      stage "image": It said <no> & "never"\u0007.
      console b/proofs/uefi-e1000-nfs3-grub/console.log
  – BIOS, pcnet, pxelinux over TFTP, NFS 3
      this kernel has no pcnet32, neither built in nor as a module

  1 passed, 1 failed, 1 skipped in 41.2 s
  record b/matrix.json`);
});

test('JUnit XML', () => {
  const counts = 'tests="3" failures="1" errors="0" skipped="1" time="41.234"';
  const of = 'classname="kernel-1-1.x86_64-netboot-0123456789"';
  expect(renderJunit(matrix)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="bootwright prove --matrix quick" timestamp="2026-11-22T18:53:49" ${counts}>
    <testcase ${of} name="BIOS, virtio, pxelinux over HTTP, NFS 3" time="7.040"/>
    <testcase ${of} name="UEFI, e1000, grub over HTTP, NFS 3" time="40.000">
      <failure message="stage &quot;image&quot;: It said &lt;no&gt; &amp; &quot;never&quot;?."/>
    </testcase>
    <testcase ${of} name="BIOS, pcnet, pxelinux over TFTP, NFS 3" time="0.000">
      <skipped message="this kernel has no pcnet32, neither built in nor as a module"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});
