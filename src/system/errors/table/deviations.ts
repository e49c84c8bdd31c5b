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
  'BW-PATCH-EMPTY': {
    exit: 'input',
    what: 'A file named as a patch is none.',
    why: 'It names no file to change: another kind of file, a web page, or a patch with names that have no folder to be taken off (-p1).',
    hint: 'Make it with diff -u or git format-patch, with names such as a/drivers/net/….',
  },
});
