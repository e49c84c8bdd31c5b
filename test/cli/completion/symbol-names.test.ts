import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { kconfigSymbolNames } from '../../../src/cli/completion/symbol-names.ts';
import { scratchFolder } from '../../scratch.ts';

beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', join(scratchFolder(), 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function treeOf(files: Readonly<Record<string, string>>): string {
  const tree = scratchFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), text);
  }
  return tree;
}

const small = {
  Kconfig:
    'source "arch/$(SRCARCH)/Kconfig"\nsource "drivers/net/Kconfig"\nsource "gone/Kconfig"\n',
  'arch/x86/Kconfig': 'config X86\n\tdef_bool y\n',
  'arch/arm/Kconfig': 'config ARM\n\tdef_bool y\n',
  'drivers/net/Kconfig': `menuconfig NETDEVICES
\tbool "Network device support"
\thelp
\t  If in doubt, look at the
\t  config option of the same name, or
\t  config FILES of your distro.

if NETDEVICES
\tconfig 8139CP
\ttristate "RealTek"
source drivers/net/e1000/Kconfig
endif
`,
  'drivers/net/e1000/Kconfig': 'config\tE1000\n\ttristate "caf\xe9"\nconfig E1000\n',
};

test('names come from all files that are sourced, once each', () => {
  expect(kconfigSymbolNames(treeOf(small))).toEqual(['8139CP', 'E1000', 'NETDEVICES', 'X86']);
});

test('a tree that starts at the architecture (2.6)', () => {
  const tree = treeOf({
    'arch/x86_64/Kconfig': 'source "net/Kconfig"',
    'net/Kconfig': 'config INET',
  });
  expect(kconfigSymbolNames(tree)).toEqual(['INET']);
});

test('what is no tree has no names, and leaves nothing in the cache', () => {
  const cache = process.env.XDG_CACHE_HOME ?? '';
  expect(kconfigSymbolNames(scratchFolder())).toEqual([]);
  expect(kconfigSymbolNames('/does/not/exist')).toEqual([]);
  expect(() => readdirSync(cache)).toThrow('ENOENT');
});

test('a changed file is read again, whatever file it is', () => {
  const tree = treeOf(small);
  kconfigSymbolNames(tree);
  writeFileSync(join(tree, 'drivers/net/e1000/Kconfig'), 'config E1000E_NEW\n');
  expect(kconfigSymbolNames(tree)).toContain('E1000E_NEW');
  mkdirSync(join(tree, 'gone'));
  writeFileSync(join(tree, 'gone/Kconfig'), 'config BACK\n');
  expect(kconfigSymbolNames(tree)).toContain('BACK');
});

test('a circle of files ends', () => {
  expect(kconfigSymbolNames(treeOf({ Kconfig: 'source "Kconfig"\nconfig A' }))).toEqual(['A']);
});

test('a broken cache is made anew', () => {
  const tree = treeOf(small);
  const names = kconfigSymbolNames(tree);
  const folder = join(process.env.XDG_CACHE_HOME ?? '', 'bootwright/completion');
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{"files":[');
  expect(kconfigSymbolNames(tree)).toEqual(names);
});
