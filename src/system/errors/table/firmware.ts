import { defineErrors } from '../definition.ts';

/** Failures around the firmware that drivers load into their devices. */
export const firmwareErrors = defineErrors({
  'BW-FIRMWARE-MISSING': {
    exit: 'input',
    what: 'Drivers of the image ask for firmware that is not to be had, and --firmware strict allows no gap.',
    why: 'A driver that is built in asks for its firmware before there is a root to read it from. What --firmware names does not have it: another package of the distro does, or the kernel is older or newer than the collection.',
    hint: "Name what has it (--firmware PATH, can be repeated): the distro's linux-firmware or firmware-* package, or a checkout of linux-firmware. Leave a driver that no machine of yours needs as in stock (--exclude SYMBOL), or leave out strict.",
  },
  'BW-FIRMWARE-NOT': {
    exit: 'input',
    what: 'A file named as a collection of firmware is none.',
    why: 'It is another kind of file, or a package that was cut short.',
    hint: 'Give a folder such as /lib/firmware or a checkout of linux-firmware, or a package of it (.rpm, .deb).',
  },
  'BW-FIRMWARE-UNREADABLE': {
    exit: 'input',
    what: 'A file of firmware cannot be unpacked.',
    why: 'Distros pack their firmware by xz or zstd; this file says by its name that it is packed, and is not, or was cut short.',
    hint: 'Get the collection again.',
  },
  'BW-FIRMWARE-TOO-LARGE': {
    exit: 'input',
    what: 'A file of firmware is too large to go into an image.',
    why: 'No blob of a network card is anywhere near; it is another file under that name, or unpacks to more than it should.',
    hint: 'Look at the file. Name another collection before this one, or leave the driver that asks for it as in stock (--exclude SYMBOL).',
  },
  'BW-FIRMWARE-MEANS': {
    exit: 'input',
    what: 'There is no way to bring firmware into the image of this kernel.',
    why: 'Blobs are linked in by EXTRA_FIRMWARE (2.6.27 and later), or lie in the initramfs that is a part of the image, for kernels that open files of firmware by themselves (3.7 and later).',
    hint: 'Let Bootwright choose (without --firmware-as), or build without --firmware.',
  },
  'BW-FIRMWARE-UNTOLD': {
    exit: 'input',
    what: 'The image does not tell which firmware its drivers ask for.',
    why: 'Kernels before 5.2 (EL 8 and before) keep no trace of it in code that is built in; it stands in the modules of the stock kernel alone.',
    hint: 'Build with the modules of the stock kernel (--stock PATH, or --modules stock=PATH), which tell it, or without --firmware strict.',
  },
});
