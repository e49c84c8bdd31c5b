import { defineErrors } from '../definition.ts';

/** Failures of saying what an initramfs needs, and advice by which no root would be found. */
export const adviceErrors = defineErrors({
  'BW-ADVICE-NO-STOCK': {
    exit: 'input',
    what: "Nothing is known of the stock kernel's modules.",
    why: 'The initramfs of the installed system is made of stock modules, and the bundle was built without a stock kernel to read them from.',
    hint: 'Give --stock with the packages of the stock kernel, or /lib/modules/<uname -r> of a machine that runs it; or build the bundle with --stock, so that it keeps them.',
  },
  'BW-ADVICE-NO-DEVICE': {
    exit: 'input',
    what: 'The description of the machine has no device that its root could lie on.',
    why: 'Only a part of it was given, or the machine has no disk, or its disk controller sits behind something that has no driver there.',
    hint: 'Give all modaliases of the machine, "find /sys -name modalias | xargs cat"; for a root that is not on a local disk, say so by --root-on nfs or iscsi.',
  },
  'BW-ADVICE-UNKNOWN': {
    exit: 'input',
    what: 'It cannot be told which driver finds the root.',
    why: "No stock module claims the device. Either stock has its driver built in, where ids are not told before 6.18, or a vendor's driver is needed, or a package with more modules (kernel-modules-extra) was not given.",
    hint: 'Give --stock with all packages of modules, and the output of "lspci -nnk" under the stock kernel, which names drivers.',
  },
});
