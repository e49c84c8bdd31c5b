import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inOtherSurroundings } from '../../../src/pipeline/reproduce/surroundings.ts';
import { run } from '../../../src/system/process.ts';
import { scratchFolder } from '../../scratch.ts';

/** What a program sees of its surroundings. */
async function seen(): Promise<string> {
  const { stdout } = await run('sh', ['-c', 'umask; echo "$USER $LOGNAME $HOME"']);
  return stdout;
}

test('a build has another umask, user name and home, and all is as it was afterwards', async () => {
  const home = join(scratchFolder(), 'home');
  const before = await seen();
  const [umask] = before.split('\n');
  const inside = await inOtherSurroundings(home, false, async (around) => {
    expect(existsSync(home)).toBe(true);
    expect(await seen()).toBe(`${around.umask}\n${around.user} ${around.user} ${home}\n`);
    return around;
  });
  expect(inside.umask).not.toBe(umask);
  expect(inside.user).not.toBe(process.env.USER);
  expect(await seen()).toBe(before);

  await expect(
    inOtherSurroundings(home, true, async ({ home: kept }) => {
      expect(kept).toBe(process.env.HOME);
      throw new Error('a failure');
    }),
  ).rejects.toThrow('a failure');
  expect(await seen()).toBe(before);
});
