import { describe, expect, test } from 'vitest';
import { compareVermagic } from '../../src/compare/release.ts';
import { bundle, stock, stockModule, vermagic } from './world.ts';

describe('compareVermagic', () => {
  test('of a module of the bundle, or by its config', () => {
    expect(compareVermagic(stock, bundle)).toEqual({
      stock: vermagic.trim(),
      bundle: vermagic.trim(),
      source: 'module',
      others: 0,
      equal: true,
    });
    const { vermagic: _, ...without } = bundle;
    expect(compareVermagic(stock, without)).toMatchObject({ source: 'config', equal: true });
    const config = bundle.config.replace('CONFIG_SMP=y\n', '');
    expect(compareVermagic(stock, { ...without, config })).toMatchObject({ equal: false });
    expect(compareVermagic(stock, { ...bundle, vermagic: '5.14.0 SMP' })).toMatchObject({
      equal: false,
    });
  });

  test('is not known without a module of stock; most of them count', () => {
    expect(compareVermagic({ modules: [] }, bundle).equal).toBe('unknown');
    const modules = [...stock.modules, stockModule('fs/odd.ko', { vermagic: 'odd' })];
    expect(compareVermagic({ modules }, bundle)).toMatchObject({ equal: true, others: 1 });
  });
});
