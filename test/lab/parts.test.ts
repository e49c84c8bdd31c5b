import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findPart } from '../../src/lab/parts.ts';

test('finds a part where another distro puts it', async () => {
  const root = await mkdtemp(join(tmpdir(), 'parts-'));
  await mkdir(join(root, 'usr/share/edk2/ovmf'), { recursive: true });
  await writeFile(join(root, 'usr/share/edk2/ovmf/OVMF_CODE.fd'), '');
  expect(findPart('OVMF_CODE.fd', root)).toBe(join(root, 'usr/share/edk2/ovmf/OVMF_CODE.fd'));
});

test('a part that is not there names the package', async () => {
  const root = await mkdtemp(join(tmpdir(), 'parts-'));
  expect(() => findPart('lpxelinux.0', root)).toThrow(
    expect.objectContaining({
      code: 'BW-PROOF-PARTS',
      hint: expect.stringContaining('apt-get install pxelinux'),
    }),
  );
});
