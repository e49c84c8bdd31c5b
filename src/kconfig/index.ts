export { parseConfig, writeConfig } from './config-file.ts';
export { KconfigSyntaxError } from './errors.ts';
export { configure } from './evaluate.ts';
export { expressionToString } from './expression.ts';
export { type LoadOptions, load } from './load.ts';
export type * from './model.ts';
