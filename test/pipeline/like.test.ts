import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { layoutOf, type Provenance } from '../../src/bundle/manifest.ts';
import { describeBundle } from '../../src/bundle/show.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { debugInfoModes } from '../../src/kernel/compile/debug-info.ts';
import { type Fleet, readFleet, renderFleet } from '../../src/kernel/configure/fleet/fleet.ts';
import { scopeName } from '../../src/kernel/configure/scope.ts';
import { recordDeviations } from '../../src/pipeline/deviations.ts';
import { readGiven } from '../../src/pipeline/given.ts';
import { likeBundle, type RepeatedOption } from '../../src/pipeline/like.ts';
import type { BuildRequest } from '../../src/pipeline/request.ts';
import { unwatched } from '../../src/system/progress.ts';
import { pack, provenance, release, writeParts } from '../bundle/parts.ts';
import { readTar, sumAgain, writeTar } from '../bundle/repack.ts';
import { sampleDriver, writeDriver } from '../kernel/vendor/sample.ts';
import { scratchFolder } from '../scratch.ts';

const plain: BuildRequest = {
  srpm: 'new.src.rpm',
  workspace: 'w',
  architecture: 'x86_64',
  defines: {},
  sandbox: 'auto',
  scope: 'network-devices',
  debugInfo: 'keep',
  modules: 'all',
  jobs: 3,
  ccache: 'auto',
  format: 'tar.zst',
  proofs: [],
};

/** Packs a bundle as a build with that request would. */
async function packed(folder: string, request: BuildRequest) {
  const { drivers } = await readGiven({ ...request, patches: [] });
  const { deviations, wishes, fleet, kept } = await recordDeviations(request, release, drivers);
  const settings: Provenance['settings'] = {
    scope: scopeName(request.scope),
    ...(fleet === undefined ? {} : { fleet }),
    debugInfo: request.debugInfo,
    modules: typeof request.modules === 'object' ? 'stock' : request.modules,
    deviations,
    wishes,
  };
  const parts = { ...writeParts(join(folder, 'parts')), kept };
  return pack(parts, join(folder, 'out'), {
    provenance: { ...provenance, settings },
    format: request.format,
  });
}

function given(folder: string): BuildRequest {
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  return {
    ...plain,
    config: file('our own.config', 'CONFIG_NET=y\n'),
    defines: { dist: '.el9_6' },
    scope: 'wired',
    wishes: {
      promote: ['NVME_TCP'],
      exclude: ['E1000'],
      fragment: file('site.config', 'CONFIG_NET_NS=y\n'),
    },
    patches: [
      file('0002-b.patch', '--- a/b\n+++ b/b\n'),
      file('0001-a.patch', '--- a/a\n+++ b/a\n'),
    ],
    drivers: [{ folder: writeDriver(join(folder, 'samplenic-3.8')), builtIn: true }],
    debugInfo: 'off',
    format: 'tar.bz2',
  };
}

function like(
  path: string,
  request: BuildRequest,
  options: readonly RepeatedOption[] = [],
): Promise<BuildRequest & { readonly texts: readonly string[] }> {
  return likeBundle(path, request, new Set(options), { step: unwatched }, (repeated) => {
    const { config, wishes, patches = [], drivers = [] } = repeated;
    for (const { folder } of drivers) {
      for (const [name, content] of Object.entries(sampleDriver)) {
        expect(readFileSync(join(folder, name), 'utf8')).toBe(content);
      }
    }
    const paths = [config, wishes?.fragment, ...patches].filter((name) => name !== undefined);
    const texts = paths.map((name) => `${basename(name)}: ${readFileSync(name, 'utf8').trim()}`);
    return Promise.resolve({ ...repeated, texts });
  });
}

test('a build is repeated by what its bundle holds, and nothing else', async () => {
  const folder = scratchFolder();
  const before = given(folder);
  const bundle = await packed(folder, before);
  expect((await verifyBundle(bundle.folder)).findings).toEqual([]);
  expect(bundle.manifest.settings.deviations).toContainEqual({
    what: 'patch',
    reason: expect.stringMatching(/^--patch 0002-b\.patch, sha256 [0-9a-f]{64}$/),
  });

  const again = await like(bundle.archive, plain);
  const { config, patches, texts, wishes, drivers, ...rest } = again;
  const { config: _, patches: __, wishes: ___, drivers: ____, ...expected } = before;
  expect(drivers).toEqual([{ folder: expect.stringMatching(/\/samplenic-3\.8$/), builtIn: true }]);
  expect(rest).toEqual(expected);
  expect({ ...wishes, fragment: undefined }).toEqual({ ...before.wishes, fragment: undefined });
  expect(texts).toEqual([
    'our_own.config: CONFIG_NET=y',
    'site.config: CONFIG_NET_NS=y',
    '0002-b.patch: --- a/b\n+++ b/b',
    '0001-a.patch: --- a/a\n+++ b/a',
  ]);
  expect(existsSync(config ?? '')).toBe(false);
  expect(patches).toHaveLength(2);
});

test('what is given beside counts, an option that has nothing to say included', async () => {
  const folder = scratchFolder();
  const bundle = await packed(folder, given(folder));
  const own = join(folder, 'own.patch');
  writeFileSync(own, '--- a/c\n+++ b/c\n');
  const again = await like(bundle.folder, { ...plain, patches: [own] }, [
    ...(['patch', 'scope', 'config', 'format'] as const),
  ]);
  expect(again).toMatchObject({
    patches: [own],
    scope: 'network-devices',
    format: 'tar.zst',
    debugInfo: 'off',
    wishes: { promote: ['NVME_TCP'] },
  });
  expect(again.config).toBeUndefined();
});

