import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, isValidText, toSigned } from '../../src/kconfig/values.ts';

describe('texts as values', () => {
  it.each([
    ['int', '0', true],
    ['int', '-12', true],
    ['int', '012', false],
    ['int', '', false],
    ['int', '1a', false],
    ['hex', '0x1F', true],
    ['hex', 'ff', true],
    ['hex', '0x', false],
    ['hex', 'g', false],
    ['string', '', true],
    ['bool', 'yes', true],
    ['bool', '1', false],
    ['unknown', 'x', false],
  ] as const)('%s %j: %s', (type, text, valid) => {
    expect(isValidText(type, text)).toBe(valid);
  });

  it('are cut at 64 bits', () => {
    expect(toSigned('0xffffffffffffffff', 16)).toBe(2n ** 63n - 1n);
    expect(toSigned('-99999999999999999999', 10)).toBe(-(2n ** 63n));
    expect(toSigned('12abc', 10)).toBe(12n);
    expect(toSigned('abc', 10)).toBe(0n);
  });
});

describe('comparison', () => {
  it.each([
    ['9', 'int', '10', 'unknown', -1],
    ['9', 'string', '10', 'string', 1],
    ['0x10', 'hex', '16', 'int', 0],
    ['0x10', 'unknown', '16', 'unknown', 0],
    ['010', 'unknown', '8', 'unknown', 0],
    ['y', 'bool', 'm', 'tristate', 1],
    ['x', 'unknown', 'n', 'tristate', 1],
    ['0xffffffffffffffff', 'hex', '1', 'int', 1],
    ['', 'int', '0', 'unknown', -1],
    ['12a', 'unknown', '13', 'unknown', -1],
  ] as const)('%j (%s) with %j (%s)', (left, leftType, right, rightType, sign) => {
    expect(Math.sign(compareValues(left, leftType, right, rightType))).toBe(sign);
  });

  it('is that of numbers for decimal numbers', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(2n ** 62n), 2n ** 62n),
        fc.bigInt(-(2n ** 62n), 2n ** 62n),
        (a, b) => {
          const order = compareValues(String(a), 'int', String(b), 'unknown');
          expect(Math.sign(order)).toBe(a < b ? -1 : a > b ? 1 : 0);
        },
      ),
    );
  });
});
