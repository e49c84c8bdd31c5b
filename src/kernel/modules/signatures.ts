import type { X509Certificate } from 'node:crypto';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSignature } from '../../formats/elf-kmod/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import type { Step } from '../../system/progress.ts';
import { signatureProblem } from './check-module.ts';
import { isModuleFile, readModuleFile } from './module-file.ts';

/**
 * What modules can be signed with where the private key is not at hand: the certificate, which the
 * image is built with, and signatures that the key has made of the very same modules before.
 */
export interface GivenSignatures {
  /** PEM file with the certificate. */
  readonly certificate: string;
  /** What {@link takeSignatures} has made. */
  readonly folder: string;
}

const script = fileURLToPath(new URL('append-signature.sh', import.meta.url));

/**
 * Takes the signatures off the modules of a finished kernel, each checked first, so that the modules
 * of a kernel that is built anew can get them: they hold for these if they are the same.
 *
 * @param modules - the folder `lib/modules/RELEASE`
 * @param certificates - those that the image trusts
 * @param folder - gets the signatures; it must not be there yet
 * @throws BootwrightError `BW-MODULES-UNSIGNED`, `BW-MODULES-SIGNATURE` (not by a key of theirs),
 *   `BW-MODULES-UNREADABLE`, `BW-TOOL-MISSING`
 */
export async function takeSignatures(
  modules: string,
  release: string,
  certificates: readonly X509Certificate[],
  folder: string,
  step: Step,
  signal?: AbortSignal,
): Promise<void> {
  const keys = certificates.map(({ publicKey }) => publicKey);
  await mkdir(folder, { recursive: true });
  await symlink(script, appendingProgram(folder));
  const paths = (await readdir(modules, { recursive: true })).filter(isModuleFile).sort();
  for (const [index, path] of paths.entries()) {
    signal?.throwIfAborted();
    const bytes = await readModuleFile(join(modules, path), signal);
    const problem = signatureProblem(bytes, keys);
    if (problem !== undefined) {
      throw new BootwrightError(problem.code, `"${path}" in the bundle: ${problem.detail}.`, {
        hint: 'Its modules are not those that the image was made for: do not use the bundle.',
      });
    }
    const place = join(folder, release, path.replace(/\.(gz|xz|zst)$/, ''));
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytes.subarray(readSignature(bytes)?.signedLength ?? bytes.length));
    step.progress({ done: index + 1, total: paths.length, unit: 'modules', current: path });
  }
  step.note(`${paths.length} signatures`);
}

/** The program that appends a module's signature; it is called as scripts/sign-file is. */
export function appendingProgram(folder: string): string {
  return join(folder, 'append-signature');
}

/**
 * Variables of make by which modules_install appends signatures that are there instead of making
 * them: `cmd_sign` of scripts/Makefile.modinst (from 5.13 on), and `mod_sign_cmd` of the Makefile of
 * before, to which it adds the module's name itself.
 */
export function appendingVariables(folder: string): Readonly<Record<string, string>> {
  const call = appendingProgram(folder);
  return { cmd_sign: `${call} $@`, mod_sign_cmd: call };
}
