import type { ConfigInput, Configuration, Kconfig } from './model.ts';

/** The values that `conf --olddefconfig` would compute for this `.config`. */
export function configure(_kconfig: Kconfig, _input?: ConfigInput): Configuration {
  throw new Error('not written yet');
}
