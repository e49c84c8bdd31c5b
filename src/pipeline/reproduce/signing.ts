import { X509Certificate } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { layoutOf } from '../../bundle/manifest.ts';
import type { UnpackedBundle } from '../../bundle/reproduction/compare.ts';
import { readConfigValues, signsModules } from '../../kernel/compile/index.ts';
import { earlierSigningKey, givenSigningKey, takeSignatures } from '../../kernel/modules/index.ts';
import { findCertificates, unpackImage } from '../../kernel/stock/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { readTextFile, writeWhole } from '../../system/files.ts';
import type { Step } from '../../system/progress.ts';
import type { BuildRequest } from '../request.ts';

/** What the modules of a rebuilt bundle are signed with. */
export type SignedWith =
  /** This kernel signs no modules. */
  | 'nothing'
  /** The key that was given, or that of the workspace which the bundle lies in. */
  | 'the key'
  /** The key is not here: the bundle's own signatures, each of which was checked. */
  | "the bundle's signatures";

/** How the modules are signed, and the part of the build's request that says so. */
export interface Signing {
  readonly signedWith: SignedWith;
  readonly request: Pick<BuildRequest, 'signKey' | 'signatures'>;
}

/** Whether a key makes the same signature of the same content each time: ECDSA does not. */
async function signsAlike(keyFile: string): Promise<boolean> {
  const { publicKey } = new X509Certificate(await readTextFile(keyFile, 'signing key'));
  return publicKey.asymmetricKeyType === 'rsa';
}

/** SHA-256 of a certificate's DER form, as manifests have it. */
function fingerprintOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

/** The certificates that an image trusts its modules by: first that which it was built with. */
async function certificatesOf(
  { manifest, folder }: UnpackedBundle,
  sha256: string,
): Promise<readonly [X509Certificate, ...X509Certificate[]]> {
  const image = join(folder, layoutOf(manifest.target.kernelRelease).image);
  const missing = (why: string, cause?: unknown): BootwrightError =>
    new BootwrightError(
      'BW-REPRODUCE-KEY',
      `The certificate ${sha256} cannot be taken from the image: ${why}`,
      cause === undefined ? {} : { cause },
    );
  try {
    const found = new Map(
      findCertificates(await unpackImage(image)).map((each) => [fingerprintOf(each), each]),
    );
    const own = found.get(sha256);
    if (own === undefined) throw missing('it is not in there.');
    const stock = (manifest.stock?.trusted ?? []).map(({ sha256: digest }) => found.get(digest));
    return [own, ...stock.filter((each) => each !== undefined)];
  } catch (error) {
    if (error instanceof BootwrightError && error.code === 'BW-REPRODUCE-KEY') throw error;
    // It may be damaged in any way, or packed by what is not installed here.
    throw missing(error instanceof Error ? error.message : String(error), error);
  }
}

/**
 * Finds what to sign the modules with, so that they come out as the bundle has them: the key that
 * was given, or that of the workspace that the bundle lies in. Where there is none, the image is
 * built with the bundle's certificate, which is in its image, and the modules get the bundle's
 * signatures: these hold for them if they are the same.
 *
 * @param unpacked - the bundle
 * @param home - the folder that the bundle lies in, if it lies in one
 * @param signKey - the key that was given
 * @param folder - gets certificate and signatures
 * @throws BootwrightError `BW-REPRODUCE-KEY` (the key is another one, or none and it cannot do
 *   without), `BW-MODULES-KEY`, `BW-MODULES-UNSIGNED` and
 *   `BW-MODULES-SIGNATURE` (the bundle's modules are not signed by its certificate)
 */
export async function findSigning(
  unpacked: UnpackedBundle,
  home: string | undefined,
  signKey: string | undefined,
  folder: string,
  step: Step,
  signal?: AbortSignal,
): Promise<Signing> {
  const { manifest } = unpacked;
  const { kernelRelease } = manifest.target;
  const layout = layoutOf(kernelRelease);
  const config = await readTextFile(join(unpacked.folder, layout.config), 'config');
  const signs = signsModules(readConfigValues(config));
  if (manifest.certificate === undefined && !signs) return { signedWith: 'nothing', request: {} };

  const wanted = manifest.certificate?.sha256;
  const given = signKey === undefined ? undefined : await givenSigningKey(signKey);
  if (given !== undefined && wanted !== undefined && given.certificate.sha256 !== wanted) {
    throw new BootwrightError(
      'BW-REPRODUCE-KEY',
      `The certificate of "${signKey}" is ${given.certificate.sha256}; the bundle's is ${wanted}.`,
    );
  }
  const own =
    home === undefined ? undefined : await earlierSigningKey(join(dirname(dirname(home)), 'keys'));
  const isOwn = wanted === undefined || own?.certificate.sha256 === wanted;
  const key = given ?? (isOwn ? own : undefined);
  if (key !== undefined && (wanted === undefined || (await signsAlike(key.keyFile)))) {
    return { signedWith: 'the key', request: { signKey: key.keyFile } };
  }
  if (wanted === undefined) {
    throw new BootwrightError(
      'BW-REPRODUCE-KEY',
      'The image has a certificate to verify modules with, and the bundle has no modules, so its manifest does not say which.',
    );
  }
  const certificates = await certificatesOf(unpacked, wanted);
  const signatures = {
    certificate: join(folder, 'certificate.pem'),
    folder: join(folder, 'signatures'),
  };
  await rm(folder, { recursive: true, force: true });
  await step.step("Take the modules' signatures from the bundle", (part) =>
    takeSignatures(
      join(unpacked.folder, layout.modules),
      kernelRelease,
      certificates,
      signatures.folder,
      part,
      signal,
    ),
  );
  await writeWhole(signatures.certificate, certificates[0].toString());
  return { signedWith: "the bundle's signatures", request: { signatures } };
}
