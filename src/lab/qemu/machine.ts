import type { BootMethod } from '../boot/method.ts';
import { labNetwork } from '../network.ts';
import { type Card, type CardName, cards, type FirmwareName } from './cards.ts';
import { type Medium, mediumArguments } from './medium.ts';

/** How QEMU runs the guest's processor. */
export type Accelerator = 'tcg' | 'kvm';

/** A machine to be booted from the network. */
export interface Machine {
  readonly card: CardName;
  /** Whether there is another card of the same kind, first on the bus, with a cable that leads nowhere. */
  readonly secondCard?: boolean;
  readonly firmware: FirmwareName;
  /** How it comes to its loader. A machine that is set to HTTP Boot does not try PXE before. */
  readonly method?: BootMethod;
  readonly accelerator: Accelerator;
  /** Megabytes. */
  readonly memory: number;
  /** Path of the socket of the QEMU Machine Protocol. */
  readonly monitor: string;
  /** The machine's UUID, as DMI shows it. */
  readonly uuid: string;
  /** Whether the firmware starts nothing but what is signed by a key that it knows. */
  readonly secureBoot?: boolean;
  /** UEFI's code, and this machine's own copy of its variables. */
  readonly uefi?: { readonly code: string; readonly variables: string };
  /** What it boots from instead of the network: its card has no boot ROM then. */
  readonly medium?: Medium;
}

/** QEMU's name for the end of the cable that leads to the lab. */
export const labNetdev = 'net0';

/**
 * The arguments of qemu-system-x86_64 (qemu(1)). The serial port is QEMU's
 * standard output; with `-nographic` the BIOS and its ROMs write there too.
 */
export function machineArguments(machine: Machine): readonly string[] {
  const { card, secondCard, firmware, method, accelerator, memory, monitor, uuid, medium } =
    machine;
  const { uefi, secureBoot } = machine;
  const board = firmware === 'bios' ? 'pc' : `q35${secureBoot ? ',smm=on' : ''}`;
  const drive = (file: string, unit: number, readOnly: boolean): string =>
    `if=pflash,format=raw,unit=${unit},readonly=${readOnly ? 'on' : 'off'},file=${file}`;
  return [
    ...['-name', 'bootwright-proof', '-nodefaults', '-nographic', '-no-user-config'],
    ...['-accel', accelerator, '-M', board, '-m', String(memory)],
    ...['-uuid', uuid],
    ...['-serial', 'stdio', '-qmp', `unix:${monitor},server=on,wait=off`],
    // A panic reboots, and a reboot is the end.
    '-no-reboot',
    ...(uefi === undefined
      ? []
      : ['-drive', drive(uefi.code, 0, true), '-drive', drive(uefi.variables, 1, false)]),
    // The firmware changes its variables in system management mode, nobody else does (OvmfPkg/README).
    ...(secureBoot ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
    // Read by OVMF (OvmfPkg/README).
    ...(method === 'http-boot' ? noPxe : []),
    // The order of the cards on the bus is that of their arguments.
    ...(secondCard ? plug(cards[card], nowhere, ',romfile=') : []),
    ...plug(
      cards[card],
      lab,
      medium === undefined ? `,bootindex=1${romOf(card, firmware)}` : ',romfile=',
    ),
    ...(medium === undefined ? [] : mediumArguments(medium)),
  ];
}

const noPxe: readonly string[] = ['4', '6'].flatMap((version) => [
  '-fw_cfg',
  `name=opt/org.tianocore/IPv${version}PXESupport,string=no`,
]);

interface Socket {
  readonly netdev: string;
  readonly tap: string;
  readonly mac: string;
}

const lab: Socket = { netdev: labNetdev, tap: labNetwork.tap, mac: labNetwork.mac };
const nowhere: Socket = { netdev: 'net1', tap: labNetwork.looseTap, mac: labNetwork.looseMac };

function plug({ device }: Card, { netdev, tap, mac }: Socket, properties: string): string[] {
  return [
    ...['-netdev', `tap,id=${netdev},ifname=${tap},script=no,downscript=no`],
    ...['-device', `${device},netdev=${netdev},mac=${mac}${properties}`],
  ];
}

function romOf(name: CardName, firmware: FirmwareName): string {
  const card: Card = cards[name];
  return firmware === 'uefi' && card.uefiDriver === true ? ',romfile=' : '';
}
