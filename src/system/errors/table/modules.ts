import { defineErrors } from '../definition.ts';

export const modulesErrors = defineErrors({});
