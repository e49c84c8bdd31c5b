export { findCertificates } from './certificates.ts';
export { digestStock, type StockSource } from './digest.ts';
export { openStock, type StockKernel, type StockRequest, stockSources } from './open.ts';
export type { PlacedModules, StockRemark } from './place-modules.ts';
export type { StockFile, StockPart } from './places.ts';
export { findSigners } from './signers.ts';
export { unpackImage } from './unpack-image.ts';
