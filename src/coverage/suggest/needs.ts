import {
  type HardwareReport,
  isInNetworkMenu,
  networkModalias,
  type SystemName,
} from '../../hardware/index.ts';
import { type FleetBus, fleetBuses } from '../../kernel/configure/fleet/fleet.ts';
import { type CoveredDevice, type Evidence, machineAssessor } from '../assess-machine.ts';
import { changeOf } from '../driver-state.ts';
import type { NetbootDrivers } from '../netboot-drivers.ts';
import type { StockIndex } from '../stock-index.ts';

/** A machine of a fleet, as somebody described it. */
export interface FleetMachine {
  readonly name: string;
  readonly hardware: HardwareReport;
}

/** A network card, as far as a person has to be told of it. */
export interface CardName {
  /** Where it sits: `3b:00.0`. */
  readonly address: string;
  /** `8086:1572`; empty if it was not told. */
  readonly id: string;
  readonly text: string;
}

/** A card that a kernel can boot over, and what has to be in its image for that. */
export interface CardNeed extends CardName {
  /** Modules: all that may be the one that drives it, and what these need beside them. */
  readonly drivers: readonly string[];
  readonly bus: FleetBus | undefined;
  /** By what the drivers are known to be its drivers, as a sentence's end. */
  readonly evidence: string;
  /** Whether it is certain that one of them drives it. */
  readonly isSure: boolean;
}

/** A card that no kernel of this source boots over, or not by what is known. */
export interface CardLeftOut extends CardName {
  readonly why: string;
  /** It may be one that could be served: that is not known. */
  readonly isOpen: boolean;
}

/** What a machine needs to boot from the network, card by card. */
export interface MachineNeeds {
  readonly name: string;
  readonly system: SystemName | undefined;
  readonly cards: readonly CardNeed[];
  readonly leftOut: readonly CardLeftOut[];
}

/**
 * Drivers that claim a card, but leave its network device to another module, for which they ask
 * modprobe once they run: mlx4_request_modules() in drivers/net/ethernet/mellanox/mlx4/main.c.
 */
const companions: Readonly<Record<string, readonly string[]>> = { mlx4_core: ['mlx4_en'] };

/**
 * Buses that network cards sit on. What network drivers claim on others is a part of a card (mdio,
 * auxiliary), or a link that is not there at power-on (Thunderbolt, FireWire, PCMCIA).
 */
const cardBuses = new Set([
  'pci',
  'usb',
  'virtio',
  'vmbus',
  'xen',
  'acpi',
  'platform',
  'ssb',
  'bcma',
]);

/** Drivers of networks that no machine boots from over a cable, by where the sources have them. */
const uncabled =
  /\/drivers\/net\/(?:(?:can|wan|wwan|hamradio|ieee802154|arcnet|fddi|hippi|mctp|phy)\/|usb\/(?:qmi_wwan|cdc_mbim|huawei_cdc_ncm|hso|sierra_net|ipheth|lg-vl600|kalmia)\.ko)/;

function nameOf({ device }: CoveredDevice): CardName {
  const { address, ids, text, bus } = device;
  return {
    address: address === '' ? bus : address,
    id: ids === undefined ? '' : `${ids.vendor}:${ids.device}`,
    text,
  };
}

/** Paths of all drivers that are known by name. */
function driverPaths(
  netboot: NetbootDrivers,
  stock: StockIndex | undefined,
): ReadonlyMap<string, string> {
  return new Map([
    ...netboot.modules,
    ...netboot.builtIn,
    ...[...(stock?.drivers ?? []), ...(stock?.builtIn ?? [])].map(
      ({ module, path }) => [module, path] as const,
    ),
  ]);
}

/** Finds out what the machines of a fleet need. */
export interface NeedsFinder {
  needs(machine: FleetMachine): MachineNeeds;
  /** Where a driver is among stock's modules, or in the bundle. */
  path(module: string): string | undefined;
}

/**
 * Prepares to say what machines need for booting from the network with a kernel of the bundle's
 * source: drivers that are in the bundle's image, or that could be, since they stand in the menu of
 * network devices and nothing forbids them.
 */
export function needsFinder(netboot: NetbootDrivers, stock: StockIndex | undefined): NeedsFinder {
  const paths = driverPaths(netboot, stock);
  const assess = machineAssessor(netboot, stock);
  const canBeBuiltIn = (module: string): boolean =>
    netboot.builtIn.has(module) ||
    (isInNetworkMenu(paths.get(module) ?? '') && changeOf(module, netboot.stuck) === undefined);

  const sort = (card: CoveredDevice): CardNeed | CardLeftOut => {
    const name = nameOf(card);
    const { kind, drivers, note, state } = card;
    const leftOut = (why: string, isOpen = false): CardLeftOut => ({ ...name, why, isOpen });
    if (kind === 'wireless' || kind === 'infiniband') return leftOut(note || kind);
    const cabled = drivers.filter(({ module }) => !uncabled.test(paths.get(module) ?? ''));
    if (drivers.length > 0 && cabled.length === 0) {
      return leftOut('its network is not one that a machine boots from');
    }
    const able = cabled.filter(({ module }) => canBeBuiltIn(module));
    const [first] = able;
    if (first === undefined) {
      const [best] = drivers;
      if (best !== undefined) return leftOut(`${best.module}: ${best.reason}`);
      return state === 'unknown'
        ? leftOut('which driver it has is not known without --stock', true)
        : leftOut('this kernel has no driver for it');
    }
    const names = able.map(({ module }) => module);
    const beside = names.flatMap((module) => companions[module] ?? []).filter(canBeBuiltIn);
    const bus = networkModalias(card.device).split(':')[0];
    const isSure = able.some(({ evidence }) => evidence !== 'some-boards');
    const by = (kind: Evidence): boolean => able.every(({ evidence }) => evidence === kind);
    const what = name.id || name.text;
    const isOfSome = isSure ? '' : ' of some boards';
    return {
      ...name,
      drivers: [...names, ...beside],
      bus: fleetBuses.find((known) => known === bus),
      evidence: by('name')
        ? `named as the driver of ${what}`
        : by('interface')
          ? `the only driver for ${what}`
          : `claims ${what}${isOfSome}`,
      isSure,
    };
  };

  return {
    path: (module) => paths.get(module),
    needs({ name, hardware }) {
      const { devices } = assess(hardware.devices);
      const cards = devices.filter(({ device }) => cardBuses.has(device.bus)).map(sort);
      return {
        name,
        system: hardware.system,
        cards: cards.filter((card) => 'drivers' in card),
        leftOut: cards.filter((card) => 'why' in card),
      };
    },
  };
}
