export { type ElfSection, readElf } from './elf.ts';
export { ModuleFormatError, type ModuleFormatProblem } from './format-error.ts';
export { functionNames } from './function-names.ts';
export {
  debugSections,
  type KernelModule,
  modinfoValue,
  readKernelModule,
  type SymbolVersion,
} from './kernel-module.ts';
export { type ExportedSymbol, type ModuleSymbols, readModuleSymbols } from './module-symbols.ts';
export { type DetachedSignature, readDetachedSignature } from './pkcs7.ts';
export { type ModuleSignature, readSignature } from './signature.ts';
