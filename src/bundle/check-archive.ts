import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import { BootwrightError } from '../system/errors/index.ts';
import type { Step } from '../system/progress.ts';
import type { Member } from './archive.ts';
import { checkConfig, checkImage } from './check-kernel.ts';
import { checkModule, isModule } from './check-module.ts';
import { checkStockIndex } from './check-stock-index.ts';
import { withFolders } from './content.ts';
import type { Finding } from './finding.ts';
import { type BundleFile, layoutOf } from './manifest.ts';
import type { Bundle } from './open.ts';
import { readContent } from './read.ts';

/** What was looked at. */
export interface Checked {
  readonly files: number;
  readonly modules: number;
  readonly bytes: number;
}

/** How much more than the manifest says an archive may unpack to before reading it is given up. */
const tolerance = 1 << 30;

/** How long a file can be that is looked into, in bytes: no image, no stripped module is longer. */
const inspectionLimit = 128 * 1024 * 1024;

/** How many files are looked into at a time. */
const parallelInspections = availableParallelism() + 1;

function formatMode(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

/** Reads a member; its bytes are kept only where a check looks into them. */
async function readMember(member: Member, keep: boolean) {
  const hash = createHash('sha256');
  const chunks: Uint8Array[] = [];
  for await (const chunk of member.content) {
    hash.update(chunk);
    if (keep) chunks.push(chunk);
  }
  return { digest: hash.digest('hex'), bytes: Buffer.concat(chunks) };
}

/** A file against its line in the manifest. */
function compare(file: BundleFile, member: Member, digest: string): Finding | undefined {
  const differs = (problem: string, expected: string, found: string): Finding => ({
    code: 'BW-BUNDLE-CORRUPT',
    file: file.path,
    problem,
    expected,
    found,
  });
  if (member.bytes !== file.bytes) {
    return differs('has another size', `${file.bytes} bytes`, `${member.bytes}`);
  }
  if (digest !== file.sha256) return differs('has another SHA-256', file.sha256, digest);
  const mode = formatMode(member.mode);
  if (mode !== file.mode) return differs('has another mode', file.mode, mode);
  return undefined;
}

/**
 * Reads the whole archive and checks each member against the manifest, and the
 * kernel, its configs and modules for what they are.
 *
 * @throws BootwrightError where the check itself cannot be done: `BW-TOOL-MISSING`, `BW-INTERRUPTED` …
 */
export async function checkArchive(
  bundle: Bundle,
  step: Step,
  signal?: AbortSignal,
): Promise<{ readonly findings: readonly Finding[]; readonly checked: Checked }> {
  const { manifest } = bundle;
  const layout = layoutOf(manifest.target.kernelRelease);
  const findings: Finding[] = [];
  const missing = new Map(manifest.files.map((file) => [file.path, file]));
  const folders = new Set(withFolders(manifest.files));
  const checked = { files: 0, modules: 0, bytes: 0 };
  let first = true;
  let excess = 0;

  const inspect = async (path: string, bytes: Uint8Array): Promise<readonly Finding[]> => {
    if (path === layout.image) return checkImage(bytes, manifest);
    if (path === layout.config) return checkConfig(Buffer.from(bytes).toString(), path, manifest);
    if (path === layout.stockIndex) {
      return checkStockIndex(Buffer.from(bytes).toString(), path, manifest);
    }
    return checkModule(path, bytes, manifest);
  };
  // Some modules have to be decompressed by a program: a few at a time, told in the archive's order.
  const inspections: Promise<readonly Finding[]>[] = [];
  const finishInspections = async (left: number): Promise<void> => {
    while (inspections.length > left) findings.push(...((await inspections.shift()) ?? []));
  };

  const checkFile = async (member: Member): Promise<void> => {
    const file = missing.get(member.name);
    if (file === undefined) {
      findings.push({
        code: 'BW-BUNDLE-EXTRA-FILE',
        file: member.name,
        problem: 'is in the archive, but not in the manifest',
      });
      return;
    }
    missing.delete(member.name);
    const looked =
      file.path === layout.image ||
      file.path === layout.config ||
      file.path === layout.stockIndex ||
      isModule(file.path);
    if (looked && member.bytes > inspectionLimit) {
      findings.push({ code: 'BW-BUNDLE-CORRUPT', file: file.path, problem: 'is too large' });
    }
    const keep = looked && member.bytes === file.bytes && member.bytes <= inspectionLimit;
    const { digest, bytes } = await readMember(member, keep);
    const difference = compare(file, member, digest);
    if (difference !== undefined) findings.push(difference);
    else if (keep) {
      const inspection = inspect(file.path, bytes);
      // Whoever awaits it hears of a failure; until then it must not end the process.
      inspection.catch(() => undefined);
      inspections.push(inspection);
      await finishInspections(parallelInspections);
    }
    checked.files += 1;
    if (isModule(file.path)) checked.modules += 1;
    checked.bytes += member.bytes;
    step.progress({
      done: checked.files,
      total: manifest.files.length,
      unit: 'files',
      current: member.name,
    });
  };

  try {
    for await (const member of readContent(bundle.archive, bundle.format, signal)) {
      excess += member.bytes - (missing.get(member.name)?.bytes ?? 0);
      if (excess > tolerance) {
        throw new BootwrightError(
          'BW-BUNDLE-CORRUPT',
          `"${bundle.archive}" unpacks to far more than its manifest says.`,
        );
      }
      if (first && member.name === 'manifest.json') {
        const { bytes } = await readMember(member, true);
        if (bytes.toString('utf8') !== bundle.manifestText) {
          findings.push({
            code: 'BW-BUNDLE-CORRUPT',
            file: 'manifest.json',
            problem: 'in the archive differs from the one beside it',
          });
        }
      } else if (member.type === 'file') await checkFile(member);
      else if (!folders.has(member.name)) {
        findings.push({
          code: 'BW-BUNDLE-EXTRA-FILE',
          file: member.name,
          problem: 'is an empty folder that the manifest does not know',
        });
      }
      first = false;
    }
    await finishInspections(0);
  } catch (error) {
    if (!(error instanceof BootwrightError) || !error.code.startsWith('BW-BUNDLE-')) throw error;
    await finishInspections(0);
    findings.push({
      code: error.code as Finding['code'],
      file: posix.basename(bundle.archive),
      problem: `is damaged: ${error.message}`,
    });
    // What was not reached is not known to be missing.
    return { findings, checked };
  }
  for (const path of missing.keys()) {
    findings.push({
      code: 'BW-BUNDLE-MISSING-FILE',
      file: path,
      problem: 'is in the manifest, but not in the archive',
    });
  }
  return { findings, checked };
}
