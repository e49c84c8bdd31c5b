import { expect, test } from 'vitest';
import { kernelReleaseSchema } from '../../src/kernel/target.ts';
import type { Failure } from '../../src/proof/failure.ts';
import { explainMediumFailure, mediumLoader, stagesWithout } from '../../src/proof/medium.ts';
import { proveKernel } from '../../src/proof/prove-kernel.ts';
import { unwatched } from '../../src/system/progress.ts';

test('a medium has GRUB, with the kernel beside it, and iPXE', () => {
  expect(mediumLoader()).toBe('grub');
  expect(mediumLoader('ipxe')).toBe('ipxe');
  expect(() => mediumLoader('pxelinux')).toThrow(
    expect.objectContaining({ code: 'BW-PROOF-COMBINATION' }),
  );
});

test('a machine boots from a medium or over the network, not both', async () => {
  const order = {
    image: '/none',
    modulesFolder: '/none',
    kernelRelease: kernelReleaseSchema.parse('6.12.0'),
    signed: false,
    nic: 'virtio',
    firmware: 'uefi',
    nfs: 3,
    medium: 'cd',
    record: '/none/proof.json',
    logs: '/none/logs',
  } as const;
  await expect(proveKernel({ ...order, boot: 'http-boot' }, unwatched)).rejects.toMatchObject({
    code: 'BW-PROOF-COMBINATION',
    message: 'A machine boots from a medium or by HTTP Boot, not both.',
  });
  await expect(proveKernel({ ...order, loader: 'pxelinux' }, unwatched)).rejects.toMatchObject({
    code: 'BW-PROOF-COMBINATION',
  });
});

test('what comes over the network before the kernel comes only where it is not on the medium', () => {
  expect(stagesWithout('cd', 'grub')).toEqual(['firmware', 'dhcp', 'loader']);
  expect(stagesWithout('usb', 'ipxe')).toEqual([]);
  expect(stagesWithout(undefined, 'grub')).toEqual([]);
});

const failure: Failure = {
  code: 'BW-PROOF-FAILED',
  stage: 'image',
  what: 'The boot loader did not load the kernel image.',
  cause: 'The loader cannot reach the server.',
  hint: 'See http.log.',
  evidence: ['No bootable device.'],
};

test('a boot that did not get to the kernel is told as what it was', () => {
  expect(explainMediumFailure(failure)).toEqual({
    code: 'BW-PROOF-FAILED',
    stage: 'image',
    what: 'The kernel did not start from the medium.',
    cause:
      'The firmware did not boot from the medium, GRUB did not find the kernel on it, or the kernel has no console on the serial port.',
    hint: 'See the end of console.log: it tells how far GRUB came. Try the other medium (--medium cd, --medium usb).',
    evidence: ['No bootable device.'],
  });
});

test.each([
  { ...failure, stage: 'nfs-root' },
  { ...failure, code: 'BW-PROOF-LAB' },
] as const)('what comes later, or is the lab, stays as it is ($stage, $code)', (other) => {
  expect(explainMediumFailure(other)).toBe(other);
});
