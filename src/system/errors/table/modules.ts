import { defineErrors } from '../definition.ts';

/** Failures of installing, stripping, signing and checking modules. */
export const modulesErrors = defineErrors({
  'BW-MODULES-KEY': {
    exit: 'input',
    what: 'The module signing key cannot be used.',
    why: 'The file does not hold a PEM private key (without passphrase) together with the certificate that belongs to it.',
    hint: 'Give a file with both to --sign-key, or leave the option out: Bootwright then makes a key of its own, once.',
  },
  'BW-MODULES-INSTALL': {
    exit: 'build',
    what: 'The modules could not be installed.',
    why: 'make modules_install failed while copying, stripping, signing or compressing.',
    hint: 'Read the log; the last lines name the module and the program that failed.',
  },
  'BW-MODULES-UNREADABLE': {
    exit: 'proof',
    what: 'A module file is damaged.',
    why: 'It is no relocatable 64-bit ELF file, is cut off, or its compression or signature block is broken.',
    hint: 'Build again; if it stays so, check disk and memory of this machine.',
  },
  'BW-MODULES-VERMAGIC': {
    exit: 'proof',
    what: 'A module is not of this kernel.',
    why: 'Its vermagic (release, SMP, preemption, unloading, versions) is not what config and release lead to: it would not load.',
    hint: 'Remove the folder of the objects and compile again; a module of an earlier build may have been left there.',
  },
  'BW-MODULES-UNSIGNED': {
    exit: 'proof',
    what: 'A module is not signed.',
    why: 'The config signs modules, but this one bears no signature. strip removes a signature without a word, so it was stripped after signing.',
    hint: 'Install the modules again, and let nothing strip them afterwards.',
  },
  'BW-MODULES-SIGNATURE': {
    exit: 'proof',
    what: 'The signature of a module does not hold.',
    why: 'The module was changed after signing, or signed with a key other than the one that the image trusts: a kernel that enforces signatures refuses it.',
    hint: 'Install the modules again from the objects. If a published bundle shows this, do not use it.',
  },
  'BW-MODULES-UNTRUSTED': {
    exit: 'build',
    what: 'The image does not hold the certificate that the modules are signed with.',
    why: 'The key was changed after the image was linked, or a compiler cache has served an object with an earlier certificate.',
    hint: 'Remove the folder of the objects and compile again, with --ccache off if it stays so.',
  },
  'BW-MODULES-UNSTRIPPED': {
    exit: 'proof',
    what: 'A module still has debug information.',
    why: 'It was not stripped; with debug information a module is about twelve times as large.',
    hint: 'Install the modules again with INSTALL_MOD_STRIP=1.',
  },
  'BW-MODULES-SYMBOLS': {
    exit: 'build',
    what: 'A module needs a symbol that nothing provides.',
    why: 'Neither the image nor any installed module exports it, so the module would not load.',
    hint: 'Check that image and modules come from one compile; remove the folder of the objects and compile again.',
  },
  'BW-MODULES-INCOMPLETE': {
    exit: 'build',
    what: 'The module tree is not complete.',
    why: 'modules.order, modules.dep, modules.builtin and the files do not agree with each other or with the config.',
    hint: 'Install the modules again; the lines above name what is missing.',
  },
});
