import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfigLine } from '../../src/compare/config.ts';
import { readShapingOptions } from '../../src/compare/read-shapes.ts';
import { isShaping, shapesIn } from '../../src/compare/shapes.ts';
import { scratchFolder } from '../scratch.ts';

const header = `#ifdef CONFIG_OUTSIDE
struct outside { int a; };
#endif
struct module {
	enum module_state state;
	/* #ifdef CONFIG_COMMENT */
#ifdef CONFIG_DEBUG_INFO_BTF_MODULES
	unsigned int btf_data_size;
#endif
	struct {
#if IS_ENABLED(CONFIG_KUNIT)
		int num;
#endif
	} inner;
#if defined(CONFIG_NF_CONNTRACK) || defined(CONFIG_NF_CONNTRACK_MODULE)
	void *nfct;
#endif
} __randomize_layout;
static inline void f(struct module *mod) {
#ifdef CONFIG_IN_CODE
	mod->state = 1;
#endif
}
#ifdef CONFIG_AFTER
#endif
`;

const line = (symbol: string, from: string, to: string): ConfigLine => ({
  symbol,
  from,
  to,
  cause: 'promoted',
  standing: 'explained',
  reason: '',
  location: '',
  menu: [],
});

describe('shapesIn', () => {
  test('options by which members come and go, and by what kind of condition', () => {
    expect(shapesIn(header)).toEqual([
      { symbol: 'DEBUG_INFO_BTF_MODULES', type: 'struct module', holds: 'built-in', line: 7 },
      { symbol: 'KUNIT', type: 'struct module', holds: 'enabled', line: 11 },
      { symbol: 'NF_CONNTRACK', type: 'struct module', holds: 'enabled', line: 15 },
    ]);
  });

  test('whatever the text is, it is read', () => {
    const piece = fc.constantFrom(
      'struct a {',
      '}',
      '#ifdef CONFIG_X',
      '\n',
      '/*',
      '*/',
      '//',
      '{',
    );
    fc.assert(
      fc.property(fc.array(piece), (parts) => {
        for (const { symbol } of shapesIn(parts.join(''))) expect(symbol).toMatch(/^X/);
      }),
    );
  });
});

test('m to y changes what #ifdef guards, and not what IS_ENABLED does', () => {
  const shape = { symbol: 'X', type: 'struct a', line: 1 };
  expect(isShaping(line('X', 'm', 'y'), { ...shape, holds: 'built-in' })).toBe(true);
  expect(isShaping(line('X', 'm', 'y'), { ...shape, holds: 'enabled' })).toBe(false);
  expect(isShaping(line('X', 'm', 'n'), { ...shape, holds: 'built-in' })).toBe(false);
  expect(isShaping(line('X', 'absent', 'm'), { ...shape, holds: 'enabled' })).toBe(true);
});

test('the headers of a tree, as far as it has any', async () => {
  const tree = scratchFolder();
  mkdirSync(join(tree, 'include/linux'), { recursive: true });
  writeFileSync(join(tree, 'include/linux/module.h'), header);
  const lines = [line('DEBUG_INFO_BTF_MODULES', 'y', 'n'), line('KUNIT', 'm', 'y')];
  const { signal } = new AbortController();
  expect(await readShapingOptions(tree, lines, signal)).toEqual([
    {
      symbol: 'DEBUG_INFO_BTF_MODULES',
      from: 'y',
      to: 'n',
      type: 'struct module',
      location: 'include/linux/module.h:7',
    },
  ]);
  expect(await readShapingOptions(scratchFolder(), lines, signal)).toEqual([]);
});
