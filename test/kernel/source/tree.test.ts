import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanTree, findTree, readBaseVersion } from '../../../src/kernel/source/tree.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootwright-tree-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, content = ''): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};
const putTree = (name: string): void => {
  put(`${name}/Makefile`, 'VERSION = 5\nPATCHLEVEL = 14\nSUBLEVEL = 0\nEXTRAVERSION =\n');
  put(`${name}/scripts/kconfig/conf.c`);
  put(`${name}/arch/x86/Kconfig`);
};
const source = { nevra: 'kernel-5.14.0-1.el9.src', version: '5.14.0', release: '1.el9' };
const find = async () => (await findTree(folder, source, 'x86_64')).slice(folder.length + 1);

describe('findTree', () => {
  it.each([
    'kernel-5.14.0-1.el9/linux-5.14.0-1.el9.x86_64',
    'linux-5.14.0',
    'kernel-5.14.0-build/kernel-5.14.0-1.el9/linux-5.14.0-1.el9.x86_64',
  ])('finds %s', async (name) => {
    putTree(name);
    put('kernel-5.14.0-1.el9/other/Makefile');
    expect(await find()).toBe(name);
  });

  it('prefers the tree that is named after the package', async () => {
    putTree('kernel-2.6.32/vanilla-5.14.0');
    putTree('kernel-2.6.32/linux-5.14.0.x86_64');
    expect(await find()).toBe('kernel-2.6.32/linux-5.14.0.x86_64');
  });

  it('does not take a tree inside of a tree', async () => {
    putTree('linux-5.14.0');
    putTree('linux-5.14.0/tools/copy');
    expect(await find()).toBe('linux-5.14.0');
  });

  it('says so when there is none', async () => {
    put('tool-1.0/Makefile');
    await expect(find()).rejects.toMatchObject({ code: 'BW-SOURCE-NO-TREE' });
  });
});

describe('readBaseVersion', () => {
  it('reads the three numbers', async () => {
    putTree('linux');
    expect(await readBaseVersion(join(folder, 'linux'))).toBe('5.14.0');
  });

  it('says so when they are not there', async () => {
    put('linux/Makefile', 'all:\n');
    await expect(readBaseVersion(join(folder, 'linux'))).rejects.toMatchObject({
      code: 'BW-SOURCE-NO-TREE',
    });
  });
});

describe('cleanTree', () => {
  it('takes out what building has left, and nothing that the package brought', async () => {
    putTree('linux');
    const left = [
      'include/config/auto.conf',
      'include/generated/autoconf.h',
      'arch/x86/include/generated/a.h',
      'scripts/kconfig/.conf.o.cmd',
      'scripts/kconfig/conf.o',
      'scripts/kconfig/.parser.tab.h.cmd',
      'scripts/kconfig/parser.tab.h',
      'scripts/kconfig/parser.tab.c',
    ];
    const kept = [
      'certs/x509.genkey',
      'include/linux/a.h',
      'scripts/kconfig/conf.c',
      '.scmversion',
    ];
    for (const name of [...left, ...kept]) put(`linux/${name}`);
    put('linux/.config', 'CONFIG_X=y\n');
    mkdirSync(join(folder, 'aside'));
    const { moved, removed } = await cleanTree(join(folder, 'linux'), join(folder, 'aside'));
    expect(left.filter((name) => existsSync(join(folder, 'linux', name)))).toEqual([]);
    expect(kept.filter((name) => !existsSync(join(folder, 'linux', name)))).toEqual([]);
    expect(existsSync(join(folder, 'linux/.config'))).toBe(false);
    expect(moved.map((path) => readFileSync(path, 'utf8'))).toEqual(['CONFIG_X=y\n']);
    expect(removed).toBe(8);
  });
});
