import type { Expression } from './model.ts';

/** The expression in the notation of the Kconfig language, parenthesised as conf prints it. */
export function expressionToString(_expression: Expression | undefined): string {
  throw new Error('not written yet');
}
