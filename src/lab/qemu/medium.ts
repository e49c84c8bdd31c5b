/** What a machine can have in it that it boots from. */
export const mediumKinds = ['cd', 'usb'] as const;
export type MediumKind = (typeof mediumKinds)[number];

/** A boot medium, in its drive or plugged in. */
export interface Medium {
  readonly kind: MediumKind;
  /** The image on it. */
  readonly image: string;
}

const devices: Readonly<Record<MediumKind, readonly string[]>> = {
  cd: ['-device', 'ide-cd,drive=medium,bootindex=0'],
  usb: ['-device', 'qemu-xhci', '-device', 'usb-storage,drive=medium,bootindex=0'],
};

/** The arguments of QEMU for a medium that the machine boots before anything else. */
export function mediumArguments({ kind, image }: Medium): readonly string[] {
  const media = kind === 'cd' ? ',media=cdrom' : '';
  return [
    '-drive',
    `if=none,id=medium,format=raw,readonly=on${media},file=${image}`,
    ...devices[kind],
  ];
}
