/**
 * Real boots as functions, for whoever has a kernel: the matrix of those that
 * must pass, and the failures that must be noticed and named.
 */
import { cp, open, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { type KernelRelease, kernelReleaseSchema } from '../../src/kernel/target.ts';
import { stagesWithout } from '../../src/proof/medium.ts';
import { chooseModules, moduleName } from '../../src/proof/modules.ts';
import { type ProofOrder, proveKernel } from '../../src/proof/prove-kernel.ts';
import { type Proof, proofSchema } from '../../src/proof/record.ts';
import { stageIds } from '../../src/proof/stages.ts';
import { unwatched } from '../../src/system/progress.ts';

/** A kernel to be booted. */
export interface BootSubject {
  readonly image: string;
  readonly modulesFolder: string;
  readonly kernelRelease: KernelRelease;
  readonly signed: boolean;
  readonly buildMark?: string;
}

/**
 * The kernel that the environment names: BOOTWRIGHT_TEST_KERNEL (image),
 * BOOTWRIGHT_TEST_MODULES (lib/modules/RELEASE), and BOOTWRIGHT_TEST_SIGNED=1 if it signs
 * its modules; with the prefix BOOTWRIGHT_TEST_STOCK the one of the stock config.
 */
export function subjectFromEnvironment(prefix = 'BOOTWRIGHT_TEST'): BootSubject | undefined {
  const image = process.env[`${prefix}_KERNEL`];
  const modulesFolder = process.env[`${prefix}_MODULES`];
  if (image === undefined || modulesFolder === undefined) return undefined;
  return {
    image,
    modulesFolder,
    kernelRelease: kernelReleaseSchema.parse(basename(modulesFolder)),
    signed: process.env[`${prefix}_SIGNED`] === '1',
  };
}

/** On what a kernel is booted, and what goes wrong on purpose. */
export type BootCase = Pick<
  ProofOrder,
  | 'nic'
  | 'firmware'
  | 'loader'
  | 'transport'
  | 'boot'
  | 'nfs'
  | 'root'
  | 'trouble'
  | 'medium'
  | 'rehearsal'
>;

/** The boots that must pass. */
export const goodBoots: readonly (BootCase & { readonly name: string })[] = [
  { name: 'BIOS, virtio, NFS 3', firmware: 'bios', nic: 'virtio', nfs: 3 },
  { name: 'BIOS, virtio, NFS 4', firmware: 'bios', nic: 'virtio', nfs: 4 },
  {
    name: 'BIOS, virtio, NFS 4, overlay',
    firmware: 'bios',
    nic: 'virtio',
    nfs: 4,
    root: 'overlay',
  },
  { name: 'BIOS, virtio, proxyDHCP', firmware: 'bios', nic: 'virtio', boot: 'proxy-dhcp', nfs: 3 },
  { name: 'UEFI, virtio, HTTP Boot', firmware: 'uefi', nic: 'virtio', boot: 'http-boot', nfs: 4 },
  { name: 'BIOS, e1000, NFS 3', firmware: 'bios', nic: 'e1000', nfs: 3 },
  { name: 'BIOS, e1000e, iPXE, NFS 4', firmware: 'bios', nic: 'e1000e', loader: 'ipxe', nfs: 4 },
  { name: 'UEFI, virtio, NFS 3', firmware: 'uefi', nic: 'virtio', nfs: 3 },
  { name: 'UEFI, e1000, GRUB, NFS 4', firmware: 'uefi', nic: 'e1000', loader: 'grub', nfs: 4 },
  {
    name: 'UEFI, vmxnet3, TFTP, NFS 3',
    firmware: 'uefi',
    nic: 'vmxnet3',
    transport: 'tftp',
    nfs: 3,
  },
  // Each by the way that is the default for the card.
  { name: 'BIOS, rtl8139, NFS 3', firmware: 'bios', nic: 'rtl8139', nfs: 3 },
  { name: 'BIOS, ne2k_pci, NFS 3', firmware: 'bios', nic: 'ne2k_pci', nfs: 3 },
  { name: 'BIOS, pcnet, NFS 3', firmware: 'bios', nic: 'pcnet', nfs: 3 },
  { name: 'BIOS, i82559er, NFS 3', firmware: 'bios', nic: 'i82559er', nfs: 3 },
];

/** A boot that must fail, and how. */
export interface BadBoot {
  readonly name: string;
  readonly boot: BootCase;
  /** What is done to the subject before; its files are not to be touched, only copies in the folder. */
  readonly spoil?: (subject: BootSubject, folder: string) => Promise<Partial<BootSubject>>;
  readonly expected: {
    readonly code: 'BW-PROOF-FAILED' | 'BW-PROOF-LAB';
    readonly stage: (typeof stageIds)[number];
    readonly cause: RegExp;
  };
}

const plain = { firmware: 'bios', nic: 'virtio', loader: 'ipxe', nfs: 3 } as const;

/** Copies the module tree, and overwrites a part of the first module that the guest will load. */
async function corruptModule(
  subject: BootSubject,
  folder: string,
  at: (size: number) => number,
): Promise<Partial<BootSubject>> {
  const modulesFolder = join(folder, subject.kernelRelease);
  await cp(subject.modulesFolder, modulesFolder, { recursive: true });
  const dep = await readFile(join(modulesFolder, 'modules.dep'), 'utf8');
  const [name] = chooseModules(dep);
  const path = dep
    .split('\n')
    .map((line) => line.slice(0, line.indexOf(':')))
    .find((line) => moduleName(line) === name);
  if (path === undefined) throw new Error('The tree has no module that can be corrupted.');
  const file = await open(join(modulesFolder, path), 'r+');
  try {
    const { size } = await file.stat();
    await file.write(Buffer.from('bootwright'), 0, 10, at(size));
  } finally {
    await file.close();
  }
  return { modulesFolder };
}

/** The boots that must fail. */
export const badBoots: readonly BadBoot[] = [
  {
    name: 'no DHCP server answers',
    boot: { ...plain, rehearsal: { dhcp: 'silent' } },
    expected: { code: 'BW-PROOF-FAILED', stage: 'dhcp', cause: /DHCP server/ },
  },
  {
    name: 'the image is not on the server',
    boot: { ...plain, rehearsal: { image: 'missing' } },
    expected: { code: 'BW-PROOF-FAILED', stage: 'image', cause: /not put there/ },
  },
  {
    name: 'the image is not on the TFTP server',
    boot: { ...plain, transport: 'tftp', rehearsal: { image: 'missing' } },
    expected: { code: 'BW-PROOF-FAILED', stage: 'image', cause: /not put there/ },
  },
  {
    name: 'the image is cut short',
    boot: { ...plain, firmware: 'uefi' },
    spoil: async ({ image }, folder) => {
      const short = join(folder, 'short-image');
      await writeFile(short, (await readFile(image)).subarray(0, 300));
      return { image: short };
    },
    expected: { code: 'BW-PROOF-FAILED', stage: 'kernel', cause: /no kernel image/ },
  },
  {
    name: 'an NFS server that is not there, NFS 3',
    boot: { ...plain, rehearsal: { nfs: 'absent' } },
    expected: { code: 'BW-PROOF-FAILED', stage: 'nfs-root', cause: /No NFS server listens/ },
  },
  {
    name: 'an NFS server that is not there, NFS 4',
    boot: { ...plain, nfs: 4, rehearsal: { nfs: 'absent' } },
    expected: { code: 'BW-PROOF-FAILED', stage: 'nfs-root', cause: /No NFS server listens/ },
  },
  {
    name: 'a wrong export, NFS 3',
    boot: { ...plain, rehearsal: { nfs: 'wrong-export' } },
    expected: { code: 'BW-PROOF-FAILED', stage: 'nfs-root', cause: /not exported/ },
  },
  {
    name: 'a wrong export, NFS 4',
    boot: { ...plain, nfs: 4, rehearsal: { nfs: 'wrong-export' } },
    expected: { code: 'BW-PROOF-FAILED', stage: 'nfs-root', cause: /not exported/ },
  },
  {
    name: 'DHCP announces a larger MTU than the network has',
    boot: { ...plain, rehearsal: { mtu: 'announced-too-large' } },
    expected: { code: 'BW-PROOF-FAILED', stage: 'init', cause: /MTU/ },
  },
  {
    name: 'a module that is no ELF file any more',
    boot: plain,
    spoil: (subject, folder) => corruptModule(subject, folder, () => 0),
    expected: {
      code: 'BW-PROOF-FAILED',
      stage: 'modules',
      cause: /no valid module|signature is missing/,
    },
  },
  {
    name: 'the NFS server dies after the root was mounted',
    boot: { ...plain, rehearsal: { kill: { program: 'nfs', after: 'nfs-root' } } },
    expected: { code: 'BW-PROOF-LAB', stage: 'init', cause: /killed it/ },
  },
  {
    name: 'dnsmasq dies before the firmware has its address',
    boot: { ...plain, rehearsal: { kill: { program: 'dnsmasq', after: 'firmware' } } },
    expected: { code: 'BW-PROOF-LAB', stage: 'dhcp', cause: /killed it/ },
  },
  {
    name: 'QEMU dies while the kernel starts',
    boot: { ...plain, rehearsal: { kill: { program: 'qemu', after: 'kernel' } } },
    expected: { code: 'BW-PROOF-LAB', stage: 'link', cause: /killed it/ },
  },
];

/** For a kernel that signs: a change that leaves the file a valid module, but for its signature. */
export const badSignatureBoot: BadBoot = {
  name: 'a module that was changed after it was signed',
  boot: plain,
  spoil: (subject, folder) => corruptModule(subject, folder, (size) => Math.floor(size * 0.6)),
  expected: { code: 'BW-PROOF-FAILED', stage: 'modules', cause: /signature/ },
};

/** For the kernel of the stock config. */
export const stockBoot: BadBoot = {
  name: 'the kernel of the stock config',
  boot: { ...plain, nic: 'e1000' },
  expected: {
    code: 'BW-PROOF-FAILED',
    stage: 'link',
    cause: /driver of this card, e1000, is not built in/,
  },
};

/** Boots, and reads the record back. */
async function boot(subject: BootSubject, on: BootCase, folder: string): Promise<Proof> {
  const record = join(folder, 'proof.json');
  const proof = await proveKernel(
    { ...subject, ...on, record, logs: join(folder, 'logs') },
    unwatched,
  );
  expect(proofSchema.parse(JSON.parse(await readFile(record, 'utf8')))).toEqual(proof);
  expect(await readFile(join(folder, 'logs', 'console.log'), 'utf8')).not.toBe('');
  return proof;
}

/** Boots, and checks that every stage was reached in order and every check holds. */
export async function expectGoodBoot(
  subject: BootSubject,
  on: BootCase,
  folder: string,
): Promise<Proof> {
  const proof = await boot(subject, on, folder);
  expect(proof.failure).toBeNull();
  expect(proof.verdict).toBe('passed');
  expect(proof.checks.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
  const without = stagesWithout(on.medium, proof.machine.loader);
  expect(proof.stages.map(({ id }) => id)).toEqual(stageIds.filter((id) => !without.includes(id)));
  const times = proof.stages.map(({ at }) => at);
  expect(times).not.toContain(null);
  expect(times).toEqual([...times].sort((a, b) => (a ?? 0) - (b ?? 0)));
  expect(proof.guest?.release).toBe(subject.kernelRelease);
  return proof;
}

/** Boots, and checks that it fails where and why it should. */
export async function expectBadBoot(
  subject: BootSubject,
  { boot: on, spoil, expected }: BadBoot,
  folder: string,
): Promise<Proof> {
  const spoiled = { ...subject, ...(await spoil?.(subject, folder)) };
  const proof = await boot(spoiled, on, folder);
  expect(proof.verdict).toBe('failed');
  expect(proof.failure).toMatchObject({ code: expected.code, stage: expected.stage });
  expect(proof.failure?.cause).toMatch(expected.cause);
  return proof;
}
