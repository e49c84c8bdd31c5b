import type { SymbolType, Tristate } from './model.ts';

/** The value of a bool or tristate as text. */
export const tristateText: readonly ['n', 'm', 'y'] = ['n', 'm', 'y'];

/** Whether a text can be the value of a symbol of this type (sym_string_valid() of symbol.c). */
export function isValidText(type: SymbolType, text: string): boolean {
  switch (type) {
    case 'string':
      return true;
    case 'int':
      return /^-?(?:0|[1-9][0-9]*)$/.test(text);
    case 'hex':
      return /^(?:0[xX])?[0-9a-fA-F]+$/.test(text);
    case 'bool':
    case 'tristate':
      return /^[ymnYMN]/.test(text);
    default:
      return false;
  }
}

const maxSigned = 2n ** 63n - 1n;
const minSigned = -(2n ** 63n);
const maxUnsigned = 2n ** 64n - 1n;

interface Parsed {
  /** Without limits. */
  readonly value: bigint;
  /** Position behind the last digit; 0 if there is no number. */
  readonly end: number;
}

/** The number at the start of a text, as strtoll(3) sees it; base 0 goes by the prefix. */
function parseNumber(text: string, base: 0 | 10 | 16): Parsed {
  const [, blank = '', sign = ''] = /^([ \t\n\v\f\r]*)([+-]?)/.exec(text) ?? [];
  const start = blank.length + sign.length;
  const rest = text.slice(start);
  const hex = base === 10 ? null : /^0[xX]([0-9a-fA-F]+)/.exec(rest);
  let digits: string;
  let prefix = '';
  if (hex) {
    digits = hex[1] ?? '';
    prefix = '0x';
  } else if (base === 16) {
    digits = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
    prefix = '0x';
  } else if (base === 0 && rest.startsWith('0')) {
    digits = /^[0-7]*/.exec(rest)?.[0] ?? '';
    prefix = '0o';
  } else {
    digits = /^[0-9]*/.exec(rest)?.[0] ?? '';
  }
  if (digits === '') return { value: 0n, end: 0 };
  const magnitude = BigInt(prefix + digits);
  return {
    value: sign === '-' ? -magnitude : magnitude,
    end: start + (hex ? hex[0].length : digits.length),
  };
}

/** strtoll(3): the number at the start of a text, cut at 64 bits. */
export function toSigned(text: string, base: 10 | 16): bigint {
  const { value } = parseNumber(text, base);
  return value > maxSigned ? maxSigned : value < minSigned ? minSigned : value;
}

type Comparable =
  | { readonly kind: 'text' }
  | { readonly kind: 'signed' | 'unsigned'; readonly value: bigint };

const text: Comparable = { kind: 'text' };
const truth = new Map<string, Comparable>([
  ['n', { kind: 'signed', value: 0n }],
  ['m', { kind: 'signed', value: 1n }],
  ['y', { kind: 'signed', value: 2n }],
]);
const neither: Comparable = { kind: 'signed', value: -1n };

/** How a value takes part in a comparison (expr_parse_string() of expr.c). */
function comparable(value: string, type: SymbolType): Comparable {
  if (type === 'bool' || type === 'tristate') return truth.get(value) ?? neither;
  const number = parseNumber(value, type === 'int' ? 10 : type === 'hex' ? 16 : 0);
  if (number.end === 0 || number.end !== value.length) return text;
  if (type === 'hex') {
    if (number.value > maxUnsigned) return text;
    return { kind: 'unsigned', value: BigInt.asUintN(64, number.value) };
  }
  if (number.value > maxSigned || number.value < minSigned) return text;
  return { kind: 'signed', value: number.value };
}

/**
 * Compares two values as `FOO < BAR` does: as numbers if both are, else as text.
 * @returns negative, zero or positive
 */
export function compareValues(
  left: string,
  leftType: SymbolType,
  right: string,
  rightType: SymbolType,
): number {
  if (leftType === 'string' && rightType === 'string') return compareText(left, right);
  const a = comparable(left, leftType);
  const b = comparable(right, rightType);
  if (a.kind === 'text' || b.kind === 'text') return compareText(left, right);
  if (a.kind === 'signed' && b.kind === 'signed') return compare(a.value, b.value);
  return compare(BigInt.asUintN(64, a.value), BigInt.asUintN(64, b.value));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first letter decides, as everywhere in kconfig. */
export function parseTristate(value: string): Tristate | undefined {
  switch (value[0]) {
    case 'y':
      return 2;
    case 'm':
      return 1;
    case 'n':
      return 0;
    default:
      return undefined;
  }
}