test('a fleet is kept with its file, and asked for again', async () => {
  const folder = scratchFolder();
  const file = join(folder, 'our fleet.json');
  const fleet: Fleet = {
    schema: 'bootwright/fleet',
    version: 1,
    machines: [{ name: 'r640.txt' }, { name: 'r740.txt' }],
    drivers: [{ module: 'i40e', machines: ['r640.txt', 'r740.txt'] }],
  };
  writeFileSync(file, renderFleet(fleet));
  const bundle = await packed(folder, { ...plain, scope: { fleet: file } });
  expect((await verifyBundle(bundle.folder)).findings).toEqual([]);
  expect(bundle.manifest.settings).toMatchObject({
    scope: 'fleet',
    fleet: {
      file: { name: 'our_fleet.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      machines: ['r640.txt', 'r740.txt'],
      drivers: ['i40e'],
    },
  });
  expect(describeBundle(bundle.manifest, [])).toContain(
    'scope fleet (our_fleet.json: 2 machines, i40e)',
  );
  const again = await likeBundle(
    bundle.folder,
    plain,
    new Set(),
    { step: unwatched },
    ({ scope }) =>
      typeof scope === 'string' ? Promise.resolve(undefined) : readFleet(scope.fleet),
  );
  expect(again).toEqual(fleet);
  const other = await like(bundle.folder, { ...plain, scope: 'wired' }, ['scope']);
  expect(other.scope).toBe('wired');
});

test('a fleet file is looked at before anything that takes time', async () => {
  const file = join(scratchFolder(), 'machine.txt');
  writeFileSync(file, '18:00.0 Ethernet controller [0200]: X710 [8086:1572]\n');
  await expect(readGiven({ ...plain, scope: { fleet: file } })).rejects.toMatchObject({
    code: 'BW-FLEET-IS-HARDWARE',
  });
});

test('what a bundle of before does not hold has to be given', async () => {
  const folder = scratchFolder();
  const settings: Provenance['settings'] = {
    ...provenance.settings,
    debugInfo: 'off',
    deviations: [
      { what: 'debug information', reason: '--debug-info off' },
      { what: 'config lines', reason: '--fragment site.config' },
    ],
  };
  const bundle = await pack(writeParts(join(folder, 'parts')), join(folder, 'out'), {
    provenance: { ...provenance, settings },
  });
  await expect(like(bundle.folder, plain)).rejects.toMatchObject({
    code: 'BW-LIKE-INCOMPLETE',
    message: `${bundle.manifest.id} does not hold: config lines: --fragment site.config.`,
  });
  const fragment = join(folder, 'site.config');
  writeFileSync(fragment, 'CONFIG_X=y\n');
  const asked = { ...plain, wishes: { promote: [], exclude: [], fragment } };
  expect(await like(bundle.folder, asked, ['fragment'])).toMatchObject({
    debugInfo: 'off',
    wishes: { fragment },
  });
});

test('every mode of debug information is carried, and counts less than what is given', async () => {
  const folder = scratchFolder();
  for (const debugInfo of debugInfoModes) {
    const bundle = await packed(join(folder, debugInfo), { ...plain, debugInfo });
    expect((await like(bundle.folder, plain)).debugInfo).toBe(debugInfo);
    expect((await like(bundle.folder, plain, ['debug-info'])).debugInfo).toBe('keep');
  }
});

test('a patch that was exchanged in the archive is found', async () => {
  const folder = scratchFolder();
  const bundle = await packed(folder, { ...given(folder), format: 'tar.zst' });
  const path = `${layoutOf(release).kept}/patch-1/0002-b.patch`;
  await writeTar(
    bundle.archive,
    (await readTar(bundle.archive)).map((member) =>
      member.name === path ? { ...member, content: '--- a/z\n+++ b/z\n' } : member,
    ),
  );
  sumAgain(bundle.archive);
  await expect(like(bundle.folder, plain)).rejects.toMatchObject({ code: 'BW-BUNDLE-CORRUPT' });
  expect((await verifyBundle(bundle.folder)).findings).toMatchObject([
    { code: 'BW-BUNDLE-CORRUPT', file: path },
  ]);
});

test('firmware is not kept: where it comes from is said again, how it came into the image is not', async () => {
  const folder = scratchFolder();
  const firmware: NonNullable<Provenance['firmware']> = {
    way: 'initramfs',
    blobs: [
      {
        ...{ driver: 'bnx2', file: '', path: 'bnx2/one.fw', need: 'link', consequence: 'no link' },
        ...{ state: 'embedded', bytes: 3, sha256: '12'.repeat(32) },
      },
    ],
  };
  const bundle = await pack(writeParts(join(folder, 'parts')), join(folder, 'out'), {
    provenance: { ...provenance, firmware },
  });
  const wish = { collections: [], strict: false, way: 'auto' as const };
  await expect(like(bundle.folder, { ...plain, firmware: wish })).rejects.toMatchObject({
    code: 'BW-LIKE-INCOMPLETE',
    message: expect.stringContaining('where its firmware came from (--firmware PATH)'),
  });
  const given = { ...wish, collections: ['/lib/firmware'] };
  expect(await like(bundle.folder, { ...plain, firmware: given })).toMatchObject({
    firmware: { collections: ['/lib/firmware'], way: 'initramfs' },
  });
  expect(await like(bundle.folder, { ...plain, firmware: given }, ['firmware-as'])).toMatchObject({
    firmware: { way: 'auto' },
  });
});
