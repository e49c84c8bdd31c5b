import { createHash } from 'node:crypto';
import {
  type ManifestContent,
  nameManifest,
  parseManifest,
  renderManifest,
} from '../../src/bundle/manifest.ts';
import { describeBundle } from '../../src/bundle/show.ts';
import { BootwrightError } from '../../src/system/errors/index.ts';
import { provenance, release, report } from '../../test/bundle/parts.ts';
import { mutateJson } from '../mutate/json.ts';
import type { Target } from '../target.ts';

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

/** The manifest with a content key and an id that hold, as somebody who forges one would write it. */
export function forgeManifest(value: object): string {
  const { id, contentKey, ...rest } = { id: '', contentKey: '', ...value };
  const key = createHash('sha256').update(JSON.stringify(rest)).digest('hex');
  const named = typeof id === 'string' ? id.replace(/[0-9a-f]{10}$/, key.slice(0, 10)) : id;
  return JSON.stringify({
    ...rest,
    id: named,
    contentKey: typeof contentKey === 'string' ? key : 0,
  });
}

/** A bundle's manifest.json. */
export const manifestTarget: Target = {
  name: 'manifest',
  words: ['"id"', '"schemaVersion": 2', '[', ']', '{', '}', ',', 'null', '1e999', '"__proto__"'],
  seeds: () => [Buffer.from(renderManifest(nameManifest(content)))],
  mutate: (input, random) =>
    mutateJson(Buffer.from(input).toString(), random, (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
      return random.oneIn(3) ? JSON.stringify(value) : forgeManifest(value);
    }),
  async run(input) {
    const manifest = parseManifest(Buffer.from(input).toString(), 'manifest.json');
    describeBundle(manifest, []);
  },
  isOwnError: (error) => error instanceof BootwrightError,
};
