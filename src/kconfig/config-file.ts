import type { ConfigInput, Configuration, Kconfig } from './model.ts';

/** Reads the text of a `.config` file as confdata.c does. */
export function parseConfig(_text: string, _kconfig: Kconfig): ConfigInput {
  throw new Error('not written yet');
}

/** The bytes of `.config` as conf_write() writes them. */
export function writeConfig(_configuration: Configuration): string {
  throw new Error('not written yet');
}
