import type {
  Expression,
  Kconfig,
  KconfigSymbol,
  MenuNode,
  Tristate,
} from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import type { FleetScope } from './fleet/find-symbols.ts';
import { sortFleetMenu } from './fleet/sort-menu.ts';

/** What is to be built in: every network device, or only those that a cable leads to. */
export const plainScopes = ['network-devices', 'wired'] as const;
export type PlainScope = (typeof plainScopes)[number];

/** The plain scopes, or only what the machines of a fleet need. */
export type ScopeName = PlainScope | 'fleet';

/** A scope as it is asked for: by its name, or by the path of a fleet file. */
export type WantedScope = PlainScope | { readonly fleet: string };

/** The name of a scope that is asked for. */
export function scopeName(scope: WantedScope): ScopeName {
  return typeof scope === 'string' ? scope : 'fleet';
}

/** A symbol that stays as stock has it, and why. */
export interface Exclusion {
  readonly symbol: KconfigSymbol;
  readonly reason: string;
}

export interface Scope {
  readonly name: ScopeName;
  /** Every tristate of the menu, whatever its value. */
  readonly menu: readonly KconfigSymbol[];
  /**
   * The menu's tristates that belong to the scope, whatever their value; of a fleet also drivers that
   * have their place elsewhere.
   */
  readonly members: readonly KconfigSymbol[];
  /** The menu's tristates that stay as they are. */
  readonly exclusions: readonly Exclusion[];
  /** Why a member is in the scope. */
  readonly reason: (member: KconfigSymbol) => string;
}

/**
 * The networks of the menu that no machine boots from over a cable. A symbol belongs to one of them
 * if it stands in that menu or cannot be on without that symbol: the guards are the menus' own.
 */
const unwired: Readonly<Record<string, string>> = {
  WLAN: 'wireless LAN',
  CFG80211: 'wireless LAN',
  MAC80211: 'wireless LAN',
  WWAN: 'mobile broadband',
  WAN: 'wide-area serial lines',
  CAN: 'CAN field bus',
  CAN_DEV: 'CAN field bus',
  HAMRADIO: 'amateur radio',
  AX25: 'amateur radio',
  IEEE802154: 'IEEE 802.15.4 radio',
  IEEE802154_DRIVERS: 'IEEE 802.15.4 radio',
  BT: 'Bluetooth',
  ATM: 'ATM',
  ATM_DRIVERS: 'ATM',
  ISDN: 'ISDN',
  FDDI: 'FDDI',
  HIPPI: 'HIPPI',
  ARCNET: 'ARCnet',
  TR: 'token ring',
  NET_FC: 'IP over Fibre Channel',
  PPP: 'dial-up and point-to-point lines',
  SLIP: 'dial-up and point-to-point lines',
  PLIP: 'parallel-port lines',
  CAIF: 'links to modems',
  CAIF_DRIVERS: 'links to modems',
  PHONET: 'links to phones',
  MCTP: 'links to management controllers',
  VHOST_VSOCK: 'the monitor of virtual sockets, no network device',
};

/** Mobile broadband that stands among other network devices, with no guard of its own. */
const mobileBroadband = new Set([
  'MHI_NET',
  'USB_HSO',
  'USB_NET_QMI_WWAN',
  'USB_NET_CDC_MBIM',
  'USB_SIERRA_NET',
  'USB_IPHETH',
  'USB_VL600',
  'USB_NET_KALMIA',
]);

/** Devices that are not there, under names and prompts that do not say so. */
const pretenders: Readonly<Record<string, string>> = {
  IEEE802154_FAKELB: 'makes loopback radios that stand for no device',
};

/**
 * The tristates of Device Drivers > Network device support, sorted into those that the scope wants
 * built in and those that stay.
 *
 * @param stock - the value that stock has
 * @throws BootwrightError `BW-CONFIG-NO-NETWORK-MENU` if the tree has no symbol NETDEVICES
 */
