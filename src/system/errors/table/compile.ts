import { defineErrors } from '../definition.ts';

export const compileErrors = defineErrors({});
