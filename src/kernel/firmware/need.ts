import { z } from 'zod';
import type { FirmwareRequest } from './request.ts';

/** What hangs on a blob. */
const firmwareNeeds = [
  /** A device whose driver asks for it has no link without it. */
  'link',
  /** Some devices have no link without it; the remark says which. */
  'depends',
  /** It is asked for on the way to a link, and there is one without it too. */
  'optional',
  /** The driver's devices netboot no machine, with or without it. */
  'no-netboot',
  /** Nobody has looked. */
  'unknown',
] as const;
export const firmwareNeedSchema = z.enum(firmwareNeeds);
export type FirmwareNeed = z.infer<typeof firmwareNeedSchema>;

/** What hangs on a blob, and what a person should know of it. */
export interface Need {
  readonly need: FirmwareNeed;
  /** What happens without it, as a sentence without its full stop. */
  readonly consequence: string;
}

interface Rule extends Need {
  readonly driver: string;
  /** Of which of its blobs this holds; without it, of all that no rule before names. */
  readonly blobs?: RegExp;
}

const noLink = 'no link';

/**
 * What the wired drivers of 6.12 that declare blobs (of Debian's config, and those that other
 * distros have besides) do without them, by the code that asks
 * for each: it is named beside it, below drivers/net of that kernel. What is flashed on demand
 * (ethtool -f, devlink dev flash: bnxt_en, i40e, mlx5, be2net …) is declared by no driver: whoever
 * demands it names the file, and has a root by then.
 */
const rules: readonly Rule[] = [
  {
    // ethernet/alteon/acenic.c: ace_load_firmware() by ace_init(), at probe
    driver: 'acenic',
    need: 'link',
    consequence: noLink,
  },
  {
    // phy/air_en8811h.c: en8811h_load_firmware() by en8811h_probe()
    driver: 'air_en8811h',
    need: 'link',
    consequence: 'no link by this PHY',
  },
  {
    // ethernet/brocade/bna/cna_fwimg.c: cna_read_firmware() by bnad_pci_probe()
    driver: 'bna',
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/broadcom/bnx2.c: bnx2_request_firmware() by bnx2_open()
    driver: 'bnx2',
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/broadcom/bnx2x/bnx2x_main.c: bnx2x_init_firmware(), when it is opened; the newest version, then the one before
    driver: 'bnx2x',
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/sun/cassini.c: cas_saturn_firmware_init(), which goes on without
    driver: 'cassini',
    need: 'optional',
    consequence: 'the PHY DP83065 runs without its patch',
  },
  {
    // ethernet/chelsio/cxgb3/cxgb3_main.c: t3_get_edc_fw() by the PHY (ael1002.c)
    driver: 'cxgb3',
    blobs: /_edc\.bin$/,
    need: 'depends',
    consequence: 'no link over a twinaxial cable or optical module that needs it',
  },
  {
    // ethernet/chelsio/cxgb3/cxgb3_main.c: upgrade_fw(), update_tpsram() by cxgb_up()
    driver: 'cxgb3',
    need: 'depends',
    consequence: 'no link if what is on the card is of another version',
  },
  {
    // ethernet/chelsio/cxgb4/cxgb4_main.c: adap_init0()
    driver: 'cxgb4',
    need: 'depends',
    consequence: 'no link if what is in the flash of the card is missing or too old',
  },
  {
    // ethernet/intel/e100.c: e100_request_firmware(), 82551-F and 82551-10: required
    driver: 'e100',
    blobs: /d102e_/,
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/intel/e100.c: e100_request_firmware(), 82559: not required
    driver: 'e100',
    need: 'optional',
    consequence: 'more interrupts (no CPUSaver)',
  },
  {
    // ethernet/intel/ice/ice_main.c: ice_request_fw()
    driver: 'ice',
    need: 'optional',
    consequence: 'safe mode: one queue, no offloads',
  },
  {
    // usb/kaweth.c: kaweth_download_firmware() by kaweth_probe()
    driver: 'kaweth',
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/cavium/liquidio/lio_main.c: load_firmware()
    driver: 'liquidio',
    need: 'depends',
    consequence: 'no link unless the card has firmware in its flash',
  },
  {
    // ethernet/mellanox/mlxsw/core.c: mlxsw_core_fw_rev_validate()
    driver: 'mlxsw_spectrum',
    need: 'depends',
    consequence: 'no port if what is in the flash of the switch is older',
  },
  {
    // phy/mscc/mscc_main.c: vsc8574_config_pre_init(), vsc8584_config_pre_init()
    driver: 'mscc',
    need: 'depends',
    consequence: 'no link by a PHY VSC8574 or VSC8584 of revision B',
  },
  {
    // ethernet/myricom/myri10ge/myri10ge.c: myri10ge_load_firmware()
    driver: 'myri10ge',
    need: 'optional',
    consequence: 'the firmware in the EEPROM of the card is used',
  },
  {
    // ethernet/qlogic/netxen/netxen_nic_init.c: netxen_request_firmware()
    driver: 'netxen_nic',
    need: 'optional',
    consequence: 'the firmware in the flash of the card is used',
  },
  {
    // ethernet/netronome/nfp/nfp_main.c: nfp_fw_load()
    driver: 'nfp',
    need: 'depends',
    consequence: 'no link unless the card has firmware for networking in its flash',
  },
  {
    // pcmcia/ds.c: pcmcia_load_firmware()
    driver: 'pcnet_cs',
    need: 'no-netboot',
    consequence: 'PCMCIA cards are set up by programs of the running system',
  },
  {
    // ethernet/qlogic/qed/qed_main.c: qed_slowpath_start()
    driver: 'qed',
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/qlogic/qlcnic/qlcnic_init.c: qlcnic_request_firmware()
    driver: 'qlcnic',
    need: 'optional',
    consequence: 'the firmware in the flash of the card is used',
  },
  {
    // usb/r8152.c: rtl8152_request_firmware() by rtl_hw_phy_work_func_t(), which goes on without
    driver: 'r8152',
    need: 'optional',
    consequence: 'the adapter runs without its patch',
  },
  {
    // ethernet/realtek/r8169_main.c: rtl_request_firmware() by rtl_open(), which goes on without
    driver: 'r8169',
    need: 'optional',
    consequence: 'the PHY runs without its patch: a link may be slow or lossy',
  },
  {
    // ethernet/smsc/smc91c92_cs.c: osi_load_firmware()
    driver: 'smc91c92_cs',
    need: 'no-netboot',
    consequence: 'PCMCIA cards are set up by programs of the running system',
  },
  {
    // ethernet/alacritech/slicoss.c: slic_load_firmware(), at probe and when it is opened
    driver: 'slicoss',
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/adaptec/starfire.c: netdev_open()
    driver: 'starfire',
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/tehuti/tehuti.c: bdx_fw_load() by bdx_hw_start(), when it is opened
    driver: 'tehuti',
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/tehuti/tn40.c: tn40_fw_load(), at probe
    driver: 'tn40xx',
    need: 'link',
    consequence: noLink,
  },
  {
    // ethernet/broadcom/tg3.c: tg3_open(), CHIPREV_ID_5701_A0
    driver: 'tg3',
    blobs: /\/tg3\.bin$/,
    need: 'link',
    consequence: 'no link by a 5701 of revision A0',
  },
  {
    // ethernet/broadcom/tg3.c: tg3_open(), which goes on without
    driver: 'tg3',
    need: 'optional',
    consequence: 'no segmentation offload (TSO), or no energy saving (EEE)',
  },
  {
    // ethernet/3com/typhoon.c: typhoon_request_firmware() by typhoon_open()
    driver: 'typhoon',
    need: 'link',
    consequence: noLink,
  },
];

