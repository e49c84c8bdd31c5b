import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/system/process.ts';
import { findTool } from '../../src/system/tools.ts';
import { scratchFolder } from '../scratch.ts';

// It takes 1 GiB twice over, since a new key is locked as minisign locks its own.
test.skipIf(findTool('minisign') === undefined)(
  'a key that key new has made and locked is opened by minisign',
  async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'passphrase'), 'sesam "ähm"\n');
    const args = ['key', 'new', '--out', 'new.key', '--passphrase-file', 'passphrase'];
    await run(resolve('bootwright'), args, { cwd: folder });
    writeFileSync(join(folder, 'content'), 'x');
    const sign = ['-Sm', 'content', '-s', 'new.key'];
    await run('minisign', sign, { cwd: folder, input: 'sesam "ähm"\n' });
    await run('minisign', ['-Vm', 'content', '-p', 'new.key.pub'], { cwd: folder });
    expect(readFileSync(join(folder, 'new.key'), 'utf8')).toMatch(
      /^untrusted comment: minisign encrypted secret key\nRWRTY0Iy/,
    );
  },
);
