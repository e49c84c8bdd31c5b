import { defineErrors } from '../definition.ts';

/** Failures of building a bundle a second time. */
export const reproduceErrors = defineErrors({
  'BW-REPRODUCE-DIFFERS': {
    exit: 'proof',
    what: 'The bundle did not come out the same when it was built anew.',
    why: 'Something other than source package, settings, tools and certificate has got into it: another version of Bootwright, a tool that the manifest does not name, the machine, or somebody who has changed it after it was built.',
    hint: 'Look at the files and sections above, and at both bundles, which were left there; install diffoscope and run it again for more.',
  },
  'BW-REPRODUCE-SOURCE': {
    exit: 'input',
    what: 'The source package is not the one that the bundle was made from.',
    why: 'Its digest is not the one in the manifest: another version, another build of the same version, or a damaged copy.',
    hint: 'Get the package that the manifest names, with that digest; "bootwright show" says which.',
  },
  'BW-REPRODUCE-STOCK': {
    exit: 'input',
    what: 'The stock modules are not those that the bundle was made with.',
    why: "The bundle was built with --modules stock=PATH: its modules are the vendor's, and the manifest names the packages, or the folder, with their digests.",
    hint: 'Give the same packages or folder, each by --stock PATH.',
  },
  'BW-REPRODUCE-TOOLCHAIN': {
    exit: 'host',
    what: 'The tools of this host are not those that made the bundle.',
    why: 'Another compiler, linker, make or pahole makes other bytes from the same source, so that nothing would follow from a difference.',
    hint: 'Run it where these versions are installed (a container of the same release of the distro), or with --any-toolchain to see what differs.',
  },
  'BW-REPRODUCE-KEY': {
    exit: 'input',
    what: "The bundle's modules cannot be signed as they were.",
    why: 'Either the key that was given is another one than that by whose certificate the image trusts its modules, or no key was given and the certificate cannot be taken from the image.',
    hint: 'Give the key that the bundle was made with (--sign-key), or leave --sign-key out: then its certificate and signatures are taken from the bundle.',
  },
  'BW-REPRODUCE-FOLDER': {
    exit: 'usage',
    what: 'The folder named as workspace holds something else.',
    why: 'A bundle is built anew in a folder of its own: in the one that it was built in before, everything would be there already.',
    hint: 'Name a folder that does not exist yet, or that of a reproduction of the same bundle that was stopped.',
  },
});
