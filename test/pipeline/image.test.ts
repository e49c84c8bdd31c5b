import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Perform } from '../../src/pipeline/build.ts';
import { makeImage } from '../../src/pipeline/image.ts';
import type { BuildRequest, FirmwareWish } from '../../src/pipeline/request.ts';
import { runStage, type StageOutcome } from '../../src/pipeline/stage.ts';
import type { SourceResult } from '../../src/pipeline/stages/source.ts';
import { workspaceAt } from '../../src/pipeline/workspace.ts';
import { unwatched } from '../../src/system/progress.ts';
import { provenance, release } from '../bundle/parts.ts';
import { scratchFolder } from '../scratch.ts';

/** What an image tells of bnx2. */
const askingFor = (...blobs: readonly string[]): string =>
  [
    'bnx2.file=drivers/net/ethernet/broadcom/bnx2',
    ...blobs.map((blob) => `bnx2.firmware=bnx2/${blob}`),
    '',
  ].join('\0');

/**
 * A workspace in which nothing is configured or compiled: the stages only note what they would do it
 * with, and the image tells of its drivers what `told` says.
 */
function laboratory() {
  const home = scratchFolder();
  const workspace = workspaceAt(join(home, 'w'));
  const tree = join(workspace.source, 'tree');
  mkdirSync(join(tree, 'drivers/base'), { recursive: true });
  writeFileSync(join(tree, 'drivers/base/Kconfig'), 'config EXTRA_FIRMWARE\n');
  const config = join(home, 'config');
  writeFileSync(config, '');
  const collection = join(home, 'linux-firmware');
  mkdirSync(join(collection, 'bnx2'), { recursive: true });
  writeFileSync(join(collection, 'bnx2/one.fw'), 'one');
  const { target } = provenance;
  const source: StageOutcome<SourceResult> = {
    digest: 'source',
    result: {
      package: { fileName: 'k.src.rpm', sha256: 'ab', spec: 'kernel.spec', buildTime: 1000 },
      ...{ target, baseVersion: '5.14.0', tree, shippedConfig: config, supplied: [] },
    },
  };
  const results: Readonly<Record<string, object>> = {
    configure: {
      ...{ config, stockConfig: config, report: config, shippedToStock: [] },
      ...{ kbuildArch: 'x86', toolVariables: {} },
    },
    compile: {
      ...{ image: 'i', systemMap: 's', moduleSymvers: 'm', config, kernelRelease: release },
      ...{ objects: workspace.objects, makeVariables: {}, elapsed: 1, objectsCompiled: 1 },
      toolchain: { compiler: 'c', linker: 'l', make: 'm' },
      debugInfo: { spared: [], kept: [] },
    },
  };
  const run = async (
    told: string | undefined,
    firmware: Partial<FirmwareWish> = {},
    last: 'configure' | 'compile' = 'compile',
  ) => {
    const request: BuildRequest = {
      ...{ srpm: 'k.src.rpm', workspace: workspace.folder, architecture: 'x86_64', defines: {} },
      ...{ sandbox: 'auto', scope: 'network-devices', debugInfo: 'auto', modules: 'all', jobs: 1 },
      ...{ ccache: 'off', format: 'folder', proofs: [] },
      firmware: { collections: [collection], strict: false, way: 'auto', ...firmware },
    };
    const done: string[] = [];
    const perform: Perform = async (name, stage) => {
      if (name === 'compile' && last === 'configure') return undefined;
      if (stage.name === 'firmware') {
        return runStage(stage, workspace.seals, unwatched, { log: join(home, 'log') });
      }
      done.push(
        stage.determinants.firmware === undefined ? stage.name : `${stage.name} with blobs`,
      );
      if (stage.name === 'compile') {
        mkdirSync(workspace.objects, { recursive: true });
        if (told !== undefined) {
          writeFileSync(join(workspace.objects, 'modules.builtin.modinfo'), told);
        }
      }
      return { result: stage.schema.parse(results[stage.name]), digest: stage.name };
    };
    const made = await makeImage(
      { request, drivers: [], workspace, source },
      perform,
      async () => ({}),
    );
    return { done, made, firmware: 'until' in made ? undefined : made.firmware };
  };
  const blob = join(workspace.firmware, 'blobs/bnx2/one.fw');
  return { run, blob, collection };
}