/** Drivers of what no kernel netboots by, by where the kernel's sources have them, and why. */
const otherNetworks: readonly { readonly folder: RegExp; readonly consequence: string }[] = [
  {
    folder: /^(drivers\/net\/(wireless|wwan)|net\/wireless|drivers\/bluetooth)\//,
    consequence: 'a wireless network is joined by programs of the running system',
  },
  {
    folder: /^(drivers\/net\/(can|ieee802154|wan|hamradio)|drivers\/(atm|isdn))\//,
    consequence: 'no kernel has its root on such a network',
  },
  {
    folder: /^(?!drivers\/net\/)/,
    consequence: 'no driver of a network card',
  },
];

/** Says what hangs on a blob: by what is known of its driver, else by the driver's folder. */
export function needOf({ driver, file, path }: FirmwareRequest): Need {
  const rule = rules.find(
    (each) => each.driver === driver && (each.blobs === undefined || each.blobs.test(path)),
  );
  if (rule !== undefined) return { need: rule.need, consequence: rule.consequence };
  const other = file === '' ? undefined : otherNetworks.find(({ folder }) => folder.test(file));
  if (other !== undefined) return { need: 'no-netboot', consequence: other.consequence };
  return { need: 'unknown', consequence: 'not known: there may be no link' };
}

/** Drivers whose firmware a module of its own loads (drivers/net/ethernet/qlogic: qede by qed). */
const loaders: Readonly<Record<string, readonly string[]>> = { qede: ['qed'] };

/** The modules that ask for the firmware of a driver's devices: itself, and those that it is built on. */
export function askersOf(driver: string): readonly string[] {
  return [driver, ...(loaders[driver] ?? [])];
}

/** A file's version in its name, as in `bnx2x/bnx2x-e2-7.13.21.0.fw`. */
const versionPattern = /\d+(?:\.\d+){2,}/;

/** What one driver's blobs have in common that stand in for each other: all of the name but the version. */
export function seriesOf({ driver, path }: FirmwareRequest): string | undefined {
  // Only of bnx2x it is known that it takes an older one if there is no newer.
  return driver === 'bnx2x' ? `${driver} ${path.replace(versionPattern, '*')}` : undefined;
}

/** Orders names of one series, the newest version first. */
export function newestFirst(a: string, b: string): number {
  const numbers = (name: string): readonly number[] =>
    (versionPattern.exec(name)?.[0] ?? '').split('.').map(Number);
  const [ours, theirs] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(ours.length, theirs.length); at += 1) {
    const difference = (theirs[at] ?? 0) - (ours[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
