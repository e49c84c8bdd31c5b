import { defineErrors } from '../definition.ts';

/** Failures of the files that give options their defaults. */
export const defaultsErrors = defineErrors({
  'BW-DEFAULTS-INVALID': {
    exit: 'usage',
    what: 'A file of defaults cannot be used as it is.',
    why: 'It is no JSON, or it has a key or a value that the command line would not take either: a misspelt option would otherwise be ignored without a word.',
    hint: 'Mend the key named above, or move the file away; docs/bootwright.schema.json says what it can hold.',
  },
  'BW-DEFAULTS-FOREIGN': {
    exit: 'usage',
    what: 'The file of defaults in this folder may be somebody else’s.',
    why: 'bootwright.json in the folder where a command runs could switch the sandbox off or name macros that run programs; so it has to belong to you or to root, and only its owner and group may be able to write it.',
    hint: 'Look at what it says; then make it yours (chown), take the write permission from others (chmod o-w), or move it away.',
  },
});