test('what the drivers ask for is known when the image is there: it is made again with that, once', async () => {
  const { run, blob } = laboratory();
  const first = await run(askingFor('one.fw'));
  expect(first.done).toEqual([
    ...['configure', 'compile'],
    ...['configure with blobs', 'compile with blobs'],
  ]);
  expect(first.firmware).toMatchObject({
    way: 'built-in',
    blobs: [{ driver: 'bnx2', path: 'bnx2/one.fw', state: 'embedded' }],
    settings: [
      { symbol: 'EXTRA_FIRMWARE', value: 'bnx2/one.fw' },
      { symbol: 'EXTRA_FIRMWARE_DIR', value: '../../firmware/blobs' },
    ],
  });
  expect(readFileSync(blob, 'utf8')).toBe('one');
  const second = await run(askingFor('one.fw'));
  expect(second.done).toEqual(['configure with blobs', 'compile with blobs']);
  expect(second.firmware).toEqual(first.firmware);
});

test('a blob with other bytes is a reason to compile, one that nobody asks for is not', async () => {
  const { run, blob, collection } = laboratory();
  const before = await run(askingFor('one.fw'));
  writeFileSync(join(collection, 'bnx2/one.fw'), 'other');
  const after = await run(askingFor('one.fw'));
  expect(after.firmware?.blobs[0]?.sha256).not.toBe(before.firmware?.blobs[0]?.sha256);
  expect(readFileSync(blob, 'utf8')).toBe('other');
  // Another driver in the image, for which there is nothing: it stays as it is.
  const more = await run(askingFor('one.fw', 'two.fw'));
  expect(more.done).toEqual(['configure with blobs', 'compile with blobs']);
  expect(more.firmware?.blobs.map(({ state }) => state)).toEqual(['embedded', 'missing']);
  // The driver is gone, and with it its blob.
  const gone = await run(askingFor());
  expect(gone.done).toEqual([
    ...['configure with blobs', 'compile with blobs'],
    ...['configure', 'compile'],
  ]);
  expect(gone.firmware).toEqual({ way: null, blobs: [], settings: [] });
  expect(existsSync(blob)).toBe(false);
});

test('without a collection all is made once, and what is missing is told', async () => {
  const { run } = laboratory();
  const { done, firmware } = await run(askingFor('one.fw'), { collections: [] });
  expect(done).toEqual(['configure', 'compile']);
  expect(firmware).toMatchObject({ way: null, blobs: [{ state: 'missing' }] });
});

test('strict: by what this image asks for, not by what another one did', async () => {
  const { run } = laboratory();
  await expect(run(askingFor('one.fw', 'two.fw'), { strict: true })).rejects.toThrow(
    expect.objectContaining({
      code: 'BW-FIRMWARE-MISSING',
      message: '1 blob of 1 driver: bnx2.',
      occasion: expect.objectContaining({ excerpt: ['bnx2  1 of 2 missing  no link'] }),
    }),
  );
  await expect(run(askingFor('one.fw'), { strict: true })).resolves.toMatchObject({
    firmware: { way: 'built-in' },
  });
});

test('an image that does not tell, and one that is not made', async () => {
  const { run } = laboratory();
  const silent = await run(undefined);
  expect(silent.done).toEqual(['configure', 'compile']);
  expect(silent.firmware).toBeUndefined();
  await expect(run(undefined, { strict: true })).rejects.toThrow(
    expect.objectContaining({ code: 'BW-FIRMWARE-UNTOLD' }),
  );
  await expect(run(undefined, {}, 'configure')).resolves.toMatchObject({
    made: { until: 'configure' },
  });
});
