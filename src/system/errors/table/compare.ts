import { defineErrors } from '../definition.ts';

/** Failures of comparing a bundle with stock, and the verdict on it. */
export const compareErrors = defineErrors({
  'BW-COMPARE-SYMVERS': {
    exit: 'input',
    what: 'A list of exported symbols cannot be read.',
    why: 'It is no Module.symvers (CRC, symbol, provider, kind, with tabs between) and no list of names, is empty, or was cut off.',
    hint: "Give Module.symvers of a build, symvers of kernel-core, or Module.kabi_<arch> of the distro's source package.",
  },
  'BW-COMPARE-DIFFERS': {
    exit: 'proof',
    what: 'The kernel differs from stock in something that the bundle does not account for.',
    why: 'Another vermagic, a CRC that is not that of stock, a symbol or driver that is gone, a symbol of the kABI list that is not kept, an option that nobody asked for.',
    hint: 'See what is marked "not accounted for"; with --tree, the options\' reasons come from the Kconfig files. Debug information as in stock (--debug-info keep or auto) keeps the CRCs.',
  },
});
