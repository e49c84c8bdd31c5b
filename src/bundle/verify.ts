import { basename, join } from 'node:path';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { formatBytes, readTextUpTo, sha256, sha256File } from '../system/files.ts';
import { type Step, unwatched } from '../system/progress.ts';
import { type Checked, checkArchive } from './check-archive.ts';
import { isModule } from './check-module.ts';
import { describeFinding, type Finding } from './finding.ts';
import { folderSums } from './lay-folder.ts';
import { type BundleId, keptFiles, layoutOf, type Manifest } from './manifest.ts';
import { type Bundle, openBundle } from './open.ts';
import { readProofs } from './proof-record.ts';

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
}

/** Two lines have a few hundred bytes. */
const sumsLimit = 64 * 1024;

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

/** The archive and the manifest against the SHA256SUMS beside them. */
async function checkSums(bundle: Bundle, text: string): Promise<readonly Finding[]> {
  // The files of a folder have been held against the manifest, of which this repeats the digests.
  if (bundle.format === 'folder') {
    return text === folderSums(bundle.manifest, bundle.manifestText) ? [] : [changedSums];
  }
  const sums = parseSums(text);
  const digests = new Map([
    [basename(bundle.archive), await sha256File(bundle.archive)],
    ['manifest.json', sha256(bundle.manifestText)],
  ]);
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
  const canonical = Array.from(digests, ([file]) => `${sums.get(file)}  ${file}\n`).join('');
  if (findings.length === 0 && text !== canonical) {
    findings.push(changedSums);
  }
  return findings;
}

/** The SHA256SUMS of a bundle's folder; undefined if there are none. */
async function readSums(folder: string): Promise<string | undefined> {
  try {
    return await readTextUpTo(join(folder, 'SHA256SUMS'), sumsLimit);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What every bundle has to hold, whatever its manifest lists. */
function checkLayout(manifest: Manifest): readonly Finding[] {
  const { modules, kept: _, ...boot } = layoutOf(manifest.target.kernelRelease);
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const findings: Finding[] = [...Object.values(boot), `${modules}/modules.dep`]
    .filter((path) => !listed.has(path))
    .map((file) => ({
      code: 'BW-BUNDLE-MISSING-FILE',
      file,
      problem: 'is part of every bundle, but not of this one',
    }));
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
  if (image !== boot.image || (found !== undefined && found !== expected)) {
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
 * Checks everything in a bundle: checksums, the archive to its end, each file
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
  { step = unwatched, signal }: { readonly step?: Step; readonly signal?: AbortSignal } = {},
): Promise<Verification> {
  const bundle = await openBundle(path);
  const { manifest, folder } = bundle;
  const archive = await step.step('Check the archive, file by file', async (reading) => {
    const result = await checkArchive(bundle, reading, signal);
    reading.note(`${result.checked.files} files, ${result.checked.modules} modules`);
    return result;
  });
  // What says most about the matter comes first: that a checksum differs only follows from it.
  const findings = [...checkLayout(manifest), ...archive.findings];
  let proofs = 0;
  let checksums = false;
  if (folder !== undefined) {
    const sums = await readSums(folder);
    if (sums !== undefined) {
      checksums = true;
      findings.push(...(await step.step('Check the checksums', () => checkSums(bundle, sums))));
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
    checksums,
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
  const { id, findings, checked, checksums } = verification;
  const what = `${checked.files} files (${formatBytes(checked.bytes)}), ${checked.modules} modules, ${checked.proofs} proofs`;
  const note = checksums ? '' : '\nThere were no SHA256SUMS to check it by, only its manifest.';
  // What was found is told by the error that follows from it.
  const verdict =
    findings.length === 0
      ? 'is whole'
      : `does NOT hold (${findings.length} ${findings.length === 1 ? 'finding' : 'findings'})`;
  return `${id} ${verdict}: ${what} checked.${note}`;
}
