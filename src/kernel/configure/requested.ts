import type { Kconfig, KconfigSymbol, Tristate } from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import type { FleetBus } from './fleet/fleet.ts';

/** A symbol asked for by name. */
export interface Request {
  readonly symbol: KconfigSymbol;
  readonly reason: string;
}

interface Wish {
  readonly name: string;
  /** `always`: whatever stock has; `module`: only where stock has it as a module. */
  readonly when: 'always' | 'module';
  /** The bus that it is for, where a fleet may do without. */
  readonly bus?: FleetBus;
  readonly reason: string;
}

const ownAddress = 'the kernel configures its own network device (ip=)';
const root = 'the root filesystem lies on an NFS server (root=/dev/nfs)';
const usbHost = 'USB network adapters are reached through their host controller';

/**
 * What every netboot kernel is asked for, and what makes a network device reachable.
 *
 * The buses of the second part are not dependencies of the drivers, or can be met by something
 * useless (VIRTIO by the memory balloon), so consistency alone would not bring them. Left out on
 * purpose: SDIO hosts, since every SDIO adapter of the kernel is wireless and no kernel joins a
 * wireless network by itself; PCMCIA sockets, since 16-bit cards wait for user space to hand out
 * their resources; USB hosts of embedded boards (SL811, ISP1760 …), which no netbooting PC has.
 */
const wishes: readonly Wish[] = [
  { name: 'IP_PNP', when: 'always', reason: ownAddress },
  { name: 'IP_PNP_DHCP', when: 'always', reason: `${ownAddress}, by DHCP` },
  { name: 'NFS_FS', when: 'always', reason: root },
  { name: 'NFS_V3', when: 'always', reason: `${root}, by NFS version 3` },
  { name: 'NFS_V4', when: 'always', reason: `${root}, by NFS version 4` },
  { name: 'ROOT_NFS', when: 'always', reason: root },
  {
    name: 'VIRTIO_PCI',
    when: 'module',
    bus: 'virtio',
    reason: 'virtio network devices sit on the PCI bus',
  },
  {
    name: 'HYPERV',
    when: 'module',
    bus: 'vmbus',
    reason: 'the network devices of Hyper-V sit on its VMBus',
  },
  {
    name: 'PCI_HYPERV',
    when: 'module',
    bus: 'vmbus',
    reason: 'PCI devices passed through by Hyper-V',
  },
  { name: 'VMD', when: 'module', reason: 'PCI devices behind an Intel VMD bridge' },
  { name: 'USB_XHCI_HCD', when: 'module', bus: 'usb', reason: `${usbHost} (USB 3)` },
  { name: 'USB_XHCI_PCI', when: 'module', bus: 'usb', reason: `${usbHost} (USB 3, on PCI)` },
  { name: 'USB_EHCI_HCD', when: 'module', bus: 'usb', reason: `${usbHost} (USB 2)` },
  { name: 'USB_EHCI_PCI', when: 'module', bus: 'usb', reason: `${usbHost} (USB 2, on PCI)` },
  { name: 'USB_OHCI_HCD', when: 'module', bus: 'usb', reason: `${usbHost} (USB 1.1)` },
  { name: 'USB_OHCI_HCD_PCI', when: 'module', bus: 'usb', reason: `${usbHost} (USB 1.1, on PCI)` },
  { name: 'USB_UHCI_HCD', when: 'module', bus: 'usb', reason: `${usbHost} (USB 1.1)` },
];

/**
 * The symbols to ask for in this tree. Those of the default list that the tree does not know are
 * left out (no kernel has them all).
 *
 * @param names - a list to use in place of the default one
 * @param stock - the value that stock has
 * @param wished - further symbols to ask for, and symbols to leave alone
 * @param buses - the only ones to ask for; without them, all
 * @throws BootwrightError `BW-CONFIG-UNKNOWN-SYMBOL` for a name that the tree does not define,
 *   `BW-CONFIG-SETTING-REFUSED` for one to leave alone without which nothing boots from the network
 */
export function findRequests(
  kconfig: Kconfig,
  stock: (symbol: KconfigSymbol) => Tristate,
  names?: readonly string[],
  wished: { readonly promote: readonly string[]; readonly exclude: readonly string[] } = {
    promote: [],
    exclude: [],
  },
  buses?: readonly FleetBus[],
): Request[] {
  const excluded = new Set(wished.exclude.map((name) => definedSymbol(kconfig, name)));
  const asked = wished.promote.map((name) => promotable(kconfig, name));
  const requests = usualRequests(kconfig, stock, names, buses);
  for (const { symbol, reason } of requests) {
    if (excluded.has(symbol) && !isOptional(symbol)) {
      throw new BootwrightError(
        'BW-CONFIG-SETTING-REFUSED',
        `CONFIG_${symbol.name} cannot be left out: ${reason}.`,
      );
    }
  }
  const contradictory = asked.find(({ symbol }) => excluded.has(symbol));
  if (contradictory !== undefined) {
    throw new BootwrightError(
      'BW-CONFIG-SETTING-REFUSED',
      `CONFIG_${contradictory.symbol.name} is to be promoted and to be left alone.`,
    );
  }
  const known = new Set(requests.map(({ symbol }) => symbol));
  return [
    ...requests.filter(({ symbol }) => !excluded.has(symbol)),
    ...asked.filter(({ symbol }) => !known.has(symbol)),
  ];
}

/** Whether a request is for what makes some devices reachable, and not for netbooting itself. */
function isOptional(symbol: KconfigSymbol): boolean {
  return wishes.find(({ name }) => name === symbol.name)?.when === 'module';
}

/** A symbol that a person wants built in; numbers and texts cannot be. */
function promotable(kconfig: Kconfig, name: string): Request {
  const symbol = definedSymbol(kconfig, name);
  if (symbol.type !== 'bool' && symbol.type !== 'tristate') {
    throw new BootwrightError(
      'BW-CONFIG-SETTING-REFUSED',
      `CONFIG_${symbol.name} cannot be built in: it is of type ${symbol.type}.`,
    );
  }
  return { symbol, reason: 'asked for: --promote' };
}

function usualRequests(
  kconfig: Kconfig,
  stock: (symbol: KconfigSymbol) => Tristate,
  names: readonly string[] | undefined,
  buses: readonly FleetBus[] | undefined,
): Request[] {
  if (names !== undefined) {
    return names.map((name) => ({
      symbol: definedSymbol(kconfig, name),
      reason: wishes.find((wish) => wish.name === name)?.reason ?? 'asked for by name',
    }));
  }
  const requests: Request[] = [];
  for (const { name, when, bus, reason } of wishes) {
    if (bus !== undefined && buses?.includes(bus) === false) continue;
    const symbol = kconfig.symbols.get(name);
    if (symbol === undefined || symbol.menus.length === 0) continue;
    if (when === 'always' || stock(symbol) === 1) requests.push({ symbol, reason });
  }
  return requests;
}

/**
 * A symbol by its name, with or without CONFIG_.
 *
 * @param source - who asked for it, if that is not plain from the command
 * @throws BootwrightError `BW-CONFIG-UNKNOWN-SYMBOL`
 */
export function definedSymbol(kconfig: Kconfig, name: string, source?: string): KconfigSymbol {
  const symbol = kconfig.symbols.get(name.replace(/^CONFIG_/, ''));
  if (symbol === undefined || symbol.menus.length === 0) {
    throw new BootwrightError(
      'BW-CONFIG-UNKNOWN-SYMBOL',
      `No Kconfig file of this tree and architecture defines ${name}${source === undefined ? '' : ` (${source})`}.`,
    );
  }
  return symbol;
}
