import { basename, join } from 'node:path';
import type { PublicKey } from '../formats/minisign/index.ts';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { formatBytes, readBytesUpTo, sha256, sha256File } from '../system/files.ts';
import { type Step, unwatched } from '../system/progress.ts';
import { type Checked, checkArchive } from './check-archive.ts';
import { isModule } from './check-module.ts';
import { describeFinding, type Finding } from './finding.ts';
import { folderSums } from './lay-folder.ts';
import { type BundleId, keptFiles, layoutOf, type Manifest, requiredMembers } from './manifest.ts';
import { type Bundle, openBundle } from './open.ts';
import { readProofs } from './proof-record.ts';
import { sbomName } from './sbom/name.ts';
import {
  type BundleSignature,
  checkBundleSignature,
  describeSignature,
} from './signature/check.ts';

export type { Finding } from './finding.ts';

/** What came out of checking a bundle. */
export interface Verification {
  readonly id: BundleId;
  readonly archive: string;
  /** Empty for a bundle that holds. */
  readonly findings: readonly Finding[];
  readonly checked: Checked & { readonly proofs: number };
  /** Whether there were SHA256SUMS: an archive that lies alone, or one that was unpacked, has none. */
  readonly checksums: boolean;
  /** Whether there was a bill of materials: bundles of before there was one have none. */
  readonly sbom: boolean;
  /** The signature beside it, if there is one. */
  readonly signature?: BundleSignature;
}

/** What a bundle is checked by, and how that is told. */
export interface VerifyOptions {
  /** A key that is trusted: the bundle has to be signed by it. */
  readonly key?: PublicKey;
  readonly step?: Step;
  readonly signal?: AbortSignal;
}

/** Of a folder, they have a line for each file: with all modules of a distro 0.6 MB. */
const sumsLimit = 16 * 1024 * 1024;

/** The lines of a SHA256SUMS file as sha256sum(1) writes them, by file name. */
function parseSums(text: string): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) sums.set(match[2], match[1]);
  }
  return sums;
}

const changedSums: Finding = {
  code: 'BW-BUNDLE-CORRUPT',
  file: 'SHA256SUMS',
  problem: 'was changed',
};

/** Files against the lines that SHA256SUMS has for them. */
function compareSums(
  sums: ReadonlyMap<string, string>,
  digests: ReadonlyMap<string, string>,
): Finding[] {
  const findings: Finding[] = [];
  for (const [file, found] of digests) {
    const expected = sums.get(file);
    if (expected === found) continue;
    findings.push({
      code: 'BW-BUNDLE-CORRUPT',
      file,
      problem: 'has another SHA-256 than SHA256SUMS says',
      expected: expected ?? 'a line for it',
      found,
    });
  }
  if (sums.has(sbomName) && !digests.has(sbomName)) {
    findings.push({
      code: 'BW-BUNDLE-MISSING-FILE',
      file: sbomName,
      problem: 'is in SHA256SUMS, but not beside the bundle',
    });
  }
  return findings;
}

/** The archive, the manifest and the bill of materials against the SHA256SUMS beside them. */
async function checkSums(
  bundle: Bundle,
  text: string,
  sbomDigest: string | undefined,
): Promise<readonly Finding[]> {
  const sums = parseSums(text);
  const sbom = sbomDigest === undefined ? [] : [[sbomName, sbomDigest] as const];
  // The files of a folder have been held against the manifest, of which this repeats the digests.
  if (bundle.format === 'folder') {
    const { manifest, manifestText } = bundle;
    const isWhole = text === folderSums(manifest, manifestText, sums.get(sbomName));
    return isWhole ? compareSums(sums, new Map(sbom)) : [changedSums];
  }
  const digests = new Map([
    [basename(bundle.archive), await sha256File(bundle.archive)],
    ['manifest.json', sha256(bundle.manifestText)],
    ...sbom,
  ]);
  const findings = compareSums(sums, digests);
  const canonical = Array.from(digests, ([file]) => `${sums.get(file)}  ${file}\n`).join('');
  if (findings.length === 0 && text !== canonical) {
    findings.push(changedSums);
  }
  return findings;
}

