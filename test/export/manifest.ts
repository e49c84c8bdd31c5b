import {
  bundleIdSchema,
  layoutOf,
  type Manifest,
  nameManifest,
} from '../../src/bundle/manifest.ts';
import { promotionSchema } from '../../src/bundle/promotion.ts';
import { provenance, release, report } from '../bundle/parts.ts';

/** A bundle's id with digits that do not hang on what else a manifest tells. */
export const id = bundleIdSchema.parse('kernel-5.14.0-570.32.1.el9_6.x86_64-netboot-0123456789');

/** The manifest of a bundle, for what is rendered from it. */
export function madeUpManifest(): Manifest {
  const { image, promotionReport } = layoutOf(release);
  const manifest = nameManifest({
    schemaVersion: 1,
    ...provenance,
    kernel: { image, sha256: 'ef'.repeat(32), bytes: 4096, version: `${release} (b@h) #1` },
    promotion: { report: promotionReport, ...promotionSchema.parse(report) },
    files: [],
    bytes: 0,
    timestamp: 1_700_000_000,
  });
  return { ...manifest, id };
}
