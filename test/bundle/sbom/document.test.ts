import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Manifest, nameManifest } from '../../../src/bundle/manifest.ts';
import { renderSbom } from '../../../src/bundle/sbom/document.ts';
import { scratchFolder } from '../../scratch.ts';
import { bundleToCopy } from '../copies.ts';
import { release } from '../parts.ts';

const copyOfBundle = bundleToCopy();
/** The official schema of CycloneDX 1.6, in which nothing may stand that it does not know. */
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

/** The manifest of a packed bundle, with a change. */
async function manifestOf(change: (manifest: Manifest) => Partial<Manifest> = () => ({})) {
  const { manifest } = await copyOfBundle(scratchFolder());
  const { id: _, contentKey: __, ...content } = { ...manifest, ...change(manifest) };
  return nameManifest(content);
}

const deviant = (manifest: Manifest): Partial<Manifest> => ({
  settings: {
    ...manifest.settings,
    deviations: [{ what: 'patch', reason: '--patch quirk.patch' }],
    wishes: {
      defines: {},
      promote: [],
      exclude: [],
      patches: [{ name: 'quirk.patch', sha256: '12'.repeat(32), path: 'boot/x/quirk.patch' }],
      drivers: [
        {
          name: 'r8125',
          builtIn: true,
          sha256: '34'.repeat(32),
          version: '9.013',
          files: [{ name: 'r8125.c', sha256: '56'.repeat(32), path: 'boot/x/r8125.c' }],
        },
        { name: 'ixgbe', builtIn: false, sha256: '78'.repeat(32), files: [] },
      ],
    },
  },
});

describe('the bill of materials', () => {
  test('lies beside a bundle, and is of its manifest', async () => {
    const { folder, manifest } = await copyOfBundle(scratchFolder());
    expect(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8')).toBe(renderSbom(manifest));
  });

  test.each([
    ['plain', () => ({})],
    ['with patches and drivers of vendors', deviant],
    ['without modules', () => ({ files: [] })],
    [
      'of a distro that has no dist tag',
      ({ target }: Manifest) => ({
        target: { ...target, distro: 'unknown' },
      }),
    ],
    ['of a time that no calendar has', () => ({ timestamp: Number.MAX_SAFE_INTEGER })],
  ])('keeps to the schema of CycloneDX 1.6: %s', async (_, change) => {
    expect(await validator.validate(renderSbom(await manifestOf(change)))).toBeNull();
  });

  test('keeps to it whatever files and people are called', async () => {
    const manifest = await manifestOf(deviant);
    const { wishes } = manifest.settings;
    if (wishes === undefined) throw new Error('there are wishes');
    const text = fc.string({ unit: 'binary', minLength: 1 });
    await fc.assert(
      fc.asyncProperty(text, text, async (name, path) => {
        const changed: Manifest = {
          ...manifest,
          source: { ...manifest.source, fileName: name },
          toolchain: [{ name, version: path }],
          settings: {
            ...manifest.settings,
            wishes: { ...wishes, patches: [{ name, path, sha256: '12'.repeat(32) }] },
          },
        };
        expect(await validator.validate(renderSbom(changed))).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  test('names the kernel by its source package, its image by its digest', async () => {
    const manifest = await manifestOf(deviant);
    const document: unknown = JSON.parse(renderSbom(manifest));
    expect(document).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: {
        timestamp: '2023-11-14T22:13:20Z',
        tools: {
          components: [
            { name: 'bootwright' },
            { name: 'gcc', version: 'gcc (Debian 12.2.0-14) 12.2.0' },
          ],
        },
        component: { name: manifest.id },
      },
      components: [
        {
          'bom-ref': 'kernel',
          name: 'kernel',
          version: '5.14.0-570.32.1.el9_6',
          purl: 'pkg:rpm/kernel@5.14.0-570.32.1.el9_6?arch=src&distro=el9_6',
          licenses: [{ license: { id: 'GPL-2.0-only' } }],
          hashes: [{ alg: 'SHA-256', content: manifest.kernel.sha256 }],
          externalReferences: [
            {
              type: 'source-distribution',
              url: 'kernel-5.14.0-570.32.1.el9_6.src.rpm',
              hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }],
            },
          ],
          pedigree: {
            ancestors: [{ hashes: [{ content: 'ab'.repeat(32) }] }],
            patches: [{ type: 'unofficial', diff: { url: 'boot/x/quirk.patch' } }],
            notes: expect.stringContaining('2 drivers built in'),
          },
        },
        { 'bom-ref': 'modules' },
        { name: 'r8125', version: '9.013', hashes: [{ content: '34'.repeat(32) }] },
        { name: 'ixgbe' },
      ],
      dependencies: [
        { ref: 'bundle', dependsOn: ['kernel', 'modules', 'vendor-driver-1', 'vendor-driver-2'] },
        { ref: 'kernel', dependsOn: ['vendor-driver-1'] },
        { ref: 'modules', dependsOn: ['kernel', 'vendor-driver-2'] },
      ],
    });
  });

  test('has every file of the bundle once, by its digest', async () => {
    const manifest = await manifestOf();
    const text = renderSbom(manifest);
    for (const { sha256 } of manifest.files) expect(text).toContain(sha256);
    const refs = Array.from(text.matchAll(/"bom-ref": "(.+)"/g), ([, ref]) => ref);
    expect(new Set(refs).size).toBe(refs.length);
    // The image is the kernel itself; root, kernel, source package and module tree are no files.
    expect(refs.length).toBe(manifest.files.length - 1 + 4);
  });

  test('has for the module tree what sha256sum makes of it', async () => {
    const manifest = await manifestOf();
    const tree = `lib/modules/${release}`;
    const lines = manifest.files
      .filter(({ path }) => path.startsWith(tree))
      .map(({ path, sha256 }) => `${sha256}  ${path}\n`);
    const digest = createHash('sha256').update(lines.join('')).digest('hex');
    expect(JSON.parse(renderSbom(manifest))).toMatchObject({
      components: [
        {},
        {
          name: tree,
          hashes: [{ content: digest }],
          components: [
            { type: 'device-driver', name: 'ext4' },
            { type: 'device-driver', name: 'dummy' },
            { type: 'file', name: `${tree}/modules.builtin` },
            { type: 'file', name: `${tree}/modules.dep` },
          ],
        },
      ],
    });
  });

  test('has a number of its own: the same for the same bundle, another for another', async () => {
    const serial = async (change?: (manifest: Manifest) => Partial<Manifest>) =>
      /urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/.exec(
        renderSbom(await manifestOf(change)),
      )?.[0];
    const one = await serial();
    expect(one).toBeDefined();
    expect(await serial()).toBe(one);
    expect(await serial(deviant)).not.toBe(one);
  });
});
