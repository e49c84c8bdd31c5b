import { defineErrors } from '../definition.ts';

export const configErrors = defineErrors({
  'BW-CONFIG-NO-NETWORK-MENU': {
    exit: 'input',
    what: 'The kernel tree has no menu of network devices.',
    why: 'Its Kconfig files do not define NETDEVICES, under which all network drivers stand.',
    hint: 'Check that the folder is the root of a whole kernel tree, and that --arch is right.',
  },
  'BW-CONFIG-UNKNOWN-SYMBOL': {
    exit: 'input',
    what: 'A config symbol was named that this kernel does not have.',
    why: 'It is misspelt, or it belongs to another kernel version or architecture.',
    hint: 'Let "bootwright config explain NAME --tree DIR --config FILE" propose the nearest names.',
  },
  'BW-CONFIG-SETTING-REFUSED': {
    exit: 'input',
    what: 'A value that was asked for does not take effect in this kernel config.',
    why: 'The Kconfig files allow another value only: a dependency is not met, or another symbol selects it.',
    hint: 'Let "bootwright config explain NAME --tree DIR --config FILE" say what would have to change.',
  },
  'BW-CONFIG-TOOL-MISSING': {
    exit: 'host',
    what: 'The kernel config loses an option because a tool is missing on this host.',
    why: 'Kconfig asks the host for its tools and switches off, without a word, what they cannot do. The kernel would differ from the distro’s in more than what netbooting needs, and so would its ABI.',
    hint: 'Install the package named above and run the command again.',
  },
  'BW-CONFIG-NOT-A-CONFIG': {
    exit: 'input',
    what: 'The file is no kernel config.',
    why: 'It has no line of the form CONFIG_NAME=value: another file was named, or it is empty or cut short.',
    hint: 'Name a .config file, such as those in the sources of the kernel package or in /boot.',
  },
  'BW-CONFIG-OTHER-ARCHITECTURE': {
    exit: 'input',
    what: 'The kernel config is for another architecture.',
    why: 'Source packages carry one config for each architecture; under the wrong one most options would silently fall away.',
    hint: 'Name the config for the architecture to build for, or the architecture by --arch.',
  },
  'BW-CONFIG-NOT-STABLE': {
    exit: 'internal',
    what: 'The tree’s own conf does not accept the promoted config as it is.',
    why: 'Bootwright and the tree read the Kconfig files differently, so one of them is wrong; the build would silently use another config than the one that was shown.',
    hint: 'Please report it, with the tree’s version and the lines above. With --no-verify the config is written all the same.',
  },
  'BW-CONFIG-NOT-SETTLED': {
    exit: 'internal',
    what: 'The promotion did not come to an end.',
    why: 'Raising one symbol keeps on changing another: a case that the search does not provide for.',
    hint: 'Please report it, with the kernel config and the lines above.',
  },
  'BW-CONFIG-SYNTAX': {
    exit: 'input',
    what: 'The Kconfig files of the kernel tree cannot be read.',
    why: 'The tree is incomplete or changed, or it is for another architecture; the tree’s own conf would stop at the same place.',
    hint: 'Look at the line named above; unpack the source package again if the tree is not whole.',
  },
  'BW-CONFIG-TREE-REFUSED': {
    exit: 'input',
    what: 'The kernel tree’s own make did not tell how it calls kconfig.',
    why: 'It was built in before (then it wants "make mrproper"), it is not whole, or a tool that its Makefile asks for is missing.',
    hint: 'Look at the lines above; an unpacked tree without any build in it always works.',
  },
  'BW-CONFIG-ABI': {
    exit: 'usage',
    what: 'Turning off debug information would change the kernel’s ABI.',
    why: 'BTF is made from debug information, and with BTF the kernel’s own structures have more members; newer kernels make the CRCs of their symbols from it: without it, the distro’s modules would not load on this kernel.',
    hint: 'Build with --debug-info auto (the default): it spares what can be spared without that.',
  },
  'BW-CONFIG-DEV-NULL': {
    exit: 'host',
    what: '/dev/null is not the null device on this host.',
    why: 'A program that ran as root has replaced it by a file. The kernel tree asks the compiler for its options by compiling /dev/null, so every answer would be wrong, and be kept.',
    hint: 'Repair it (rm -f /dev/null && mknod -m 666 /dev/null c 1 3) and run the command again.',
  },
  'BW-FLEET-INVALID': {
    exit: 'input',
    what: 'The file is no fleet file.',
    why: 'A fleet file is JSON with the schema bootwright/fleet, version 1: machines, and the drivers that they need. This one is damaged, was made by something else, or by a newer Bootwright.',
    hint: 'Let "bootwright coverage --stock PATH --suggest FILE… --out fleet.json" make one; docs/COVERAGE.md says what stands in it.',
  },
  'BW-FLEET-IS-HARDWARE': {
    exit: 'input',
    what: 'The file is a description of machines, and not what they need.',
    why: 'A build has no stock modules to look at, and only these tell which driver claims a device: so what lspci says cannot be built from directly.',
    hint: 'Run "bootwright coverage --stock PATH --suggest FILE… --out fleet.json" with it, PATH being the packages or modules of the stock kernel; then build --scope fleet=fleet.json.',
  },
  'BW-FLEET-UNKNOWN-DRIVER': {
    exit: 'input',
    what: 'The fleet file names a driver that this kernel does not have.',
    why: 'It is misspelt, was made for another kernel version, or is a driver from outside of the kernel.',
    hint: 'Correct the module\'s name in the fleet file, or give its Kconfig symbol there ("symbol": "NAME"); a vendor\'s driver comes along by --with-module DIR=y and has no place in the fleet file.',
  },
  'BW-FLEET-DRIVER-OFF': {
    exit: 'input',
    what: 'The fleet needs a driver that the stock kernel leaves out.',
    why: 'The fleet file was made for another kernel or architecture. What stock leaves out is not built in unless it is asked for by name, and without it machines of the fleet would not boot.',
    hint: 'Make the fleet file anew with a bundle of this kernel, or ask for the driver by --promote SYMBOL.',
  },
});
