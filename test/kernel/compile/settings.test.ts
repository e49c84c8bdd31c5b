import { describe, expect, test } from 'vitest';
import { countCcacheResults } from '../../../src/kernel/compile/ccache.ts';
import { assertBuildPath, readConfigValues } from '../../../src/kernel/compile/index.ts';
import { prefixMapFlags } from '../../../src/kernel/compile/make-kernel.ts';
import { requiredTools } from '../../../src/kernel/compile/required-tools.ts';

describe('assertBuildPath', () => {
  test.each(['/srv/build/el9_6', '/home/jörg/work+1/~x@y', '/a-b/c.d'])('takes %s', (path) => {
    expect(() => assertBuildPath(path, 'workspace')).not.toThrow();
  });

  test.each(['/my build', '/a:b', '/a\tb', '/a%b', '/a$b', "/a'b", '/a#b', '/a=b', '/a,b'])(
    'refuses %s',
    (path) => {
      expect(() => assertBuildPath(path, 'workspace')).toThrow(
        expect.objectContaining({ code: 'BW-COMPILE-PATH' }),
      );
    },
  );
});

describe('requiredTools', () => {
  const names = (config: string) => requiredTools(readConfigValues(config)).map(({ name }) => name);

  test('asks for pahole only where BTF is made', () => {
    expect(names('CONFIG_DEBUG_INFO_BTF=y\n')).toContain('pahole');
    expect(names('# CONFIG_DEBUG_INFO_BTF is not set\n')).not.toContain('pahole');
  });

  test('asks for each compressor once', () => {
    const tools = names('CONFIG_KERNEL_XZ=y\nCONFIG_MODULE_COMPRESS_XZ=y\n');
    expect(tools.filter((name) => name === 'xz')).toHaveLength(1);
  });
});

describe('countCcacheResults', () => {
  test('counts one result a call', () => {
    const log = [
      '# /src/a.c',
      'direct_cache_hit',
      'local_storage_hit',
      '# /src/b.c',
      'cache_miss',
      'direct_cache_miss',
      'preprocessed_cache_miss',
      'called_for_link',
      '',
    ].join('\n');
    expect(countCcacheResults(log)).toEqual({ hits: 1, misses: 1, uncacheable: 1 });
  });
});

test('prefix maps hide both names of the tree', () => {
  expect(prefixMapFlags('/w/tree', '/w/objects', '../tree').split(' ')).toEqual([
    '-fdebug-prefix-map=/w/tree=/usr/src/netboot-kernel',
    '-fdebug-prefix-map=../tree=/usr/src/netboot-kernel',
    '-fdebug-prefix-map=/w/objects=/usr/src/netboot-kernel',
    '-fmacro-prefix-map=../tree/=',
  ]);
});
