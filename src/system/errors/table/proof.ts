import { defineErrors } from '../definition.ts';

export const proofErrors = defineErrors({});