export function findScope(
  kconfig: Kconfig,
  wanted: PlainScope | FleetScope,
  stock: (symbol: KconfigSymbol) => Tristate,
): Scope {
  const netdevices = kconfig.symbols.get('NETDEVICES');
  if (netdevices === undefined || netdevices.menus.length === 0) {
    throw new BootwrightError(
      'BW-CONFIG-NO-NETWORK-MENU',
      'No Kconfig file of the tree defines NETDEVICES.',
    );
  }
  const menu: KconfigSymbol[] = [];
  const guardOf = new Map<KconfigSymbol, string>();
  const seen = new Set<KconfigSymbol>();
  const visit = (node: MenuNode, guard: string | undefined): void => {
    const symbol = node.symbol;
    const here = guard ?? (symbol?.name !== undefined ? guardNamed(symbol.name) : undefined);
    if (symbol !== undefined && !symbol.isChoice) {
      const found = here ?? guardIn(node.dependency);
      if (found !== undefined && !guardOf.has(symbol)) guardOf.set(symbol, found);
      if (symbol.type === 'tristate' && !seen.has(symbol)) menu.push(symbol);
      seen.add(symbol);
    }
    for (const child of node.children) visit(child, here);
  };
  for (const node of netdevices.menus)
    for (const child of networkMenu(node).children) visit(child, undefined);

  if (typeof wanted !== 'string') {
    const fleet = sortFleetMenu(menu, wanted, (symbol) => kconfig.symbols.get(symbol));
    return {
      name: wanted.name,
      menu,
      members: [...fleet.wanted.keys()],
      exclusions: menu
        .filter((symbol) => !fleet.wanted.has(symbol) && stock(symbol) === 1)
        .map((symbol) => ({ symbol, reason: fleet.exclusion(symbol) })),
      reason: (member) => `${fleet.wanted.get(member) ?? 'in scope fleet'}, a module in stock`,
    };
  }
  const name = wanted;
  const reasons = new Map<KconfigSymbol, string>();
  for (const symbol of menu) {
    const reason =
      testReason(symbol) ?? (name === 'wired' ? unwiredReason(symbol, guardOf) : undefined);
    if (reason !== undefined) reasons.set(symbol, reason);
  }
  if (name === 'wired') {
    for (const symbol of menu) {
      const isUsed = (by: KconfigSymbol): boolean =>
        seen.has(by) && stock(by) > 0 && !reasons.has(by) && !guardOf.has(by);
      const isLibrary = symbol.prompts.length === 0 && symbol.selectedBy.length > 0;
      if (!isLibrary || symbol.selectedBy.some(({ source }) => isUsed(source))) continue;
      if (reasons.has(symbol)) continue;
      reasons.set(symbol, 'outside of the scope wired: a library that no driver of the scope uses');
    }
  }
  return {
    name,
    menu,
    members: menu.filter((symbol) => !reasons.has(symbol)),
    exclusions: [...reasons].map(([symbol, reason]) => ({ symbol, reason })),
    reason: () => `in scope ${name}, a module in stock`,
  };
}

/** The node whose children are the menu: NETDEVICES itself, or in old trees the menu around it. */
function networkMenu(node: MenuNode): MenuNode {
  const around = node.parent;
  const isMenu = around !== undefined && around.symbol === undefined;
  return isMenu && /network device/i.test(around.prompt?.text ?? '') ? around : node;
}

function guardNamed(name: string): string | undefined {
  return Object.hasOwn(unwired, name) ? name : undefined;
}

/** The first guard without which the expression is n. */
function guardIn(expression: Expression | undefined): string | undefined {
  if (expression === undefined) return undefined;
  if (expression.kind === 'and') return guardIn(expression.left) ?? guardIn(expression.right);
  if (expression.kind !== 'symbol') return undefined;
  return guardNamed(expression.symbol.name ?? '');
}

function unwiredReason(
  symbol: KconfigSymbol,
  guardOf: ReadonlyMap<KconfigSymbol, string>,
): string | undefined {
  const guard = guardOf.get(symbol);
  if (guard !== undefined) return `outside of the scope wired: ${unwired[guard]} (${guard})`;
  return mobileBroadband.has(symbol.name ?? '')
    ? 'outside of the scope wired: mobile broadband'
    : undefined;
}

/**
 * Why a symbol is a simulator or a self-test, if it is one: it hangs on KUnit, or its prompt says
 * so. Built in, a simulator would put devices that are not there before the real ones, at every
 * boot; a self-test would run at every boot.
 */
function testReason(symbol: KconfigSymbol): string | undefined {
  const name = symbol.name ?? '';
  if (guardsAgainst(symbol.directDependency, 'KUNIT') || /(^|_)KUNIT(_|$)/.test(name)) {
    return 'a KUnit self-test: built in, it would run at every boot';
  }
  const text = symbol.prompts.map((prompt) => prompt.text).join(' ');
  if (/\bself[- ]?tests?\b/i.test(text)) return `a self-test ("${text}")`;
  if (/\bsimulat/i.test(text)) {
    return `a simulator ("${text}"): built in, it would make devices that are not there`;
  }
  return Object.hasOwn(pretenders, name) ? pretenders[name] : undefined;
}

/** Whether the expression is n whenever the named symbol is. */
function guardsAgainst(expression: Expression | undefined, name: string): boolean {
  if (expression === undefined) return false;
  if (expression.kind === 'and') {
    return guardsAgainst(expression.left, name) || guardsAgainst(expression.right, name);
  }
  if (expression.kind === 'eq') return expression.left.name === name;
  return expression.kind === 'symbol' && expression.symbol.name === name;
}
