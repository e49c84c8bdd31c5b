/** Firmwares of the emulated machine. */
export const firmwareNames = ['bios', 'uefi'] as const;
export type FirmwareName = (typeof firmwareNames)[number];

/** A network card that the lab can boot from. */
export interface Card {
  /** QEMU's name of the device. */
  readonly device: string;
  /** Names of the kernel drivers that may bind to it, as /sys shows them. */
  readonly drivers: readonly string[];
  /** Firmwares for which there is a boot ROM. */
  readonly firmwares: readonly FirmwareName[];
  /**
   * Whether the UEFI firmware has a driver of its own. Then it boots without the card's ROM, which
   * is iPXE already: the way of a real machine, from the firmware's PXE to the loader by TFTP.
   */
  readonly uefiDriver?: true;
}

/** The cards by the names that a person gives. */
export const cards = {
  virtio: {
    device: 'virtio-net-pci',
    drivers: ['virtio_net'],
    firmwares: ['bios', 'uefi'],
    uefiDriver: true,
  },
  e1000: { device: 'e1000', drivers: ['e1000'], firmwares: ['bios', 'uefi'] },
  e1000e: { device: 'e1000e', drivers: ['e1000e'], firmwares: ['bios', 'uefi'] },
  pcnet: { device: 'pcnet', drivers: ['pcnet32'], firmwares: ['bios', 'uefi'] },
  vmxnet3: { device: 'vmxnet3', drivers: ['vmxnet3'], firmwares: ['bios', 'uefi'] },
  rtl8139: { device: 'rtl8139', drivers: ['8139cp', '8139too'], firmwares: ['bios', 'uefi'] },
  i82559er: { device: 'i82559er', drivers: ['e100'], firmwares: ['bios'] },
  ne2k_pci: { device: 'ne2k_pci', drivers: ['ne2k-pci'], firmwares: ['bios', 'uefi'] },
} as const satisfies Record<string, Card>;

/** The name of a card of {@link cards}. */
export type CardName = keyof typeof cards;

/** All names of {@link cards}. */
export const cardNames = Object.keys(cards) as readonly CardName[];
