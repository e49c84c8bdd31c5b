import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCcacheStatistics, setUpCcache } from '../../../src/kernel/compile/ccache.ts';
import { makeEnvironment } from '../../../src/kernel/compile/make-kernel.ts';
import { run } from '../../../src/system/process.ts';
import { findTool } from '../../../src/system/tools.ts';
import { scratchFolder } from '../../scratch.ts';

const hasTools = findTool('ccache') !== undefined && findTool('gcc') !== undefined;

describe.skipIf(!hasTools)('through ccache', () => {
  /** A folder, and a compiler in it that is called as kbuild calls it and says what ccache did. */
  const setUp = () => {
    const folder = scratchFolder();
    const compile = async (source: string) => {
      const ccache = await setUpCcache(join(folder, 'links'), folder);
      if (ccache === undefined) throw new Error('no ccache');
      const dependencies = `-Wp,-MMD,${join(folder, 'out.d')}`;
      await run('gcc', [dependencies, '-c', '-o', 'out.o', source], {
        cwd: folder,
        env: { ...makeEnvironment(ccache.environment), CCACHE_DIR: join(folder, 'cache') },
      });
      const object = readFileSync(join(folder, 'out.o'));
      const words = readFileSync(ccache.statisticsLog, 'utf8').split('\n');
      return { object, words, statistics: await readCcacheStatistics(ccache) };
    };
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    return { compile, write };
  };

  test('what was compiled before is taken, unless what it includes has changed', async () => {
    const { compile, write } = setUp();
    write('number.h', '#define NUMBER 1\n');
    write('number.c', '#include "number.h"\nint number = NUMBER;\n');
    const first = await compile('number.c');
    expect(first.statistics).toEqual({ hits: 0, misses: 1, uncacheable: 0 });
    // The preprocessor was not asked: that would take half as long again as compiling.
    expect(first.words).toContain('direct_cache_miss');
    expect(first.words).not.toContain('preprocessed_cache_miss');
    const again = await compile('number.c');
    expect(again.statistics).toEqual({ hits: 1, misses: 0, uncacheable: 0 });
    expect(again.object).toEqual(first.object);
    write('number.h', '#define NUMBER 2\n');
    const changed = await compile('number.c');
    expect(changed.statistics).toEqual({ hits: 0, misses: 1, uncacheable: 0 });
    expect(changed.object).not.toEqual(first.object);
  });

  test.each(['blob.c', 'blob.S'])(
    'what %s takes in by .incbin is never an old one',
    async (name) => {
      const { compile, write } = setUp();
      const directive = '.incbin "blob"';
      write(name, name.endsWith('.c') ? `asm(${JSON.stringify(directive)});\n` : `${directive}\n`);
      write('blob', 'certificate of one');
      expect((await compile(name)).object.includes('certificate of one')).toBe(true);
      write('blob', 'certificate of two');
      const second = await compile(name);
      expect(second.object.includes('certificate of two')).toBe(true);
      expect(second.statistics).toEqual({ hits: 0, misses: 0, uncacheable: 1 });
    },
  );
});
