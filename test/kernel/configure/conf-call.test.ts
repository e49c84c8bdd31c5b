import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { olddefconfigCall, rootKconfig } from '../../../src/kernel/configure/conf-call.ts';

const base = mkdtempSync(join(tmpdir(), 'bootwright-conf-call-'));
afterAll(() => rmSync(base, { recursive: true }));

function tree(name: string, files: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name, file)), { recursive: true });
    writeFileSync(join(base, name, file), text);
  }
  return join(base, name);
}

const conf = 'scripts/kconfig/conf.c';
const newer = tree('newer', { Kconfig: '', [conf]: '{"olddefconfig", no_argument, NULL}' });
const middle = tree('middle', { Kconfig: '', [conf]: '{"oldnoconfig", no_argument, NULL}' });
const old = tree('old', { 'arch/x86/Kconfig': '', [conf]: 'getopt(ac, av, "osbBdD:nmyrh")' });
const older = tree('older', { 'arch/x86_64/Kconfig': '', 'arch/i386/Kconfig': '', [conf]: '' });

test('Kconfig files begin at the top, or with the architecture', () => {
  expect(rootKconfig(newer, { SRCARCH: 'x86' })).toBe('Kconfig');
  expect(rootKconfig(old, { ARCH: 'x86_64', SRCARCH: 'x86' })).toBe('arch/x86/Kconfig');
  expect(rootKconfig(older, { ARCH: 'i386' })).toBe('arch/i386/Kconfig');
  expect(rootKconfig(older, { ARCH: 'sparc' })).toBe('Kconfig');
});

test('conf is called as its own source says', () => {
  const of = (folder: string, variables = {}) => olddefconfigCall(folder, variables).arguments;
  expect(of(newer)).toEqual(['--olddefconfig', 'Kconfig']);
  expect(of(middle)).toEqual(['--oldnoconfig', 'Kconfig']);
  expect(of(old, { SRCARCH: 'x86' })).toEqual(['-D', '.config', 'arch/x86/Kconfig']);
});
