import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { exampleKernel } from '../example.ts';
import { scratchFolder } from '../scratch.ts';
import { type BootSubject, expectGoodBoot, subjectFromEnvironment } from './boots.ts';

let subject: BootSubject;
beforeAll(async () => {
  subject = subjectFromEnvironment() ?? (await exampleKernel());
});

const timeout = 180_000;

test.each([
  { firmware: 'bios', medium: 'cd', nic: 'virtio' },
  // A card for which there is no UEFI boot ROM at all: what a medium is for.
  { firmware: 'uefi', medium: 'usb', nic: 'i82559er' },
] as const)('the kernel boots from a medium: $firmware, $medium, $nic', { timeout }, async (on) => {
  const folder = scratchFolder();
  const proof = await expectGoodBoot(subject, { ...on, nfs: 3 }, folder);
  expect(proof.machine).toMatchObject({ loader: 'grub', medium: on.medium });
  // Nothing of the boot came over the network, and the medium is gone.
  const logs = await readdir(join(folder, 'logs'));
  expect(logs.filter((name) => name.startsWith('.'))).toEqual([]);
});

test('iPXE boots from a medium and gets the kernel', { timeout }, async () => {
  const on = { firmware: 'bios', medium: 'usb', nic: 'e1000', loader: 'ipxe', nfs: 3 } as const;
  const proof = await expectGoodBoot(subject, on, scratchFolder());
  expect(proof.title).toBe('BIOS, e1000, NFS 3, USB stick (ipxe)');
});
