import type { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { BzImageError } from '../../formats/bzimage/index.ts';
import type { Step } from '../../system/progress.ts';
import { isSignedBy } from '../modules/check-module.ts';
import { readModuleFile } from '../modules/module-file.ts';
import { findCertificates } from './certificates.ts';
import type { StockKernel } from './open.ts';
import { listModuleFiles } from './read-modules.ts';
import { unpackImage } from './unpack-image.ts';

/** How many modules are looked at: a vendor signs all of a kernel by one key, those of others apart. */
const sampleSize = 16;

function sampleOf<Item>(items: readonly Item[]): readonly Item[] {
  const stride = Math.max(Math.ceil(items.length / sampleSize), 1);
  return items.filter((_, index) => index % stride === 0);
}

/**
 * Finds, in the stock image, the certificates by which stock's modules are signed. A certificate that
 * stands in the image for another purpose has signed none of them.
 *
 * @returns none if stock has no image, or signs nothing by what is in it
 * @throws BootwrightError `BW-MODULES-UNREADABLE`, `BW-TOOL-MISSING`, `BW-TOOL-FAILED`
 */
export async function findSigners(
  stock: StockKernel,
  step: Step,
  signal?: AbortSignal,
): Promise<readonly X509Certificate[]> {
  const image = await stock.file('image');
  if (image === undefined) {
    step.info('Without the stock image there is no telling by which certificate stock signs.');
    return [];
  }
  let candidates: readonly X509Certificate[];
  try {
    candidates = findCertificates(await unpackImage(image));
  } catch (error) {
    if (!(error instanceof BzImageError)) throw error;
    step.warn(`"${image}" ${error.message}: its certificates are not found.`);
    return [];
  }
  const signers = new Set<X509Certificate>();
  for (const file of sampleOf(await listModuleFiles(stock.modules))) {
    const bytes = await readModuleFile(join(stock.modules, file), signal);
    for (const candidate of candidates) {
      if (!signers.has(candidate) && isSignedBy(bytes, [candidate.publicKey])) {
        signers.add(candidate);
      }
    }
  }
  const found = new Map([...signers].map((signer) => [signer.fingerprint256, signer]));
  return [...found.values()];
}
