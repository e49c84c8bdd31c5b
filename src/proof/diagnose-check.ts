import type { Failure } from './failure.ts';
import type { GuestReport } from './guest/report.ts';
import type { Check } from './judge.ts';

/** What modprobe or the kernel says of a module that does not load, and what is behind it. */
const moduleFailures: readonly (readonly [sign: RegExp, cause: string, hint: string])[] = [
  [
    /Key was rejected|Required key not available|Bad message|unavailable key|PKCS#?7/i,
    'Its signature is missing, or does not fit: the file was changed after signing (a strip drops the signature), or it was signed with a key that this kernel does not trust.',
    'Check the bundle with bootwright verify; build it again if a module was changed.',
  ],
  [
    /invalid module format|Exec format error|Invalid ELF|version magic|corrupted shared library/i,
    'The file is no valid module for this kernel: it is damaged, or was built for another one (vermagic).',
    'Check the bundle with bootwright verify.',
  ],
  [
    /Unknown symbol|disagrees about version|unknown symbol in module/i,
    'It needs symbols that this kernel does not have, or has otherwise: image and modules come from different builds.',
    'Build image and modules in one run.',
  ],
  [
    /not found|No such file/i,
    'It is not in the module tree, or modules.dep does not name it.',
    'Run depmod on the tree, or check the bundle with bootwright verify.',
  ],
];

/** What is most likely behind a check that failed, where no module is concerned. */
const causes: Readonly<Record<string, readonly [cause: string, hint: string]>> = {
  'root-is-nfs': [
    'The kernel mounted something else as its root, such as an initramfs that is built in.',
    'Look at INITRAMFS_SOURCE in the config.',
  ],
  'root-overlay': [
    'The kernel did not mount the overlay: OVERLAY_FS does not load, or does not take NFS below or tmpfs above (TMPFS_XATTR).',
    'See what the kernel says of overlayfs at the end of console.log.',
  ],
  'kernel-release': [
    'The image was built with another EXTRAVERSION or LOCALVERSION than the stock kernel.',
    'Check that image and modules belong to the same bundle.',
  ],
  'kernel-build': [
    'This is another build than the one that the manifest describes.',
    'Check the bundle with bootwright verify.',
  ],
  'secure-boot': [
    'The firmware has no keys, or the kernel is older than 4.11, which does not tell.',
    'Look for "Secure boot" in console.log, and at the firmware of the lab (doctor).',
  ],
  'command-line': [
    'The loader cut the command line, or the kernel has one built in that overrides it.',
    'Look at CMDLINE and CMDLINE_OVERRIDE in the config.',
  ],
  'boot-card': [
    'Another card took the address, or another driver took the card.',
    'See the interfaces in proof.json.',
  ],
  'card-driver-built-in': [
    'The driver was loaded as a module, or modules.builtin belongs to another build.',
    'Check that image and modules belong to the same bundle.',
  ],
  'card-driver-in-initramfs': [
    'The driver came from elsewhere, or the list in the bundle is that of another initramfs.',
    'Check the bundle with bootwright verify.',
  ],
  'only-initramfs-modules-before-root': [
    'The initramfs that was booted is not the one of the bundle, or its list is that of another one.',
    'Check the bundle with bootwright verify.',
  ],
  'no-modules-before-root': [
    'An initramfs that is built into the image loaded them.',
    'Look at INITRAMFS_SOURCE in the config.',
  ],
  'signatures-enforced': [
    'The kernel does not check signatures (MODULE_SIG is off), or took an unsigned module.',
    'Look at MODULE_SIG in the config, and check the modules with bootwright verify.',
  ],
};

/** Turns a check that failed into a failure with its likely cause. */
export function diagnoseCheck(check: Check, report: GuestReport): Failure {
  const kernelWords = report.kernelErrors.split('\n').filter((line) => line !== '');
  const base = {
    code: 'BW-PROOF-FAILED',
    stage: check.stage,
    what: `${check.title}: no. Expected ${check.expected}; found ${check.found}.`,
  } as const;
  if (check.stage === 'modules' && check.id.startsWith('module:')) {
    const evidence = [check.found, ...kernelWords];
    const known = moduleFailures.find(([sign]) => evidence.some((line) => sign.test(line)));
    return {
      ...base,
      what: `${check.id.slice('module:'.length)}, a module on the NFS root, does not load.`,
      cause: known?.[1] ?? 'The kernel refused it; its own words tell why.',
      hint: known?.[2] ?? 'See the end of console.log, beside proof.json.',
      evidence,
    };
  }
  const [cause, hint] = causes[check.id] ?? [
    'The guest reported something else than the bundle promises.',
    'See the report of the guest in proof.json.',
  ];
  return { ...base, cause, hint, evidence: kernelWords.slice(-6) };
}
