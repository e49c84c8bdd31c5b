import type { TransportName } from '../../lab/boot/loaders.ts';
import { bootMethodTitles } from '../../lab/boot/method.ts';
import { defaultBootPath, loadersOf } from '../../lab/boot/place.ts';
import { type CardName, cardNames, cards, type FirmwareName } from '../../lab/qemu/cards.ts';
import type { BundleProofOptions } from '../prove-bundle.ts';
import { troubleNames, troubleTitles } from '../trouble.ts';

/** A machine of a matrix, and the way that it boots. */
export type MatrixMachine = Pick<
  BundleProofOptions,
  'nic' | 'firmware' | 'loader' | 'transport' | 'boot' | 'nfs' | 'root' | 'trouble'
>;

/** The matrices that a person can ask for. */
export const matrixNames = ['quick', 'full'] as const;
export type MatrixName = (typeof matrixNames)[number];

/** One of everything that usually goes wrong by itself: firmware, loader, transport, NFS, link. */
const quick: readonly MatrixMachine[] = [
  { firmware: 'bios', nic: 'virtio', nfs: 3 },
  { firmware: 'bios', nic: 'e1000', loader: 'pxelinux', transport: 'tftp', nfs: 4 },
  { firmware: 'bios', nic: 'e1000e', loader: 'ipxe', nfs: 3 },
  { firmware: 'bios', nic: 'vmxnet3', loader: 'ipxe', transport: 'tftp', nfs: 4 },
  { firmware: 'uefi', nic: 'virtio', nfs: 4 },
  { firmware: 'uefi', nic: 'e1000', loader: 'grub', nfs: 3 },
  { firmware: 'bios', nic: 'virtio', nfs: 3, trouble: 'second-card' },
  { firmware: 'bios', nic: 'virtio', nfs: 4, trouble: 'nfs-restart' },
];

/** Cards on which all loaders and transports are tried; on the others the way that suits them is. */
const cardsForAllPaths: readonly CardName[] = ['virtio', 'e1000'];

const transports: readonly TransportName[] = ['http', 'tftp'];

function otherPaths(nic: CardName, firmware: FirmwareName): MatrixMachine[] {
  const usual = defaultBootPath(nic, firmware);
  // With shim goes Secure Boot, which takes no kernel but the distro's own.
  const loaders = loadersOf[firmware].filter((loader) => loader !== 'shim');
  return loaders.flatMap((loader) =>
    transports
      .filter((transport) => loader !== usual.loader || transport !== usual.transport)
      .map((transport) => ({ firmware, nic, loader, transport, nfs: 3 as const })),
  );
}

/** Everything that can come in the way, by both versions of NFS. */
const inTrouble: readonly MatrixMachine[] = troubleNames.flatMap((trouble) =>
  ([3, 4] as const).map((nfs) => ({ firmware: 'bios', nic: 'virtio', nfs, trouble })),
);

/**
 * Every card on every firmware for which it has a ROM, by both versions of NFS, all ways to boot, and
 * all that can come in the way.
 */
function full(): readonly MatrixMachine[] {
  const undisturbed = cardNames.flatMap((nic) =>
    cards[nic].firmwares.flatMap((firmware): MatrixMachine[] => [
      { firmware, nic, nfs: 3 },
      { firmware, nic, nfs: 4 },
      ...(cardsForAllPaths.includes(nic) ? otherPaths(nic, firmware) : []),
    ]),
  );
  return [
    ...undisturbed,
    ...inTrouble,
    // TFTP has no way to learn what the network carries.
    { firmware: 'uefi', nic: 'virtio', transport: 'tftp', nfs: 3, trouble: 'small-mtu' },
    { firmware: 'bios', nic: 'virtio', nfs: 3, boot: 'proxy-dhcp' },
    { firmware: 'bios', nic: 'e1000', loader: 'ipxe', nfs: 4, boot: 'proxy-dhcp' },
    { firmware: 'uefi', nic: 'virtio', nfs: 3, boot: 'proxy-dhcp' },
    { firmware: 'uefi', nic: 'virtio', nfs: 3, boot: 'http-boot' },
    { firmware: 'bios', nic: 'virtio', nfs: 3, root: 'overlay' },
    { firmware: 'uefi', nic: 'virtio', nfs: 4, root: 'overlay' },
  ];
}

/** The machines of a matrix, in the order in which they are told. */
export function machinesOf(name: MatrixName): readonly MatrixMachine[] {
  return name === 'quick' ? quick : full();
}

/** A machine in a few words, such as `UEFI, e1000, grub over HTTP, NFS 3`. */
export function describeMachine({
  nic,
  firmware,
  boot,
  nfs,
  root,
  trouble,
  ...asked
}: MatrixMachine): string {
  const { loader, transport } = defaultBootPath(nic, firmware, {
    ...(asked.loader === undefined ? {} : { loader: asked.loader }),
    ...(asked.transport === undefined ? {} : { transport: asked.transport }),
  });
  return [
    ...[firmware.toUpperCase(), nic, `${loader} over ${transport.toUpperCase()}`, `NFS ${nfs}`],
    ...(boot === undefined || boot === 'pxe' ? [] : [bootMethodTitles[boot]]),
    ...(root === 'overlay' ? ['overlay over the root'] : []),
    ...(trouble === undefined ? [] : [troubleTitles[trouble]]),
  ].join(', ');
}
