import { parseSymbolList, SymversFormatError } from '../../src/formats/symvers/index.ts';
import type { Target } from '../target.ts';

const seeds = [
  '0xf7370f56\tsystem_state\tvmlinux\tEXPORT_SYMBOL\t\n0x2\ta\tfs/x/x\tEXPORT_SYMBOL_GPL\tNS\n',
  '0xf7370f56\tsystem_state\tNS\tvmlinux\tEXPORT_SYMBOL\n',
  '[el9_x86_64_stablelist]\n\tkmalloc\n\tkfree\n',
];

/** Lists of exported symbols, as kernels and vendors have them. */
export const symversTarget: Target = {
  name: 'symvers',
  words: ['0x', '\t', 'vmlinux', 'EXPORT_SYMBOL', '_GPL', '(unknown)', '[', ']', '\r\n'],
  seeds: () => seeds.map((text) => Buffer.from(text)),
  async run(input) {
    // What is no list of names is read as symvers.
    parseSymbolList(Buffer.from(input).toString('utf8'));
  },
  isOwnError: (error) => error instanceof SymversFormatError,
};
