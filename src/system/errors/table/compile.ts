import { defineErrors } from '../definition.ts';

/** Failures of the compile stage. */
export const compileErrors = defineErrors({
  'BW-COMPILE-PATH': {
    exit: 'usage',
    what: 'The kernel cannot be built in a folder of that name.',
    why: 'kbuild refuses trees and output folders with spaces or colons in their path, and make and the shell give other special characters a meaning.',
    hint: 'Name a workspace (--workspace) whose whole path has only letters, digits and . _ - + @ ~ in it.',
  },
  'BW-COMPILE-HYPERVISOR': {
    exit: 'input',
    what: 'The kernel does not start by itself.',
    why: 'It is one for guests of a hypervisor, such as EL 5’s `xen`: its image is none that firmware or a boot loader can start.',
    hint: 'Build the plain kernel, or another variant; the hypervisor with its guest kernel is installed from there.',
  },
  'BW-COMPILE-RELEASE': {
    exit: 'input',
    what: 'The kernel would not have the wanted release (`uname -r`).',
    why: 'The version in the tree’s Makefile, its localversion files, CONFIG_LOCALVERSION or CONFIG_LOCALVERSION_AUTO lead to another one than the stock kernel has; the target’s tools would then look for the wrong modules.',
    hint: 'Check that tree, config and --release belong together; CONFIG_LOCALVERSION should be empty or a part of the release, CONFIG_LOCALVERSION_AUTO off.',
  },
  'BW-COMPILE-CONFIG-CHANGED': {
    exit: 'build',
    what: 'The tree changed the config that it was given.',
    why: 'Its own olddefconfig does not agree with the config: an unmet dependency, an unknown symbol, or a compiler or tool (pahole …) other than at configure time.',
    hint: 'Configure again with the tools that are installed now; the symbols above show what differs.',
  },
  'BW-COMPILE-SIGNING-KEY': {
    exit: 'build',
    what: 'The config does not name the module signing key that the build provides.',
    why: 'The config signs modules, and its MODULE_SIG_KEY points elsewhere; kbuild would then make a key of its own, or overwrite one.',
    hint: 'Configure again, so that the signing settings become part of the netboot config.',
  },
  'BW-COMPILE-SIGNING-MEANS': {
    exit: 'build',
    what: 'The kernel signs its modules in a way that Bootwright does not know.',
    why: 'Before 3.7, signatures were not those of the kernel itself but of the distribution: EL 5 and 6 sign by GnuPG, with a key of theirs in the image.',
    hint: 'Leave the signatures out: put the line "# CONFIG_MODULE_SIG is not set" into a file and give it with --fragment FILE.',
  },
  'BW-COMPILE-FAILED': {
    exit: 'build',
    what: 'The kernel did not compile.',
    why: 'The compiler, the linker or another tool of the kernel build reported an error; the first one is shown, not the last.',
    hint: 'Look at the file and line above; the log has the whole story. The usual causes are an option that your --config or --fragment leaves out and the vendor never does (what the vendor does not ship is not kept alive: take its own value for it), and a vendor patch that does not fit this compiler.',
  },
  'BW-COMPILE-MEMORY': {
    exit: 'host',
    what: 'Memory ran out while compiling.',
    why: 'A full distro config with BTF takes about 6 GB at its peak; each job adds to it.',
    hint: 'Run with fewer --jobs, or give the machine more memory or swap; the next run goes on from the objects that are there.',
  },
  'BW-COMPILE-BUSY': {
    exit: 'busy',
    what: 'Another make is at work in the folder of the objects.',
    why: 'A run that was killed has left a make behind that has not ended yet (linking can take minutes), or somebody runs make there by hand.',
    hint: 'Wait for it to end, or end it, and run the command again: it goes on from the objects that are there.',
  },
  'BW-COMPILE-OUTPUT': {
    exit: 'build',
    what: 'make ended well, but something that it should have made is not there.',
    why: 'The tree builds its image under another name or place than this architecture is known to.',
    hint: 'Look at the end of the log for what was built.',
  },
});
