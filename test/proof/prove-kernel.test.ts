import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kernelReleaseSchema } from '../../src/kernel/target.ts';
import { proveKernel } from '../../src/proof/prove-kernel.ts';
import { unwatched } from '../../src/system/progress.ts';
import { findTool } from '../../src/system/tools.ts';

test.skipIf(findTool('qemu-system-x86_64') === undefined)(
  'a kernel without overlay is not asked for one',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'prove-'));
    const modulesFolder = join(folder, 'modules');
    await mkdir(modulesFolder);
    await writeFile(join(modulesFolder, 'modules.dep'), 'kernel/fs/ext4/ext4.ko:\n');
    await writeFile(join(modulesFolder, 'modules.builtin'), 'kernel/fs/nfs/nfs.ko\n');
    await writeFile(join(folder, 'vmlinuz'), 'no kernel');
    await expect(
      proveKernel(
        {
          ...{ image: join(folder, 'vmlinuz'), modulesFolder, signed: false },
          ...{ kernelRelease: kernelReleaseSchema.parse('6.1.0'), root: 'overlay' },
          ...{ nic: 'virtio', firmware: 'bios', nfs: 3 },
          ...{ record: join(folder, 'proof.json'), logs: join(folder, 'logs') },
        },
        unwatched,
      ),
    ).rejects.toMatchObject({
      code: 'BW-PROOF-LACKS',
      message: expect.stringContaining('overlay'),
    });
    await rm(folder, { recursive: true });
  },
);
