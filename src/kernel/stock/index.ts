export { openStock, type StockKernel, type StockRequest, stockSources } from './open.ts';
export type { StockFile, StockPart } from './places.ts';
