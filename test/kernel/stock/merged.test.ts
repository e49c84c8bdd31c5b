import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findMerged } from '../../../src/kernel/stock/merged.ts';
import { run } from '../../../src/system/process.ts';
import { scratchFolder } from '../../scratch.ts';

/** Compiles a module that has no more than symbols. */
async function compile(folder: string, path: string, source: string): Promise<string> {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.c`, source);
  await run('gcc', ['-c', '-o', file, `${file}.c`]);
  return file;
}

const exported = (name: string): string =>
  `asm(".section \\"___ksymtab+${name}\\",\\"a\\"\\n__ksymtab_${name}:\\n.long 0,0,0\\n.previous\\n");\n`;

test('what another module took in is found, and nothing else', async () => {
  const folder = scratchFolder();
  const provider = await compile(
    folder,
    'stock/fmac.ko',
    exported('fmac_register') + exported('fmac_kept'),
  );
  const needs = (symbol: string, ...functions: readonly string[]) =>
    [
      `extern int ${symbol}(void);`,
      ...functions.map((name) => `int ${name}(void) { return ${symbol}(); }`),
    ].join('\n');
  await compile(folder, 'wcc.ko', needs('fmac_register', 'wcc_attach', 'wcc_detach'));
  await compile(folder, 'lost.ko', needs('fmac_register', 'lost_attach', 'wcc_detach'));
  await compile(folder, 'chance.ko', needs('fmac_kept', 'wcc_attach', 'wcc_detach'));
  const systemMap = join(folder, 'System.map');
  writeFileSync(
    systemMap,
    ['fmac_register', 'fmac_kept', 'wcc_attach', 'wcc_detach']
      .map((name, index) => `ffffffff8100000${index} t ${name}\n`)
      .join(''),
  );
  const search = { folder, inImage: [provider], exports: new Set(['fmac_kept']), systemMap };
  expect(await findMerged({ ...search, paths: ['wcc.ko', 'lost.ko', 'chance.ko'] })).toEqual(
    new Set(['wcc.ko']),
  );
});
