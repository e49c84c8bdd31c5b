import { defineErrors } from '../definition.ts';

/** Failures of the source stage: the source package itself, and its `%prep`. */
export const sourceErrors = defineErrors({
  'BW-SOURCE-NOT-RPM': {
    exit: 'input',
    what: 'The file is not an RPM package.',
    why: 'It does not start with the magic number of RPM: another kind of file, or a web page saved under its name.',
    hint: 'Name the kernel source package of the distribution, such as kernel-5.14.0-570.32.1.el9_6.src.rpm.',
  },
  'BW-SOURCE-BINARY': {
    exit: 'input',
    what: 'The RPM is a binary package; a source package is needed.',
    why: 'The netboot kernel is built from the sources of the stock one, which only the source package has.',
    hint: 'Get the source package of the same version (dnf download --source kernel); its name ends in .src.rpm.',
  },
  'BW-SOURCE-TRUNCATED': {
    exit: 'input',
    what: 'The source package ends too early.',
    why: 'It was not downloaded or copied to its end.',
    hint: 'Download it again.',
  },
  'BW-SOURCE-CORRUPT': {
    exit: 'input',
    what: 'The source package is damaged.',
    why: 'A digest that it carries of itself does not hold, or something in it contradicts the rest.',
    hint: 'Download it again, from a mirror that you trust, and compare its checksum.',
  },
  'BW-SOURCE-UNSAFE-NAME': {
    exit: 'input',
    what: 'The source package has a file that could land outside of its folder.',
    why: "A source package's files are plain files side by side; a name with a slash, or a link, is no accident.",
    hint: 'Do not use this package; get it again from the vendor, and tell whoever gave it to you.',
  },
  'BW-SOURCE-UNSUPPORTED': {
    exit: 'input',
    what: 'The source package is packed in a way that is not known.',
    why: 'Its payload is no cpio archive, or its format is newer than this version of Bootwright.',
    hint: 'Check that the package is a kernel source package, and use a newer version of Bootwright.',
  },
  'BW-SOURCE-NO-SPEC': {
    exit: 'input',
    what: 'The source package does not have exactly one spec file.',
    why: 'The spec says how the tree is prepared; without it, or with two, nobody can tell.',
    hint: 'Use the package as the distribution has published it.',
  },
  'BW-SOURCE-ARCH': {
    exit: 'input',
    what: 'The source package is not meant for this architecture.',
    why: 'Its ExclusiveArch or ExcludeArch rules it out.',
    hint: 'Use the source package of the kernel for this architecture.',
  },
  'BW-SOURCE-INSTALL': {
    exit: 'build',
    what: 'rpm could not unpack the source package.',
    why: 'The rpm of this host does not accept the package, or cannot write into the workspace.',
    hint: "Read rpm's own words in the log.",
  },
  'BW-SOURCE-SPEC': {
    exit: 'build',
    what: 'The spec of the source package cannot be read.',
    why: 'It uses something that the rpm of this host does not know, or needs a macro that this host lacks.',
    hint: 'Supply a missing macro with --define "NAME VALUE".',
  },
  'BW-SOURCE-MACRO': {
    exit: 'build',
    what: "The spec's %prep uses a macro that this host does not define.",
    why: "The macro comes with a package of the distribution's own (such as redhat-rpm-config); rpm leaves an unknown one as it is, and the shell then takes it for a job number.",
    hint: 'Supply it with --define "NAME VALUE".',
  },
  'BW-SOURCE-PATCH': {
    exit: 'build',
    what: 'A patch of the source package does not apply.',
    why: 'The package is inconsistent, or an earlier step of %prep did something else on this host.',
    hint: 'Read the log around the patch; check that the package is the one that the vendor published.',
  },
  'BW-SOURCE-PREP': {
    exit: 'build',
    what: 'The %prep section of the source package failed.',
    why: 'A command in it ended with an error.',
    hint: 'Read the log: the last command before the error is the one that failed.',
  },
  'BW-SOURCE-SANDBOX': {
    exit: 'host',
    what: 'The %prep section cannot be run in isolation on this host.',
    why: '%prep is foreign code: it runs unprivileged, in a sandbox of bubblewrap where the host allows one.',
    hint: 'Install bubblewrap, run as an ordinary user, or allow running without a sandbox (--sandbox auto).',
  },
  'BW-SOURCE-NO-TREE': {
    exit: 'build',
    what: 'The %prep section left no kernel tree.',
    why: 'No folder that it made has the Makefile and the scripts/kconfig of a kernel.',
    hint: 'Check that this is the source package of a kernel, not of a tool or module that belongs to it.',
  },
  'BW-SOURCE-RELEASE': {
    exit: 'build',
    what: "The kernel's release does not fit its tree.",
    why: '`uname -r` starts with the version in the Makefile; the package states another one.',
    hint: 'Check that the package is the one that the vendor published.',
  },
  'BW-SOURCE-CONFIG-MISSING': {
    exit: 'input',
    what: 'The source package has no config for this architecture.',
    why: 'Neither the prepared tree nor the sources have a config file named for it.',
    hint: 'Name a config of your own with --config FILE.',
  },
  'BW-SOURCE-CONFIG-ARCH': {
    exit: 'input',
    what: 'The config is for another architecture.',
    why: "The config's first lines, or its symbols, name another architecture than the one that is built for.",
    hint: 'Name a config for the right architecture.',
  },
  'BW-SOURCE-VARIANT': {
    exit: 'input',
    what: 'The source package has no such variant of the kernel.',
    why: 'There is no config file for the variant.',
    hint: 'Choose one of the variants listed above with --variant.',
  },
});
