import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openBundle } from '../../../src/bundle/open.ts';
import {
  checkTools,
  otherTools,
  requireSource,
  requireStock,
} from '../../../src/pipeline/reproduce/inputs.ts';
import { sha256 } from '../../../src/system/files.ts';
import { pack, provenance, writeParts } from '../../bundle/parts.ts';
import { scratchFolder } from '../../scratch.ts';

async function manifest(folder: string, source = sha256('package')) {
  const made = await pack(writeParts(join(folder, 'parts')), join(folder, 'out'), {
    provenance: { ...provenance, source: { ...provenance.source, sha256: source } },
  });
  return (await openBundle(made.folder)).manifest;
}

describe('the source package', () => {
  test('has to be that of the bundle, whatever it is called', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'renamed.src.rpm');
    writeFileSync(file, 'package');
    await requireSource(await manifest(folder), file);
    writeFileSync(file, 'another');
    await expect(requireSource(await manifest(folder), file)).rejects.toMatchObject({
      code: 'BW-REPRODUCE-SOURCE',
      message: expect.stringContaining(sha256('another')),
    });
    await expect(requireSource(await manifest(folder), join(folder, 'none'))).rejects.toMatchObject(
      { code: 'BW-FILE-MISSING' },
    );
  });
});

describe('the stock modules', () => {
  test('have to be those of the bundle, and are not wanted without', async () => {
    const folder = scratchFolder();
    const rpm = join(folder, 'kernel-core.rpm');
    writeFileSync(rpm, 'modules');
    const plain = await manifest(folder);
    await requireStock(plain, []);
    await expect(requireStock(plain, [rpm])).rejects.toMatchObject({ code: 'BW-USAGE' });

    const stocked = {
      ...plain,
      settings: { ...plain.settings, modules: 'stock' as const },
      stock: {
        ...{ sources: [{ name: 'kernel-core.rpm', sha256: sha256('modules') }], trusted: [] },
        ...{ untouched: 2, resigned: 0, types: 'kept' as const, inImage: [] },
        ...{ rebuilt: [], missing: [] },
      },
    };
    await requireStock(stocked, [rpm]);
    for (const paths of [[], [rpm, rpm]]) {
      await expect(requireStock(stocked, paths)).rejects.toMatchObject({
        code: 'BW-REPRODUCE-STOCK',
      });
    }
    writeFileSync(rpm, 'other modules');
    await expect(requireStock(stocked, [rpm])).rejects.toMatchObject({
      code: 'BW-REPRODUCE-STOCK',
      occasion: { excerpt: [expect.stringContaining(sha256('modules'))] },
    });
  });
});

describe('the tools', () => {
  const gcc = { name: 'compiler', version: 'gcc 12' };
  const pahole = { name: 'pahole', version: 'v1.24' };

  test('are told apart by their versions', () => {
    expect(otherTools([gcc, pahole], [pahole, gcc])).toEqual([]);
    expect(otherTools([gcc, pahole], [{ ...gcc, version: 'gcc 13' }])).toEqual([
      { name: 'compiler', original: 'gcc 12', here: 'gcc 13' },
      { name: 'pahole', original: 'v1.24', here: 'none' },
    ]);
  });

  test('of another toolchain stop it, unless any will do', async () => {
    const made = await manifest(scratchFolder());
    await expect(checkTools(made, false)).rejects.toMatchObject({
      code: 'BW-REPRODUCE-TOOLCHAIN',
      occasion: { excerpt: expect.arrayContaining([expect.stringContaining('gcc')]) },
    });
    expect((await checkTools(made, true)).map(({ name }) => name)).toContain('gcc');
  });
});
