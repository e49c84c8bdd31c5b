import { defineErrors } from '../definition.ts';

/** Failures of reading a machine's hardware and a stock kernel's drivers, and verdicts on them. */
export const coverageErrors = defineErrors({
  'BW-HARDWARE-EMPTY': {
    exit: 'input',
    what: 'The description of the machine is empty.',
    why: 'The program that should have written it failed, or is not installed there.',
    hint: 'Run "lspci -nnk > machine.txt" on the machine, and look whether the file has lines.',
  },
  'BW-HARDWARE-TOO-LARGE': {
    exit: 'input',
    what: 'The description of the machine is longer than that of any machine.',
    why: 'Outputs of lspci and lshw have less than 1 MB; more than 5 MB or 10,000 devices are something else, or many machines in one file.',
    hint: 'Give the output of "lspci -nnk" alone, of one machine.',
  },
  'BW-HARDWARE-BINARY': {
    exit: 'input',
    what: 'The description of the machine is not text.',
    why: 'It is packed (gzip, zip), an image of a screen, or a document of an office program.',
    hint: 'Unpack it, or run "lspci -nnk > machine.txt" on the machine.',
  },
  'BW-HARDWARE-HTML': {
    exit: 'input',
    what: 'The description of the machine is a web page.',
    why: 'A page of a forum, ticket or paste service was saved, and not the text in it.',
    hint: 'Take the raw text (such sites have a "raw" link), or run "lspci -nnk > machine.txt" on the machine.',
  },
  'BW-HARDWARE-UNKNOWN': {
    exit: 'input',
    what: 'The description of the machine is in none of the forms that are read.',
    why: 'Read are lspci (-nn, -nnk, -nnmm, -vmmnn), modaliases of /sys, lshw (text and -json), and dmidecode for the name of the machine.',
    hint: 'Run "lspci -nnk > machine.txt" on the machine; without lspci, "grep . /sys/bus/*/devices/*/modalias > machine.txt".',
  },
  'BW-HARDWARE-NO-DEVICES': {
    exit: 'input',
    what: 'The description names the machine, but no network device of it.',
    why: 'dmidecode does not know PCI ids, and lshw run for another class, or without root, leaves out the network.',
    hint: 'Run "lspci -nnk" on the machine; its output can stand in the same file.',
  },
  'BW-HARDWARE-NO-IDS': {
    exit: 'input',
    what: 'The description of the machine has names of devices, but no numbers.',
    why: 'lspci prints the ids, by which drivers find their devices, only with -nn; lshw with -numeric.',
    hint: 'Run "lspci -nnk > machine.txt" on the machine, or "lshw -numeric".',
  },
  'BW-HARDWARE-NO-SYSFS': {
    exit: 'host',
    what: 'This machine does not show its devices.',
    why: 'sysfs is not mounted here, or a container hides it.',
    hint: 'Run "lspci -nnk > machine.txt" on the machine itself, and give it by --lspci machine.txt.',
  },
  'BW-STOCK-NOT': {
    exit: 'input',
    what: 'These are not the modules of a stock kernel.',
    why: 'The folder has no modules.dep, no modules.builtin and no modules, or no network driver among them; a file is no package, or is broken.',
    hint: "Name the stock kernel's packages (.rpm, .deb), or /lib/modules/<uname -r> of a machine that runs it.",
  },
  'BW-STOCK-RELEASE': {
    exit: 'input',
    what: 'The stock modules are of another kernel than the bundle.',
    why: 'Which devices a driver claims changes from release to release, so the modules have to be of the very same.',
    hint: 'Take the modules of the release that the bundle was built from: "bootwright show" tells its uname -r.',
  },
  'BW-STOCK-UNVERSIONED': {
    exit: 'input',
    what: 'The kernel does not tell whether a stock module fits it.',
    why: 'Without CONFIG_MODVERSIONS a module carries no CRCs of the symbols that it needs: one that was compiled with another config could be loaded, and break the kernel.',
    hint: 'Compile the modules from the same tree: leave --modules at "all".',
  },
  'BW-STOCK-DEBUG-INFO': {
    exit: 'usage',
    what: 'Stock modules and a kernel without debug information do not go together.',
    why: 'With CONFIG_DEBUG_INFO_BTF_MODULES "struct module" has more members: without it every stock module expects another form of "module_layout", and none can be loaded.',
    hint: 'Leave --debug-info at "auto", which compiles only as much debug information as the types need.',
  },
  'BW-STOCK-IS-NETBOOT': {
    exit: 'input',
    what: 'The modules are those of a netboot kernel, not of stock.',
    why: 'A netboot kernel has the uname -r of stock, but no module for what it has built in; only stock modules tell which devices they claim.',
    hint: "Take the distro's kernel packages, or /lib/modules of an installed system.",
  },
  'BW-COVERAGE-NOT-SERVED': {
    exit: 'proof',
    what: 'The machine does not netboot with this bundle.',
    why: 'No network card of it has a driver in the kernel image: it is a module, or this kernel has none.',
    hint: 'See the reasons above; what stock has as a module can be built in by "bootwright build --promote SYMBOL", a vendor\'s driver by --with-module DIR=y.',
  },
  'BW-COVERAGE-UNKNOWN': {
    exit: 'input',
    what: 'It cannot be told whether the machine netboots with this bundle.',
    why: 'A driver that is built in does not tell its ids; they are in the modules of the stock kernel. Or a driver is for some boards only, and the board was not told.',
    hint: 'Give --stock with the packages of the stock kernel or its modules, and the output of "lspci -nnk".',
  },
  'BW-COVERAGE-NO-CARD': {
    exit: 'input',
    what: 'No network device was found in the description of the machine.',
    why: 'Only a part of the output was given (grep), or the card is off in the firmware, or it sits on a bus that lspci does not show.',
    hint: 'Give the whole output of "lspci -nnk"; for USB and virtual machines, "grep . /sys/bus/*/devices/*/modalias".',
  },
  'BW-FLEET-NOT-SERVED': {
    exit: 'proof',
    what: 'There are machines in the fleet that no scope boots.',
    why: 'No network card of them has a driver that this kernel could have in its image: the kernel has none, it cannot be built in, or the only cards are wireless or InfiniBand.',
    hint: "See the reasons above; a vendor's driver comes along by build --with-module DIR=y. The fleet file, if one was asked for, has what the other machines need.",
  },
  'BW-FLEET-UNKNOWN': {
    exit: 'input',
    what: 'Of some machines of the fleet it is not known what boots them.',
    why: 'Which devices a driver claims stands in the modules of the stock kernel; a driver may be for some boards only, and the board was not told; or the description of a machine has no network card in it.',
    hint: 'Give --stock with the packages of the stock kernel or its modules, and the whole output of "lspci -nnk" of each machine.',
  },
  'BW-FLEET-OTHER-BUNDLE': {
    exit: 'input',
    what: 'The bundle named by --built was not built with this scope.',
    why: 'It is of another kernel, or its image has not the drivers that are suggested: its size and boot times say nothing of them.',
    hint: 'Write the scope to a file (--out), build it (build --scope fleet=FILE), and name the bundle that came of it.',
  },
});
