import { defineErrors } from '../definition.ts';

/** Failures of the lab (the apparatus that boots a kernel) and of what is proved in it. */
export const proofErrors = defineErrors({
  'BW-PROOF-FAILED': {
    exit: 'proof',
    what: 'The kernel was booted, and did not show what it must.',
    why: 'A stage of the boot was not reached, or what the guest reported is not what the bundle promises.',
    hint: 'Read the console beside proof.json; the failure names the stage and the likely cause.',
  },
  'BW-PROOF-MATRIX': {
    exit: 'proof',
    what: 'Not all boots of the matrix have passed.',
    why: 'On some machine a stage of the boot was not reached, or the guest did not report what it must.',
    hint: 'Each has its record and its console in the folder proofs beside the bundle; prove one of them alone to look closer.',
  },
  'BW-PROOF-LAB': {
    exit: 'host',
    what: 'A program of the lab did not start, or died during the boot.',
    why: 'dnsmasq, the NFS server, the HTTP server or QEMU ended by itself or was killed: this says nothing about the kernel.',
    hint: 'Read its log beside proof.json, then run the proof again.',
  },
  'BW-PROOF-PRIVILEGE': {
    exit: 'host',
    what: 'The lab needs root.',
    why: 'It makes a network of its own (namespaces, bridge, tap) and an NFS export; building needs no root, proving does.',
    hint: 'Run the proof as root (sudo bootwright prove BUNDLE).',
  },
  'BW-PROOF-NAMESPACE': {
    exit: 'host',
    what: 'This host does not let the lab make its namespaces.',
    why: 'unshare(2) was refused, or the tun device is missing: usual inside containers without CAP_SYS_ADMIN.',
    hint: 'Run the proof on the host itself, or in a container started with --privileged.',
  },
  'BW-PROOF-PARTS': {
    exit: 'host',
    what: 'A file that a boot in the lab needs is not on this host.',
    why: 'Firmware, boot ROMs and boot loaders come from packages of the host.',
    hint: 'Install the package named above and run the proof again.',
  },
  'BW-PROOF-COMBINATION': {
    exit: 'usage',
    what: 'This combination of network card, firmware and boot loader does not exist in the lab.',
    why: 'Not every emulated card has a boot ROM for every firmware, and not every loader runs on every firmware.',
    hint: 'See bootwright prove --help for the cards, firmwares and loaders that go together.',
  },
  'BW-PROOF-INPUT': {
    exit: 'input',
    what: 'What is to be proved is not complete.',
    why: 'A proof needs a kernel image, and the folder of the modules that belong to it.',
    hint: 'Check the bundle with bootwright verify, or build it again.',
  },
  'BW-PROOF-LACKS': {
    exit: 'input',
    what: 'The kernel lacks what this boot is to show.',
    why: 'What stock leaves out, Bootwright leaves out.',
    hint: 'Prove without it.',
  },
  'BW-PROOF-COMMAND-LINE': {
    exit: 'input',
    what: 'A kernel command line cannot be made of these arguments.',
    why: 'The kernel splits its command line at spaces and reads quotes in its own way; nothing may break out of an argument, and the length is limited.',
    hint: 'Take spaces, quotes and control characters out of the argument, or shorten it.',
  },
});
