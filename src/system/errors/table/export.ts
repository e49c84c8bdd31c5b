import { defineErrors } from '../definition.ts';

/** Failures of making packages and boot media out of bundles. */
export const exportErrors = defineErrors({
  'BW-EXPORT-FAILED': {
    exit: 'build',
    what: 'A program that packs failed.',
    why: 'rpmbuild, dpkg-deb, GRUB, mtools or xorriso ended with an error: its last lines say which, and why.',
    hint: 'Read the last lines above; "bootwright verify" tells whether the bundle is whole.',
  },
  'BW-EXPORT-PARTS': {
    exit: 'host',
    what: 'Something that belongs on a boot medium is not on this host.',
    why: 'GRUB and iPXE on the medium come from packages of the host, and one of them is not installed.',
    hint: 'Install the package that is named above.',
  },
  'BW-EXPORT-COMMAND-LINE': {
    exit: 'usage',
    what: 'The kernel on a boot medium cannot be told this.',
    why: 'The address of an NFS root has to be a number, since the kernel resolves no names; spaces, quotes, "$", ";" and the like would not get through GRUB as they are; the whole has to fit into 2047 characters.',
    hint: 'Give an NFS root as --nfsroot 10.0.0.1:/srv/root, and each parameter by an --append of its own.',
  },
});
