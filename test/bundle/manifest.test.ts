import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ManifestContent,
  nameManifest,
  parseManifest,
  renderManifest,
} from '../../src/bundle/manifest.ts';
import { kernelTargetSchema } from '../../src/kernel/target.ts';
import { BootwrightError } from '../../src/system/errors/index.ts';
import { provenance, release, report } from './parts.ts';

const sha256 = '12'.repeat(32);

const content: ManifestContent = {
  schemaVersion: 1,
  ...provenance,
  kernel: { image: `boot/vmlinuz-${release}`, sha256, bytes: 4096, version: `${release} #1` },
  promotion: { report: `boot/promotion-${release}.json`, ...report },
  files: [{ path: `boot/vmlinuz-${release}`, bytes: 4096, mode: '0644', sha256 }],
  bytes: 4096,
  timestamp: 1_700_000_000,
};

function codeOf(text: string): string {
  try {
    parseManifest(text, 'manifest.json');
  } catch (error) {
    if (error instanceof BootwrightError) return error.code;
    throw error;
  }
  return 'none';
}

/** The same value with the properties of all objects the other way round. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  ) as T;
}

describe('nameManifest', () => {
  test('names a bundle by package, release, architecture and content', () => {
    expect(nameManifest(content).id).toMatch(
      /^kernel-5\.14\.0-570\.32\.1\.el9_6\.x86_64-netboot-[0-9a-f]{10}$/,
    );
  });

  test('has the variant in the name', () => {
    const target = kernelTargetSchema.parse({ ...provenance.target, variant: 'rt' });
    expect(nameManifest({ ...content, target }).id).toMatch(/\.x86_64\+rt-netboot-/);
  });

  test('does not go by the order of properties', () => {
    expect(renderManifest(nameManifest(reversed(content)))).toBe(
      renderManifest(nameManifest(content)),
    );
  });

  test('gives other content another name', () => {
    const other = { ...content, toolchain: [{ name: 'gcc', version: '13' }] };
    expect(nameManifest(other).id).not.toBe(nameManifest(content).id);
  });
});

describe('parseManifest', () => {
  const word = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,12}$/);
  const change = fc.record(
    {
      symbol: word,
      from: fc.option(fc.string()),
      to: fc.option(fc.string()),
      reason: fc.string(),
      location: fc.string(),
    },
    { requiredKeys: ['symbol', 'from', 'to', 'reason'] },
  );
  const digest = fc.stringMatching(/^[0-9a-f]{64}$/);

  test('reads what was written', () => {
    const varied = fc.record({
      configDelta: fc.array(change),
      promoted: fc.array(change),
      lost: fc.array(change),
      subject: fc.string(),
      certificate: digest,
      paths: fc.uniqueArray(fc.stringMatching(/^f[a-z0-9._+-]{0,20}$/)),
      bytes: fc.nat(),
    });
    fc.assert(
      fc.property(varied, ({ promoted, lost, subject, certificate, paths, ...rest }) => {
        const manifest = nameManifest({
          ...content,
          configDelta: rest.configDelta,
          promotion: { ...content.promotion, promoted, lost },
          certificate: { subject, sha256: certificate },
          files: paths.sort().map((path) => ({ path, bytes: rest.bytes, mode: '0644', sha256 })),
        });
        const text = renderManifest(manifest);
        expect(parseManifest(text, 'x')).toEqual(manifest);
        expect(renderManifest(parseManifest(text, 'x'))).toBe(text);
      }),
    );
  });

  const text = renderManifest(nameManifest(content));

  test('refuses a newer schema by a code of its own, with a hint', () => {
    const newer = text.replace('"schemaVersion": 1', '"schemaVersion": 2');
    expect(codeOf(newer)).toBe('BW-BUNDLE-NEWER-SCHEMA');
    expect(() => parseManifest(newer, 'm')).toThrow(
      '"m" has schema version 2; this Bootwright knows versions up to 1.',
    );
  });

  test.each([
    ['nothing', '', 'BW-BUNDLE-CORRUPT'],
    ['half of it', text.slice(0, text.length / 2), 'BW-BUNDLE-CORRUPT'],
    ['other JSON', '{"name": "x"}', 'BW-BUNDLE-NOT'],
    ['a list', '[]', 'BW-BUNDLE-NOT'],
    ['a version that is none', '{"schemaVersion": 0}', 'BW-BUNDLE-NOT'],
    ['a missing part', text.replace('"toolchain"', '"tools"'), 'BW-BUNDLE-CORRUPT'],
    ['changed content', text.replace('Debian 12', 'Debian 13'), 'BW-BUNDLE-CORRUPT'],
    ['an added property', text.replace('"timestamp"', '"x": 1, "timestamp"'), 'BW-BUNDLE-CORRUPT'],
    ['a changed id', text.replace('"id": "kernel', '"id": "kernal'), 'BW-BUNDLE-CORRUPT'],
    ['a name that climbs out', text.replaceAll('boot/vmlinuz', '../vmlinuz'), 'BW-BUNDLE-CORRUPT'],
  ])('refuses %s', (_, damaged, code) => expect(codeOf(damaged)).toBe(code));

  test.each([
    ['a name that comes twice', ['a', 'a']],
    ['names out of order', ['b', 'a']],
    ['a file that is a folder', ['a', 'a/b']],
    ['the manifest itself', ['manifest.json']],
  ])('refuses a list of files with %s', (_, paths) => {
    const files = paths.map((path) => ({ path, bytes: 1, mode: '0644', sha256 }));
    expect(() => nameManifest({ ...content, files })).toThrow('sorted list of files');
  });
});
