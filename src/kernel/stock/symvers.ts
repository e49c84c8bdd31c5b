/** A symbol that an image or a module exports, as modpost lists it. */
export interface ListedSymbol {
  readonly name: string;
  /** 0 in a kernel without CONFIG_MODVERSIONS. */
  readonly crc: number;
  /** `vmlinux`, or the module's path without `.ko`. */
  readonly provider: string;
}

/**
 * Reads a Module.symvers: lines of CRC, symbol, provider and more, with tabs between
 * (Documentation/kbuild/modules.rst, 6.3). What is no such line is left out.
 */
export function parseSymvers(text: string): readonly ListedSymbol[] {
  return text.split('\n').flatMap((line) => {
    const [crc = '', name, provider] = line.split('\t');
    if (name === undefined || provider === undefined || !/^0x[0-9a-f]{1,8}$/i.test(crc)) return [];
    return [{ name, crc: Number(crc), provider }];
  });
}
