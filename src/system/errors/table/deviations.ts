import { defineErrors } from '../definition.ts';

/** Failures of what a person wants to be other than the package has it. */
export const deviationErrors = defineErrors({
  'BW-PATCH-REJECTED': {
    exit: 'input',
    what: 'A patch of your own does not apply to the prepared tree.',
    why: "It was made for another version of the file, or an earlier patch, the package's or your own, has changed the same place. It is applied as patch -p1 --fuzz=0: what is around each change has to be the same.",
    hint: 'Make the patch anew against the prepared tree (build --until source leaves it in the workspace), or name the patches in another order. The tree is as it was before.',
  },
  'BW-LIKE-INCOMPLETE': {
    exit: 'input',
    what: 'The bundle does not hold all that is needed to repeat its build.',
    why: 'It was made by an older version of Bootwright, which noted what was asked for in words, and did not keep the files.',
    hint: 'Give what is missing by options of this call: an option that is given counts instead of what the bundle has.',
  },
  'BW-VENDOR-SOURCE': {
    exit: 'input',
    what: 'A folder named as a driver is not one that kbuild can compile.',
    why: 'A driver as vendors ship it has a Kbuild or Makefile that says obj-m, in its folder or in src/ below. Some first have to be prepared by a script of their own; some wait for a symbol that the kernel does not know.',
    hint: 'Name the folder of the sources; prepare them as the vendor says, up to where its make would compile; write obj-m := NAME.o where the Makefile says obj-$(CONFIG_…).',
  },
  'BW-VENDOR-COMPILE': {
    exit: 'build',
    what: "A vendor's driver did not compile for this kernel.",
    why: 'Drivers outside of the kernel follow its interfaces with a delay: this one was written for older or other kernels.',
    hint: "Look at the file and line above; ask the vendor for a version that supports this kernel. The kernel's own sources are not the matter.",
  },
  'BW-VENDOR-SHADOWED': {
    exit: 'input',
    what: "A vendor's module would never be used.",
    why: 'The netboot kernel has its own driver of that name built in: it takes the hardware before any module can be loaded, and modprobe then thinks that the module is there.',
    hint: "Build the vendor's driver in (--with-module DIR=y), or leave the kernel's own a module (--exclude SYMBOL).",
  },
  'BW-VENDOR-NO-MODULES': {
    exit: 'usage',
    what: "A vendor's driver is to be a module, and no modules are to be made.",
    why: '--modules none makes the image alone.',
    hint: 'Build the driver in (--with-module DIR=y), or leave --modules none out.',
  },
  'BW-PATCH-EMPTY': {
    exit: 'input',
    what: 'A file named as a patch is none.',
    why: 'It names no file to change: another kind of file, a web page, or a patch with names that have no folder to be taken off (-p1).',
    hint: 'Make it with diff -u or git format-patch, with names such as a/drivers/net/….',
  },
});
