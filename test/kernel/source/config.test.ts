import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findShippedConfig,
  parseConfigName,
  readKbuildArch,
} from '../../../src/kernel/source/config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootwright-config-'));
  mkdirSync(join(folder, 'tree/configs'), { recursive: true });
  mkdirSync(join(folder, 'sources'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (...names: readonly string[]): void => {
  for (const name of names) writeFileSync(join(folder, name), '');
};
const find = async (variant?: string) => {
  const place = { tree: join(folder, 'tree'), sources: join(folder, 'sources'), version: '5.14.0' };
  return (await findShippedConfig(place, 'x86_64', variant)).path.slice(folder.length + 1);
};

describe('parseConfigName', () => {
  it.each([
    ['kernel-5.14.0-x86_64.config', '5.14.0', 'x86_64', ''],
    ['kernel-5.14.0-x86_64-debug.config', '5.14.0', 'x86_64', 'debug'],
    ['kernel-5.14.0-x86_64-rt-debug.config', '5.14.0', 'x86_64', 'rt-debug'],
    ['kernel-x86_64-rhel.config', undefined, 'x86_64', ''],
    ['kernel-x86_64-rt-debug-rhel.config', undefined, 'x86_64', 'rt-debug'],
    ['kernel-aarch64-64k-debug-rhel.config', undefined, 'aarch64', '64k-debug'],
    ['kernel-3.10.0-x86_64.config', '3.10.0', 'x86_64', ''],
    ['kernel-2.6.32-x86_64-debug.config', '2.6.32', 'x86_64', 'debug'],
    ['kernel-2.6.18-x86_64.config', '2.6.18', 'x86_64', ''],
    ['config-6.12.1-x86_64', '6.12.1', 'x86_64', ''],
  ])('reads %s', (name, version, cpu, variant) => {
    const expected = { path: name, cpu, variant, ...(version === undefined ? {} : { version }) };
    expect(parseConfigName(name)).toEqual(expected);
  });

  it.each([
    'kernel.spec',
    'cpupower.config',
    'kernel-local',
    'partial-kgcov-snip.config',
    // What EL 6 makes its configs of.
    'config-x86_64-generic',
    'config-x86_64-debug-rhel',
  ])('leaves %s alone', (name) => {
    expect(parseConfigName(name)).toBeUndefined();
  });
});

describe('findShippedConfig', () => {
  it('prefers what %prep has made to what the package brought', async () => {
    put('sources/kernel-x86_64-rhel.config', 'tree/configs/kernel-5.14.0-x86_64.config');
    put(
      'tree/configs/kernel-5.14.0-x86_64-debug.config',
      'tree/configs/kernel-5.14.0-aarch64.config',
    );
    expect(await find()).toBe('tree/configs/kernel-5.14.0-x86_64.config');
    expect(await find('debug')).toBe('tree/configs/kernel-5.14.0-x86_64-debug.config');
  });

  it('falls back to the sources', async () => {
    put('sources/kernel-x86_64-rt-rhel.config', 'sources/kernel-5.14.0-x86_64.config');
    expect(await find()).toBe('sources/kernel-5.14.0-x86_64.config');
    expect(await find('rt')).toBe('sources/kernel-x86_64-rt-rhel.config');
  });

  it('does not take from the sources what %prep has left out', async () => {
    put(
      'sources/kernel-5.14.0-x86_64-kdump.config',
      'sources/kernel-5.14.0-ppc64-kdump.config',
      'tree/configs/kernel-5.14.0-x86_64.config',
      'tree/configs/kernel-5.14.0-x86_64-xen.config',
    );
    expect(await find('xen')).toBe('tree/configs/kernel-5.14.0-x86_64-xen.config');
    await expect(find('kdump')).rejects.toMatchObject({
      code: 'BW-SOURCE-VARIANT',
      message:
        'The package has no variant "kdump" for x86_64 (it has a config for ppc64); it has (the plain one), xen.',
    });
  });

  it('does not take the parts of configs for configs', async () => {
    put(
      'tree/config-x86_64-generic',
      'tree/config-x86_64-debug-rhel',
      'tree/configs/kernel-5.14.0-x86_64.config',
      'tree/configs/kernel-5.14.0-x86_64-debug.config',
    );
    expect(await find('debug')).toBe('tree/configs/kernel-5.14.0-x86_64-debug.config');
    await expect(find('generic')).rejects.toMatchObject({ code: 'BW-SOURCE-VARIANT' });
  });

  it('lists the variants that there are', async () => {
    put('sources/kernel-x86_64-rhel.config', 'sources/kernel-x86_64-rt-rhel.config');
    await expect(find('zfcpdump')).rejects.toMatchObject({
      code: 'BW-SOURCE-VARIANT',
      message: 'The package has no variant "zfcpdump" for x86_64; it has (the plain one), rt.',
    });
  });

  it('lists the architectures and configs that there are', async () => {
    put('sources/kernel-s390x-rhel.config', 'sources/kernel-aarch64-rhel.config');
    await expect(find()).rejects.toMatchObject({
      code: 'BW-SOURCE-CONFIG-MISSING',
      message: 'The package has no config for x86_64, only for aarch64, s390x.',
      occasion: { excerpt: ['kernel-aarch64-rhel.config', 'kernel-s390x-rhel.config'] },
    });
  });

  it('says so when there is none at all', async () => {
    await expect(find()).rejects.toMatchObject({ code: 'BW-SOURCE-CONFIG-MISSING' });
  });
});

describe('readKbuildArch', () => {
  const read = async (text: string): Promise<string> => {
    const path = join(folder, 'config');
    writeFileSync(path, text);
    return readKbuildArch(path, 'x86_64');
  };

  it.each([
    ["EL's first line", '# x86_64\nCONFIG_64BIT=y\n', 'x86_64'],
    ['a first line that says x86', '# x86\nCONFIG_64BIT=y\n', 'x86'],
    ["kconfig's title", '#\n# Linux/x86 6.12.0 Kernel Configuration\n#\n', 'x86_64'],
    ['a fragment that says nothing', 'CONFIG_NET=y\n', 'x86_64'],
    ['its symbols', 'CONFIG_64BIT=y\nCONFIG_X86_64=y\n', 'x86_64'],
  ])('goes by %s', async (_, text, arch) => {
    expect(await read(text)).toBe(arch);
  });

  it.each([
    ['first line', '# arm64\nCONFIG_64BIT=y\n'],
    ['title', '#\n# Linux/arm64 6.12.0 Kernel Configuration\n#\n'],
    ['symbols', 'CONFIG_ARM64=y\n'],
  ])('refuses the config of another architecture by its %s', async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'BW-SOURCE-CONFIG-ARCH',
      message: expect.stringContaining('arm64'),
    });
  });

  it('names a file that is not there', async () => {
    await expect(readKbuildArch(join(folder, 'none'), 'x86_64')).rejects.toMatchObject({
      code: 'BW-FILE-MISSING',
      message: expect.stringContaining(basename(folder)),
    });
  });
});
