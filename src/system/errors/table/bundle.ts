import { defineErrors } from '../definition.ts';

/** Failures of packing, reading and checking bundles. */
export const bundleErrors = defineErrors({
  'BW-BUNDLE-INPUT': {
    exit: 'build',
    what: 'What the build made cannot be packed into a bundle.',
    why: 'A part is missing or is not what it should be: an image of another release, a link in the module tree, a report that cannot be read.',
    hint: 'Run the build again; if it fails in the same way, please report it with the lines above.',
  },
  'BW-BUNDLE-NOT': {
    exit: 'input',
    what: 'This is not a bundle.',
    why: 'A bundle is a folder with a manifest.json and an archive beside it, or such an archive alone (.tar.zst, .tar.xz, .tar.gz, .tar.bz2), or unpacked.',
    hint: 'Name the folder that "bootwright build" made, its archive, or its manifest.json.',
  },
  'BW-BUNDLE-NEWER-SCHEMA': {
    exit: 'input',
    what: 'The bundle was made by a newer version of Bootwright.',
    why: 'Its manifest has a schema version that this version does not know, so it cannot tell what the bundle promises.',
    hint: 'Update Bootwright to the version that made the bundle, or a later one.',
  },
  'BW-BUNDLE-CORRUPT': {
    exit: 'proof',
    what: 'The bundle is not what was packed.',
    why: 'A file in it differs from what the manifest or SHA256SUMS says: a bad disk or transfer, or somebody has changed it.',
    hint: 'Copy the bundle again from where it was made, or build it again; do not boot it.',
  },
  'BW-BUNDLE-TRUNCATED': {
    exit: 'proof',
    what: 'The archive of the bundle ends too early.',
    why: 'A copy or download of it was broken off, or the disk was full.',
    hint: 'Copy the bundle again from where it was made.',
  },
  'BW-BUNDLE-MISSING-FILE': {
    exit: 'proof',
    what: 'A file is missing from the bundle.',
    why: 'The manifest lists it, or the layout needs it, and it is not there.',
    hint: 'Copy the bundle again from where it was made, or build it again.',
  },
  'BW-BUNDLE-EXTRA-FILE': {
    exit: 'proof',
    what: 'The bundle holds a file that its manifest does not know.',
    why: 'Something was added after packing.',
    hint: 'Do not trust it: copy the bundle again from where it was made, or build it again.',
  },
  'BW-BUNDLE-UNSAFE': {
    exit: 'proof',
    what: 'The archive holds something that no bundle holds and that could do harm when unpacked.',
    why: 'A name that climbs out of the folder, an absolute name, a link, a device, a second member of the same name.',
    hint: 'Do not unpack it with any tool, and do not trust where it came from.',
  },
  'BW-BUNDLE-KERNEL': {
    exit: 'proof',
    what: 'The kernel in the bundle does not fit its manifest.',
    why: 'The image is no bootable x86 kernel, or it or its config is of another release, or a promoted driver is not built in.',
    hint: 'Build the bundle again.',
  },
  'BW-BUNDLE-MODULE': {
    exit: 'proof',
    what: 'A module in the bundle is not fit to be loaded, or not fit to be shipped.',
    why: 'It was built for another release, is not signed although the kernel checks signatures, or still carries debug sections.',
    hint: 'Build the bundle again.',
  },
  'BW-BUNDLE-PROOF': {
    exit: 'proof',
    what: 'A proof beside the bundle belongs to another bundle.',
    why: 'The proof names the digest of the kernel image that was booted, and it is not the digest of this one.',
    hint: 'Prove this bundle anew with "bootwright prove".',
  },
  'BW-BUNDLE-NOT-SIGNED': {
    exit: 'proof',
    what: 'The bundle is not signed.',
    why: 'A public key was given to check it by, and beside SHA256SUMS there is no SHA256SUMS.minisig. It may never have been signed, or the signature was left behind, or taken away.',
    hint: 'Get the whole folder from where it was signed, or sign it with "bootwright sign"; do not boot it on the word of anybody else.',
  },
  'BW-BUNDLE-SIGNATURE-FORGED': {
    exit: 'proof',
    what: 'The signature of the bundle is forged, or damaged.',
    why: 'It names the key by which it was checked, but that key has not made it: SHA256SUMS, the signature or its comment were changed, or made by somebody without the key.',
    hint: 'Do not boot the bundle; get it again from where it was signed.',
  },
  'BW-BUNDLE-SIGNATURE-OTHER-KEY': {
    exit: 'proof',
    what: 'The signature of the bundle is of another key.',
    why: 'Whoever signed it did so with another key than the one that you trust: a former one, a colleague’s, or a stranger’s.',
    hint: 'Ask whoever signed it for the public key, by a way on which nobody can exchange it, and only then verify by that key.',
  },
  'BW-BUNDLE-SIGNATURE-OTHER-FILE': {
    exit: 'proof',
    what: 'The signature belongs to something else that this key has signed.',
    why: 'The signature and its comment are genuine, but not of the SHA256SUMS beside it: the bundle was changed or packed anew after signing, or the signature of another bundle was put beside this one.',
    hint: 'Do not boot the bundle; get it again from where it was signed, or if you packed it anew yourself, sign it anew.',
  },
});