/** The SHA256SUMS of a bundle's folder, byte for byte; undefined if there are none. */
export async function readSums(folder: string): Promise<Uint8Array | undefined> {
  try {
    return await readBytesUpTo(join(folder, 'SHA256SUMS'), sumsLimit);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The digest of a bundle's bill of materials; undefined if there is none. */
async function digestSbom(folder: string): Promise<string | undefined> {
  try {
    return await sha256File(join(folder, sbomName));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What every bundle has to hold, whatever its manifest lists. */
function checkLayout(manifest: Manifest): readonly Finding[] {
  const layout = layoutOf(manifest.target.kernelRelease);
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const findings: Finding[] = [...requiredMembers(manifest), `${layout.modules}/modules.dep`]
    .filter((path) => !listed.has(path))
    .map((file) => ({
      code: 'BW-BUNDLE-MISSING-FILE',
      file,
      problem: 'is part of every bundle, but not of this one',
    }));
  const { stockIndex: indexed } = manifest;
  const { stockIndex } = layout;
  if (
    indexed !== undefined &&
    (indexed.path !== stockIndex || listed.get(stockIndex)?.sha256 !== indexed.sha256)
  ) {
    findings.push({
      code: listed.has(stockIndex) ? 'BW-BUNDLE-CORRUPT' : 'BW-BUNDLE-MISSING-FILE',
      file: stockIndex,
      problem: listed.has(stockIndex)
        ? 'is not the index of stock modules that the manifest speaks of'
        : 'is missing, and the manifest speaks of it',
    });
  }
  for (const { path, sha256: expected } of keptFiles(manifest)) {
    const found = listed.get(path)?.sha256;
    if (found === expected) continue;
    findings.push({
      code: found === undefined ? 'BW-BUNDLE-MISSING-FILE' : 'BW-BUNDLE-CORRUPT',
      file: path,
      problem: 'is not the file that was given to the build',
      expected,
      found: found ?? 'none',
    });
  }
  const modulesListed = manifest.files.filter(({ path }) => isModule(path)).length;
  if (modulesListed !== manifest.modules.count) {
    findings.push({
      code: 'BW-BUNDLE-MODULE',
      file: 'manifest.json',
      problem: 'does not list as many modules as were built',
      expected: String(manifest.modules.count),
      found: String(modulesListed),
    });
  }
  const { image, sha256: expected } = manifest.kernel;
  const found = listed.get(image)?.sha256;
  if (image !== layout.image || (found !== undefined && found !== expected)) {
    findings.push({
      code: 'BW-BUNDLE-CORRUPT',
      file: 'manifest.json',
      problem: 'says two different things of the kernel image',
    });
  }
  return findings;
}

/** The proofs that lie beside: each has to be about this very image. */
async function checkProofs(manifest: Manifest, folder: string) {
  const proofs = await readProofs(folder);
  const findings: Finding[] = [];
  for (const proof of proofs) {
    if ('problem' in proof) {
      findings.push({
        code: 'BW-BUNDLE-PROOF',
        file: proof.file,
        problem: `cannot be read: ${proof.problem.replaceAll(/\s+/g, ' ')}`,
      });
    } else if (proof.bundle.imageSha256 !== manifest.kernel.sha256) {
      findings.push({
        code: 'BW-BUNDLE-PROOF',
        file: proof.file,
        problem: 'is about another kernel image',
        expected: manifest.kernel.sha256,
        found: proof.bundle.imageSha256,
      });
    }
  }
  return { findings, proofs: proofs.length };
}

/**
 * Checks everything in a bundle: the signature, checksums, the archive to its end, each file
 * against the manifest, the kernel and its config, every module, the proofs.
 *
 * @param path - the bundle's folder, its archive, or its manifest.json
 * @returns what was checked and what was found; see {@link verificationError}
 * @throws BootwrightError where there is no bundle to check: `BW-FILE-MISSING`, `BW-BUNDLE-NOT`,
 *   `BW-BUNDLE-NEWER-SCHEMA`, `BW-BUNDLE-MISSING-FILE` (no archive), `BW-BUNDLE-CORRUPT` (its
 *   manifest), and `BW-TOOL-MISSING`
 */
export async function verifyBundle(
  path: string,
  options: VerifyOptions = {},
): Promise<Verification> {
  const bundle = await openBundle(path);
  const { folder } = bundle;
  return verifyOpened(bundle, folder === undefined ? undefined : await readSums(folder), options);
}

/**
 * Like {@link verifyBundle}, for a bundle and checksums that have been read.
 *
 * @param sums - the SHA256SUMS; undefined if there are none
 */
export async function verifyOpened(
  bundle: Bundle,
  sums: Uint8Array | undefined,
  { key, step = unwatched, signal }: VerifyOptions,
): Promise<Verification> {
  const { manifest, folder } = bundle;
  const signed = await checkBundleSignature(folder, sums, key);
  const archive = await step.step('Check the archive, file by file', async (reading) => {
    const result = await checkArchive(bundle, reading, signal);
    reading.note(`${result.checked.files} files, ${result.checked.modules} modules`);
    return result;
  });
  // What says most about the matter comes first: that a checksum differs only follows from it.
  const findings = [...signed.findings, ...checkLayout(manifest), ...archive.findings];
  let proofs = 0;
  let sbomDigest: string | undefined;
  if (folder !== undefined) {
    sbomDigest = await digestSbom(folder);
    if (sums !== undefined) {
      const text = Buffer.from(sums).toString('utf8');
      const summing = () => checkSums(bundle, text, sbomDigest);
      findings.push(...(await step.step('Check the checksums', summing)));
    } else if (bundle.format !== 'folder') {
      findings.push({
        code: 'BW-BUNDLE-MISSING-FILE',
        file: 'SHA256SUMS',
        problem: 'is missing',
      });
    }
    const checkedProofs = await checkProofs(manifest, folder);
    proofs = checkedProofs.proofs;
    findings.push(...checkedProofs.findings);
  }
  return {
    id: manifest.id,
    archive: bundle.archive,
    findings,
    checked: { ...archive.checked, proofs },
    checksums: sums !== undefined,
    sbom: sbomDigest !== undefined,
    ...(signed.signature === undefined ? {} : { signature: signed.signature }),
  };
}

/** How many findings are told one by one. */
const toldFindings = 20;

/** The error that a bundle with findings stands for; undefined for one that holds. */
export function verificationError(verification: Verification): BootwrightError | undefined {
  const { findings, archive } = verification;
  const [first] = findings;
  if (first === undefined) return undefined;
  const others = findings.length === 1 ? '' : `, and ${findings.length - 1} more`;
  return new BootwrightError(
    first.code,
    `${describeFinding(first)}${others}. The archive is "${archive}".`,
    findings.length === 1 ? {} : { excerpt: describeFindings(findings) },
  );
}

function describeFindings(findings: readonly Finding[]): string[] {
  const lines = findings
    .slice(0, toldFindings)
    .map((finding) => `${finding.code}  ${describeFinding(finding)}`);
  if (findings.length > toldFindings) lines.push(`… and ${findings.length - toldFindings} more`);
  return lines;
}

/** What came out, for a person. */
export function describeVerification(verification: Verification): string {
  const { id, findings, checked, checksums, signature } = verification;
  const what = `${checked.files} files (${formatBytes(checked.bytes)}), ${checked.modules} modules, ${checked.proofs} proofs`;
  const notes = [
    ...(checksums ? [] : ['There were no SHA256SUMS to check it by, only its manifest.']),
    ...(signature === undefined ? [] : [describeSignature(signature)]),
  ];
  // What was found is told by the error that follows from it.
  const verdict =
    findings.length === 0
      ? 'is whole'
      : `does NOT hold (${findings.length} ${findings.length === 1 ? 'finding' : 'findings'})`;
  return [`${id} ${verdict}: ${what} checked.`, ...notes].join('\n');
}
