import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ExportedSymbol,
  parseSymbolList,
  parseSymvers,
  SymversFormatError,
} from '../../../src/formats/symvers/index.ts';

const crcOf = (crc: number): string => `0x${crc.toString(16).padStart(8, '0')}`;

const name = fc.stringMatching(/^[A-Za-z_]\w{0,30}$/);
const symbol: fc.Arbitrary<ExportedSymbol> = fc.record({
  name,
  crc: fc.nat(0xffffffff),
  provider: fc.oneof(fc.constant('vmlinux'), fc.stringMatching(/^[a-z][\w/-]{0,30}$/)),
  kind: fc.constantFrom('EXPORT_SYMBOL', 'EXPORT_SYMBOL_GPL', 'EXPORT_UNUSED_SYMBOL'),
  namespace: fc.oneof(fc.constant(''), fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/)),
});
const symbols = fc.uniqueArray(symbol, { selector: (each) => each.name });

describe('parseSymvers', () => {
  test('reads what modpost writes, of every age', () => {
    const expected = { name: 'kmalloc', crc: 0xf7370f56, provider: 'vmlinux' };
    const of = (text: string) => parseSymvers(text)[0];
    expect(of('0xf7370f56\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n')).toEqual({
      ...expected,
      kind: 'EXPORT_SYMBOL',
      namespace: '',
    });
    expect(of('0xf7370f56\tkmalloc\tvmlinux\tEXPORT_SYMBOL_GPL\tMM\n')).toMatchObject({
      ...expected,
      namespace: 'MM',
    });
    // 5.4 and 5.5: the namespace in the middle.
    expect(of('0xf7370f56\tkmalloc\tMM\tvmlinux\tEXPORT_SYMBOL\n')).toMatchObject({
      ...expected,
      namespace: 'MM',
      kind: 'EXPORT_SYMBOL',
    });
    expect(of('0xf7370f56\tkmalloc\t\tvmlinux\tEXPORT_SYMBOL\r\n')).toMatchObject({
      ...expected,
      namespace: '',
    });
    // Up to 5.3, and 2.6.17.
    expect(of('0xf7370f56\tkmalloc\tvmlinux\tEXPORT_SYMBOL\n')).toMatchObject(expected);
    expect(of('0xf7370f56\tkmalloc\tvmlinux\n')).toMatchObject({ ...expected, kind: '' });
    expect(of('0xf7370f56 kmalloc vmlinux EXPORT_SYMBOL')).toMatchObject(expected);
  });

  test('a symbol that comes twice counts as it comes last', () => {
    const text = '0x00000001\ta\tvmlinux\tEXPORT_SYMBOL\n0x00000002\ta\tfs/x\tEXPORT_SYMBOL\n';
    expect(parseSymvers(text)).toMatchObject([{ name: 'a', crc: 2, provider: 'fs/x' }]);
  });

  test('reads back any list that was written', () => {
    fc.assert(
      fc.property(symbols, fc.constantFrom('now', '5.4'), (list, age) => {
        const text = list
          .map((each) => {
            const head = `${crcOf(each.crc)}\t${each.name}`;
            return age === 'now'
              ? `${head}\t${each.provider}\t${each.kind}\t${each.namespace}\n`
              : `${head}\t${each.namespace}\t${each.provider}\t${each.kind}\n`;
          })
          .join('');
        expect(parseSymvers(text)).toEqual(list);
      }),
    );
  });

  test('names the line that is none, without what could steer a terminal', () => {
    const text = '0x00000001\ta\tvmlinux\tEXPORT_SYMBOL\n\u001b[31m<html>\n';
    expect(() => parseSymvers(text)).toThrow(SymversFormatError);
    expect(() => parseSymvers(text)).toThrow(/^line 2 .*"\?\[31m<html>"$/);
    expect(() => parseSymvers('0x1\ta\tvml\u001bnux\tEXPORT_SYMBOL')).toThrow(/provider/);
    expect(() => parseSymvers('0x1\ta\tvmlinux\tEXPORTED')).toThrow(/kind of export/);
    expect(() => parseSymvers('0x100000000\ta\tvmlinux\tEXPORT_SYMBOL')).toThrow(/^line 1/);
  });

  test('whatever the text is, it is read or refused', () => {
    const piece = fc.constantFrom(
      '0x',
      '12345678',
      '\t',
      ' ',
      '\n',
      'vmlinux',
      'EXPORT_SYMBOL',
      '[',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (any) => {
        for (const parse of [parseSymvers, parseSymbolList]) {
          try {
            parse(any);
          } catch (error) {
            expect(error).toBeInstanceOf(SymversFormatError);
          }
        }
      }),
    );
  });
});

describe('parseSymbolList', () => {
  test("reads EL's Module.kabi", () => {
    expect(parseSymbolList('0x93956063\t___pskb_trim\tvmlinux\tEXPORT_SYMBOL\n')).toEqual([
      { name: '___pskb_trim', crc: 0x93956063, provider: 'vmlinux' },
    ]);
  });

  test('reads a stablelist: a heading and names, each once', () => {
    expect(parseSymbolList('[rhel9_x86_64_stablelist]\n\t__kmalloc\n\tmemcpy\n\tmemcpy\n')).toEqual(
      [
        { name: '__kmalloc', provider: '' },
        { name: 'memcpy', provider: '' },
      ],
    );
  });

  test('names the line of a list that is none', () => {
    expect(() => parseSymbolList('[rhel9]\n\tmemcpy\n\trm -rf\n')).toThrow(/^line 3 /);
    expect(parseSymbolList('\n\n')).toEqual([]);
  });
});
