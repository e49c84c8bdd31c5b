import {
  type KeptStockIndex,
  keepStockIndex,
  type StockModule,
  type StockModuleIndex,
} from '../../src/kernel/stock/index.ts';

const release = '6.12.117+deb12-amd64';

/** A module: its path, what it depends on, its aliases, and what else it says. */
export function module(
  path: string,
  depends: readonly string[] = [],
  aliases: readonly string[] = [],
  more: Partial<StockModule> = {},
): StockModule {
  const name = path.slice(path.lastIndexOf('/') + 1, -'.ko'.length).replaceAll('-', '_');
  const softdeps = { pre: [], post: [] };
  return { name, path: `kernel/${path}`, aliases, depends, softdeps, firmware: [], ...more };
}

/** Of Debian's 6.12 kernel some modules, with some of their aliases. */
export const debianModules: readonly StockModule[] = [
  module('arch/x86/crypto/aesni-intel.ko', ['crypto_simd'], ['aes', 'crypto-aes']),
  module('arch/x86/crypto/crc32c-intel.ko', [], ['crc32c', 'crypto-crc32c']),
  module('crypto/algif_skcipher.ko'),
  module('crypto/crc32c_generic.ko', [], ['crc32c', 'crypto-crc32c']),
  module('crypto/crypto_simd.ko'),
  module('crypto/ecb.ko', [], ['crypto-ecb', 'ecb']),
  module('crypto/xts.ko', [], ['crypto-xts', 'xts'], { softdeps: { pre: ['ecb'], post: [] } }),
  module(
    'drivers/ata/ahci.ko',
    ['libahci', 'libata'],
    ['pci:v*d*sv*sd*bc01sc06i01*', 'pci:v00008086d00002922sv*sd*bc*sc*i*'],
  ),
  module('drivers/ata/libahci.ko', ['libata']),
  module('drivers/ata/libata.ko', ['scsi_common', 'scsi_mod']),
  module('drivers/block/virtio_blk.ko', [], ['virtio:d00000002v*']),
  module('drivers/hid/hid-generic.ko', ['hid'], ['hid:b*g*v*p*']),
  module('drivers/hid/hid.ko'),
  module(
    'drivers/hid/usbhid/usbhid.ko',
    ['hid', 'usbcore'],
    ['usb:v*p*d*dc*dsc*dp*ic03isc*ip*in*'],
  ),
  module('drivers/md/dm-crypt.ko', ['dm_mod']),
  module('drivers/md/dm-mod.ko', [], ['devname:mapper/control']),
  module('drivers/mmc/core/mmc_block.ko', ['mmc_core'], ['mmc:block']),
  module('drivers/mmc/core/mmc_core.ko'),
  module('drivers/mmc/host/sdhci-pci.ko', ['mmc_core', 'sdhci'], ['pci:v*d*sv*sd*bc08sc05i*']),
  module('drivers/mmc/host/sdhci.ko', ['mmc_core']),
  module(
    'drivers/net/ethernet/intel/e1000e/e1000e.ko',
    [],
    ['pci:v00008086d000010D3sv*sd*bc*sc*i*'],
  ),
  module('drivers/net/ethernet/qlogic/qed/qed.ko', [], [], { firmware: ['qed/qed_init.bin'] }),
  module('drivers/net/virtio_net.ko', [], ['virtio:d00000001v*']),
  module(
    'drivers/net/wireless/intel/iwlwifi/iwlwifi.ko',
    [],
    ['pci:v00008086d00002723sv*sd*bc*sc*i*'],
  ),
  module('drivers/nvme/common/nvme-auth.ko'),
  module('drivers/nvme/host/nvme-core.ko', ['nvme_auth']),
  module('drivers/nvme/host/nvme.ko', ['nvme_core'], ['pci:v*d*sv*sd*bc01sc08i02*']),
  module('drivers/pci/controller/vmd.ko', [], ['pci:v00008086d0000201Dsv*sd*bc*sc*i*']),
  module('drivers/scsi/iscsi_tcp.ko', ['libiscsi', 'scsi_mod']),
  module('drivers/scsi/libiscsi.ko', ['scsi_mod']),
  module(
    'drivers/scsi/megaraid/megaraid_sas.ko',
    ['scsi_mod'],
    ['pci:v00001000d00000060sv*sd*bc*sc*i*', 'pci:v00001000d0000005Dsv*sd*bc*sc*i*'],
  ),
  module('drivers/scsi/scsi_common.ko'),
  module('drivers/scsi/scsi_mod.ko', ['scsi_common']),
  module('drivers/scsi/sd_mod.ko', ['scsi_common', 'scsi_mod'], ['scsi:t-0x00*']),
  module('drivers/scsi/sr_mod.ko', ['scsi_mod'], ['scsi:t-0x05*']),
  module('drivers/scsi/virtio_scsi.ko', ['scsi_mod'], ['virtio:d00000008v*']),
  module('drivers/usb/common/usb-common.ko'),
  module('drivers/usb/core/usbcore.ko', ['usb_common'], ['usb:v*p*d*dc09dsc*dp*ic*isc*ip*in*']),
  module('drivers/usb/host/ehci-pci.ko', ['usbcore'], ['pci:v*d*sv*sd*bc0Csc03i20*']),
  module('drivers/usb/host/xhci-hcd.ko', ['usb_common', 'usbcore']),
  module('drivers/usb/host/xhci-pci.ko', ['usbcore', 'xhci_hcd'], ['pci:v*d*sv*sd*bc0Csc03i30*']),
  module(
    'drivers/usb/storage/usb-storage.ko',
    ['scsi_mod', 'usbcore'],
    ['usb:v*p*d*dc*dsc*dp*ic08isc06ip50in*'],
  ),
  module('fs/ext4/ext4.ko', ['jbd2', 'mbcache'], ['ext3', 'fs-ext3', 'fs-ext4'], {
    softdeps: { pre: ['crypto-crc32c'], post: [] },
  }),
  module('fs/jbd2/jbd2.ko', [], [], { softdeps: { pre: ['crypto-crc32c'], post: [] } }),
  module('fs/mbcache.ko'),
  module('fs/nfs/nfs.ko', ['sunrpc'], ['fs-nfs', 'fs-nfs4', 'nfs4']),
  module('fs/nfs/nfsv3.ko', ['nfs', 'sunrpc']),
  module('net/sunrpc/sunrpc.ko'),
  module('sound/pci/hda/snd-hda-intel.ko', [], ['pci:v00008086d*sv*sd*bc04sc03i00*']),
];

/** What that kernel has built in, some of it. */
const builtIn: StockModuleIndex['builtIn'] = [
  { name: 'aes_generic', path: 'kernel/crypto/aes_generic.ko', aliases: ['crypto-aes'] },
  { name: 'virtio_pci', path: 'kernel/drivers/virtio/virtio_pci.ko', aliases: [] },
];

/**
 * That kernel's index, as a bundle keeps it.
 *
 * @param promoted - names of the modules that the netboot kernel has built in
 */
export function debianStock(
  promoted: readonly string[] = [],
  index: Partial<StockModuleIndex> = {},
): KeptStockIndex {
  const modules = index.modules ?? debianModules;
  const paths = modules.filter(({ name }) => promoted.includes(name)).map(({ path }) => path);
  return keepStockIndex({ kernelRelease: release, builtIn, ...index, modules }, paths);
}
