import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  isLocked,
  parseSecretKeyFile,
  renderPublicKeyFile,
  unlockKey,
} from '../../../src/formats/minisign/index.ts';
import { run } from '../../../src/system/process.ts';
import { findTool } from '../../../src/system/tools.ts';
import { scratchFolder } from '../../scratch.ts';

// It takes 1 GiB three times over, and the seconds that minisign wants it to take.
test.skipIf(findTool('minisign') === undefined)('we open the key that minisign locks', async () => {
  const folder = scratchFolder();
  const passphrase = 'sesam "ähm"';
  await run('minisign', ['-G', '-p', 'its.pub', '-s', 'its.key'], {
    cwd: folder,
    input: `${passphrase}\n${passphrase}\n`,
  });
  const locked = parseSecretKeyFile(readFileSync(join(folder, 'its.key')));
  if (!isLocked(locked)) throw new Error('it is not locked');
  const key = await unlockKey(locked, passphrase);
  expect(renderPublicKeyFile(key.publicKey)).toBe(readFileSync(join(folder, 'its.pub'), 'utf8'));
  await expect(unlockKey(locked, 'sesam')).rejects.toMatchObject({ problem: 'wrong-passphrase' });
});
