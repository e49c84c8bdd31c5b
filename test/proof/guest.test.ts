import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/system/process.ts';
import { findTool } from '../../src/system/tools.ts';

const init = fileURLToPath(new URL('../../src/proof/guest/init.sh', import.meta.url));

describe('init.sh', () => {
  test.skipIf(findTool('busybox') === undefined)('busybox can read it', async () => {
    await run('busybox', ['sh', '-n', init]);
  });

  test.skipIf(findTool('shellcheck') === undefined)('shellcheck has nothing to say', async () => {
    await run('shellcheck', ['-s', 'sh', init]);
  });

  test.skipIf(findTool('busybox') === undefined)('what it quotes is JSON', async () => {
    const text = await readFile(init, 'utf8');
    const quote = /^json_string\(\) \{\n.*?^\}\n/ms.exec(text)?.[0] ?? '';
    const script = `alias awk='busybox awk'\n${quote}json_string\n`;
    const line = fc
      .string({ unit: 'binary', maxLength: 20 })
      .map((s) => s.replace(/[\0\n\ud800-\udfff]/gu, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 5 }), async (lines) => {
        const input = lines.join('\n');
        const { stdout } = await run('busybox', ['sh', '-c', script], { input: `${input}\n` });
        expect(JSON.parse(stdout)).toBe(input);
      }),
      { numRuns: 30 },
    );
  });
});
