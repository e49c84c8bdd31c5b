import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from '../../src/system/process.ts';
import { buildModule, modinfoSection } from '../formats/elf-kmod/build-module.ts';

/** Drivers of a small stock kernel: the aliases are those of the real drivers. */
export const stockDrivers: Readonly<Record<string, readonly string[]>> = {
  'kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko': [
    'pci:v00008086d000015B7sv*sd*bc*sc*i*',
    'pci:v00008086d000010D3sv*sd*bc*sc*i*',
  ],
  'kernel/drivers/net/ethernet/intel/i40e/i40e.ko': ['pci:v00008086d00001572sv*sd*bc*sc*i*'],
  'kernel/drivers/net/ethernet/broadcom/bnxt/bnxt_en.ko': [
    'pci:v000014E4d000016D8sv*sd*bc*sc*i*',
    'pci:v000014E4d0000D800sv000014E4sd00001234bc*sc*i*',
  ],
  'kernel/drivers/net/virtio_net.ko': ['virtio:d00000001v*'],
  'kernel/drivers/net/usb/r8152.ko': [
    'usb:v0BDAp8153d*dc*dsc*dp*icFFisc*ip*in*',
    'usb:v0BDAp8153d*dc*dsc*dp*ic02isc06ip00in*',
  ],
  'kernel/drivers/net/wireless/intel/iwlwifi/iwlwifi.ko': ['pci:v00008086d00002723sv*sd*bc*sc*i*'],
  'kernel/drivers/net/netdevsim/netdevsim.ko': [],
  'kernel/drivers/net/ethernet/realtek/r8169.ko': ['pci:v000010ECd00008168sv*sd*bc*sc*i*'],
  'kernel/drivers/scsi/megaraid/megaraid_sas.ko': ['pci:v00001000d0000005Dsv*sd*bc*sc*i*'],
};

/**
 * Makes a tree of stock modules out of minimal ELF files.
 *
 * @param root - gets `lib/modules/<release>`
 * @returns the folder of the modules
 */
export async function makeStock(
  root: string,
  release: string,
  {
    drivers = stockDrivers,
    builtIn = [],
    depmod = true,
    packed = false,
  }: {
    readonly drivers?: Readonly<Record<string, readonly string[]>>;
    readonly builtIn?: readonly string[];
    readonly depmod?: boolean;
    readonly packed?: boolean;
  } = {},
): Promise<string> {
  const folder = join(root, 'lib/modules', release);
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  for (const [path, aliases] of Object.entries(drivers)) {
    const modinfo = modinfoSection(
      'license=GPL',
      ...aliases.map((alias) => `alias=${alias}`),
      `vermagic=${release} SMP mod_unload modversions `,
    );
    const bytes = buildModule([modinfo]);
    write(packed ? `${path}.gz` : path, packed ? gzipSync(bytes) : bytes);
  }
  write('modules.builtin', builtIn.map((path) => `${path}\n`).join(''));
  write('modules.order', '');
  write('modules.builtin.modinfo', '');
  if (depmod) await run('depmod', ['--basedir', root, release]);
  return folder;
}
