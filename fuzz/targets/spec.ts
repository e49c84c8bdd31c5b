import { parseConfigName } from '../../src/kernel/source/config.ts';
import { builtRelease } from '../../src/kernel/source/release.ts';
import type { Target } from '../target.ts';

/** A spec, expanded, of which the release is read; and a name that may be a config's. */
export const specTarget: Target = {
  name: 'spec',
  words: [
    ...[
      'KernelVer=',
      '$Flavour',
      '\x24{Flavour}',
      '\x24{Flavour:+.$Flavour}',
      'Flavour=$1\n',
      '$1',
      '"',
    ],
    ...[
      'local ',
      'EXTRAVERSION = -1',
      "s/^EXTRAVERSION.*/EXTRAVERSION = -1/'",
      '\n',
      ' ',
      '$',
      '{',
    ],
    ...['}', 'kernel-', '-x86_64', '.config', '-rhel', '6.0.0-'],
  ],
  seeds: () => [
    Buffer.from('Flavour=$1\n  KernelVer=6.0.0-1.el9.x86_64\x24{Flavour:++\x24{Flavour}}\n'),
    Buffer.from('kernel-6.0.0-x86_64-rt.config\n'),
    Buffer.from("perl -p -i -e 's/^EXTRAVERSION.*/EXTRAVERSION = -1.el5/' Makefile\n"),
  ],
  async run(input) {
    const text = Buffer.from(input).toString('latin1');
    for (const variant of [undefined, 'rt']) builtRelease(text, variant, '6.0.0');
    for (const line of text.split('\n', 20)) parseConfigName(line);
  },
  isOwnError: () => false,
};
