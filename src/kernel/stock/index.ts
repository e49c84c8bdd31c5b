export { findCertificates } from './certificates.ts';
export { digestStock, type StockSource } from './digest.ts';
export { type IndexOptions, indexStock } from './index-stock.ts';
export {
  type KeptStockIndex,
  keepStockIndex,
  parseStockIndex,
  renderStockIndex,
  type StockBuiltIn,
  type StockModule,
  type StockModuleIndex,
} from './module-index.ts';
export { isNetbootTree } from './netboot-tree.ts';
export { openStock, type StockKernel, type StockRequest, stockSources } from './open.ts';
export { unpackStockPackage } from './package.ts';
export type { PlacedModules, StockRemark } from './place-modules.ts';
export type { StockFile, StockPart } from './places.ts';
export { readStockText } from './read-file.ts';
export { listModuleFiles } from './read-modules.ts';
export { findSigners } from './signers.ts';
export { unpackImage } from './unpack-image.ts';
