import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lockWorkspace } from '../../src/pipeline/lock.ts';
import { scratchFolder } from '../scratch.ts';

/** Another process that holds the lock until it is killed. */
async function holder(folder: string) {
  const lockModule = fileURLToPath(new URL('../../src/pipeline/lock.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      `import { lockWorkspace } from ${JSON.stringify(lockModule)};
       lockWorkspace(${JSON.stringify(folder)});
       console.log('held');
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  return child;
}

test('a second process is told who holds it; a kill -9 leaves nothing stale', async () => {
  const folder = scratchFolder();
  const child = await holder(folder);
  expect(() => lockWorkspace(folder)).toThrow(
    expect.objectContaining({
      code: 'BW-WORKSPACE-BUSY',
      message: expect.stringContaining(`process ${child.pid} (bootwright`),
    }),
  );
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  const release = lockWorkspace(folder);
  release();
  lockWorkspace(folder)();
});
