import type { PlainScope } from '../../kernel/configure/scope.ts';

/** Networks that no machine boots from over a cable, by where the kernel's sources have them. */
const unwired: readonly (readonly [place: RegExp, what: string])[] = [
  [/^kernel\/drivers\/net\/wireless\//, 'wireless LAN'],
  [/^kernel\/drivers\/net\/wwan\//, 'mobile broadband'],
  [
    /^kernel\/drivers\/net\/usb\/(hso|qmi_wwan|cdc_mbim|huawei_cdc_ncm|sierra_net|ipheth|lg-vl600|kalmia)\.ko$/,
    'mobile broadband',
  ],
  [/^kernel\/drivers\/net\/mhi_net\.ko$/, 'mobile broadband'],
  [/^kernel\/drivers\/net\/wan\//, 'wide-area serial lines'],
  [/^kernel\/drivers\/net\/can\//, 'CAN field bus'],
  [/^kernel\/drivers\/net\/hamradio\//, 'amateur radio'],
  [/^kernel\/drivers\/(net\/)?ieee802154\//, 'IEEE 802.15.4 radio'],
  [/^kernel\/drivers\/atm\//, 'ATM'],
  [/^kernel\/drivers\/isdn\//, 'ISDN'],
  [/^kernel\/drivers\/net\/fddi\//, 'FDDI'],
  [/^kernel\/drivers\/net\/hippi\//, 'HIPPI'],
  [/^kernel\/drivers\/net\/arcnet\//, 'ARCnet'],
  [/^kernel\/drivers\/net\/tokenring\//, 'token ring'],
  [/^kernel\/drivers\/net\/(ppp|slip|plip)\//, 'dial-up and point-to-point lines'],
  [/^kernel\/drivers\/net\/caif\//, 'links to modems'],
  [/^kernel\/drivers\/net\/usb\/cdc-phonet\.ko$/, 'links to phones'],
  [/^kernel\/drivers\/net\/mctp\//, 'links to management controllers'],
];

/** Devices that are not there, and self-tests. */
const pretenders =
  /(^|\/)(netdevsim|mac80211_hwsim|mac802154_hwsim|wwan_hwsim|fakelb|virt_wifi)\.ko$/;
const selfTests = /([_-]kunit|[_-]tests?|kunit[_-]\w+)\.ko$/;

/** What a device shows itself by, of which drivers take hold: a bus, and what the device is on it. */
const busPattern =
  /^(pci|usb|virtio|vmbus|xen|acpi\*?|pnp|pcmcia|eisa|mca|ssb|bcma|sdio|mdio|tbsvc|auxiliary|dmi\*?|mei|ishtp):/;

/**
 * Why a network driver is not of the scope, by where it lies: what the menus of the build's scope
 * (`kernel/configure/scope.ts`) come to, where there are no menus any more.
 *
 * @param path - of a network driver, relative to the folder of the modules, not compressed
 * @returns undefined for a driver of the scope
 */
export function reasonAgainst(path: string, scope: PlainScope): string | undefined {
  if (pretenders.test(path)) return 'makes devices that are not there';
  if (selfTests.test(path)) return 'a self-test';
  if (scope !== 'wired') return undefined;
  const found = unwired.find(([place]) => place.test(path));
  return found === undefined ? undefined : `outside of the scope wired: ${found[1]}`;
}

/**
 * Whether a driver takes hold of hardware by itself. One that does not (a tunnel, a bridge) is loaded
 * by nobody before there is a root.
 *
 * @param aliases - of the module
 */
export function claimsDevices(aliases: readonly string[]): boolean {
  return aliases.some((alias) => busPattern.test(alias));
}
