export { type ErrorView, renderError } from './error.ts';
export { jsonProgress } from './json-progress.ts';
export { canRedraw, showsUnicode } from './liveness.ts';
export { plainProgress, quietProgress } from './plain-progress.ts';
