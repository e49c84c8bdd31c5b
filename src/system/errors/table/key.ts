import { defineErrors } from '../definition.ts';

/** Failures of the keys that bundles are signed and verified by. */
export const keyErrors = defineErrors({
  'BW-KEY-MISSING': {
    exit: 'input',
    what: 'There is no such key.',
    why: 'The path is mistyped, or relative to another folder, or the key lies on a medium that is not there. A public key in base64 has 56 characters and begins with RW; anything else is taken for a file.',
    hint: 'Check the path; "bootwright key new" makes a pair of keys.',
  },
  'BW-KEY-NOT': {
    exit: 'input',
    what: 'The file is not a key in minisign’s format.',
    why: 'It is another kind of key (OpenPGP, SSH, PEM), a public key where a secret one is needed or the other way round, or it is damaged.',
    hint: 'To sign, name the secret key; to verify, the .pub file beside it. Both are made by "bootwright key new" or "minisign -G".',
  },
  'BW-KEY-EXISTS': {
    exit: 'usage',
    what: 'There is a key already.',
    why: 'A key that is overwritten is lost, and with it whatever was to be signed in its name.',
    hint: 'Name another file with --out, or move the old one away first.',
  },
  'BW-KEY-PASSPHRASE': {
    exit: 'input',
    what: 'The passphrase does not open the secret key.',
    why: 'It is mistyped, of another key, or the key’s file is damaged: these cannot be told from each other.',
    hint: 'Try again; of a file for --passphrase-file, the first line counts, to its last blank. Nobody can recover a passphrase that is lost: make a new key then.',
  },
  'BW-KEY-PASSPHRASE-NEEDED': {
    exit: 'usage',
    what: 'There is nobody to ask for the passphrase.',
    why: 'Standard input is not a terminal, as in a script, and no file was named to take the passphrase from.',
    hint: 'Give --passphrase-file FILE, which only you can read; or sign with a key that has no passphrase.',
  },
  'BW-KEY-PASSPHRASE-UNFIT': {
    exit: 'usage',
    what: 'This cannot be a passphrase.',
    why: 'It is empty, or longer than the 1023 bytes that minisign reads, or was typed in two different ways.',
    hint: 'Choose another one, or make a key without any: --no-passphrase.',
  },
});
