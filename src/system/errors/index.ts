export { BootwrightError, type ErrorReport, type Occasion } from './bootwright-error.ts';
export { isSystemError, toBootwrightError } from './from-system.ts';
export type { KnownErrorCode } from './table.ts';
