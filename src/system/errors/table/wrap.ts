import { defineErrors } from '../definition.ts';

/** Failures of wrapping a stock kernel. */
export const wrapErrors = defineErrors({
  'BW-WRAP-KERNEL': {
    exit: 'input',
    what: 'What was named is not a whole stock kernel.',
    why: 'An image and a config of the very release of the modules are needed; a package of modules alone has neither.',
    hint: 'Name all packages of the kernel: kernel-core and kernel-modules-core (EL 9 and later), kernel-core and kernel-modules (EL 8), kernel (EL 7), linux-image (Debian).',
  },
  'BW-WRAP-BUSYBOX': {
    exit: 'host',
    what: 'There is no busybox that an initramfs can be made with.',
    why: 'It is the only program of the initramfs: it has to be linked statically, for x86_64, and to have what init calls, DHCP and modprobe among it.',
    hint: 'Install busybox-static (Debian) or busybox (RHEL family, from EPEL), or name one by --busybox FILE.',
  },
  'BW-WRAP-COMPRESSION': {
    exit: 'input',
    what: 'The kernel unpacks no initramfs in any form that can be made here.',
    why: 'RD_ZSTD, RD_XZ and RD_GZIP are off in its config.',
    hint: 'Look at its config; --compression NAME takes one regardless of it.',
  },
});
