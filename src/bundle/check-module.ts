import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import {
  debugSections,
  ModuleFormatError,
  modinfoValue,
  readKernelModule,
} from '../formats/elf-kmod/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { openOutput } from '../system/process-output.ts';
import type { Finding } from './finding.ts';
import type { Manifest } from './manifest.ts';

/** Module files, plain or compressed by modules_install (scripts/Makefile.modinst). */
const modulePattern = /\.ko(?:\.(gz|xz|zst))?$/;

/** How much a compressed module may unpack to, in bytes: none that is stripped is longer. */
const moduleLimit = 128 * 1024 * 1024;

/** Whether a file in the archive is a kernel module. */
export function isModule(path: string): boolean {
  return modulePattern.test(path);
}

async function unpackXz(bytes: Uint8Array): Promise<Uint8Array> {
  const { output, ended, stop } = openOutput('xz', ['-dc'], bytes);
  const chunks: Uint8Array[] = [];
  let left = moduleLimit;
  for await (const chunk of output) {
    if (!(chunk instanceof Uint8Array)) continue;
    left -= chunk.length;
    if (left < 0) {
      stop();
      ended.catch(() => undefined);
      throw new ModuleFormatError('not-a-module', 'it unpacks to far more than a module has');
    }
    chunks.push(chunk);
  }
  await ended;
  return Buffer.concat(chunks);
}

async function decompressModule(path: string, bytes: Uint8Array): Promise<Uint8Array> {
  switch (modulePattern.exec(path)?.[1]) {
    case 'gz':
      return promisify(gunzip)(bytes, { maxOutputLength: moduleLimit });
    case 'zst':
      return promisify(zstdDecompress)(bytes, { maxOutputLength: moduleLimit });
    case 'xz':
      return unpackXz(bytes);
    default:
      return bytes;
  }
}

/**
 * Checks one module of the archive: built for the manifest's release, signed
 * where the manifest says so, without debug sections.
 *
 * @param path - its name in the archive
 * @param packed - the file as it is in the archive
 * @throws BootwrightError `BW-TOOL-MISSING` (no xz)
 */
export async function checkModule(
  path: string,
  packed: Uint8Array,
  manifest: Manifest,
): Promise<readonly Finding[]> {
  const finding = (problem: string): Finding => ({ code: 'BW-BUNDLE-MODULE', file: path, problem });
  let module: ReturnType<typeof readKernelModule>;
  try {
    module = readKernelModule(await decompressModule(path, packed));
  } catch (error) {
    if (error instanceof ModuleFormatError) return [finding(`cannot be read: ${error.message}`)];
    if (error instanceof BootwrightError && error.code !== 'BW-TOOL-FAILED') throw error;
    return [finding('cannot be decompressed')];
  }
  const findings: Finding[] = [];
  const expected = manifest.target.kernelRelease;
  const release = modinfoValue(module, 'vermagic')?.split(' ', 1)[0];
  if (release !== expected) {
    findings.push({
      ...finding('was built for another release'),
      expected,
      found: release ?? 'no vermagic',
    });
  }
  if (manifest.modules.signed && module.signature === undefined) {
    findings.push(finding('is not signed'));
  }
  const debug = debugSections(module);
  if (debug.length > 0) findings.push(finding(`still has debug sections (${debug[0]} …)`));
  return findings;
}
