import { type KeyObject, verify } from 'node:crypto';
import {
  debugSections,
  type KernelModule,
  ModuleFormatError,
  modinfoValue,
  readDetachedSignature,
  readKernelModule,
  readSignature,
} from '../../formats/elf-kmod/index.ts';
import type { KnownErrorCode } from '../../system/errors/index.ts';
import { vermagicProblem } from './vermagic.ts';

/** What every module of a kernel has to fulfil. */
export interface ModuleExpectation {
  readonly kernelRelease: string;
  /** See `vermagicFlags`. */
  readonly vermagicFlags: readonly string[];
  /** The keys that the image trusts; none for a kernel that does not sign modules. */
  readonly publicKeys: readonly KeyObject[];
}

/** Something wrong with a module. */
export interface ModuleProblem {
  readonly code: Extract<KnownErrorCode, `BW-MODULES-${string}`>;
  /** As the end of a sentence that starts with the module's name. */
  readonly detail: string;
}

/** Translates the reader's own errors; anything else is passed on. */
function formatProblem(error: unknown): ModuleProblem {
  if (!(error instanceof ModuleFormatError)) throw error;
  return {
    code: error.problem === 'bad-signature' ? 'BW-MODULES-SIGNATURE' : 'BW-MODULES-UNREADABLE',
    detail: error.message,
  };
}

/**
 * Whether a module is signed by one of the keys.
 *
 * @returns undefined for one without a signature
 * @throws ModuleFormatError for what is no signature
 */
function verifySignature(bytes: Uint8Array, keys: readonly KeyObject[]): boolean | undefined {
  const signature = readSignature(bytes);
  if (signature === undefined) return undefined;
  const { digest, signature: value } =
    signature.kind === 'pkcs7' ? readDetachedSignature(signature.pkcs7) : signature;
  const content = bytes.subarray(0, signature.signedLength);
  return keys.some((key) => verify(digest, content, key, value));
}

/** Whether a module has a signature that is of its content and by one of the keys. */
export function isSignedBy(bytes: Uint8Array, keys: readonly KeyObject[]): boolean {
  try {
    return verifySignature(bytes, keys) === true;
  } catch (error) {
    if (error instanceof ModuleFormatError) return false;
    throw error;
  }
}

/** What is wrong with a module's signature; undefined for one by one of the keys. */
export function signatureProblem(
  bytes: Uint8Array,
  keys: readonly KeyObject[],
): ModuleProblem | undefined {
  try {
    const isGood = verifySignature(bytes, keys);
    if (isGood === undefined) {
      return { code: 'BW-MODULES-UNSIGNED', detail: 'it has no signature' };
    }
    return isGood
      ? undefined
      : {
          code: 'BW-MODULES-SIGNATURE',
          detail: 'its signature is not one of this content by the trusted key',
        };
  } catch (error) {
    return formatProblem(error);
  }
}

function contentProblems(bytes: Uint8Array, expectation: ModuleExpectation): ModuleProblem[] {
  let module: KernelModule;
  try {
    module = readKernelModule(bytes);
  } catch (error) {
    return [formatProblem(error)];
  }
  const problems: ModuleProblem[] = [];
  const vermagic = vermagicProblem(
    modinfoValue(module, 'vermagic'),
    expectation.kernelRelease,
    expectation.vermagicFlags,
  );
  if (vermagic !== undefined) problems.push({ code: 'BW-MODULES-VERMAGIC', detail: vermagic });
  const debug = debugSections(module);
  if (debug.length > 0) {
    const shown = debug.slice(0, 3).join(', ');
    problems.push({ code: 'BW-MODULES-UNSTRIPPED', detail: `it has ${shown} …` });
  }
  return problems;
}

/**
 * Checks an uncompressed module against its kernel: signature, format,
 * vermagic, no debug information.
 *
 * @param bytes - the file
 * @returns all problems, a bad signature first, since it explains the others; none for a good module
 */
export function checkModule(bytes: Uint8Array, expectation: ModuleExpectation): ModuleProblem[] {
  const { publicKeys } = expectation;
  const signature = publicKeys.length === 0 ? undefined : signatureProblem(bytes, publicKeys);
  const content = contentProblems(bytes, expectation);
  // What is no module at all is not to be called an unsigned one.
  const noModule = content.some(({ code }) => code === 'BW-MODULES-UNREADABLE');
  if (signature === undefined || (noModule && signature.code === 'BW-MODULES-UNSIGNED')) {
    return content;
  }
  // One that is no signature at all is found by both.
  return [signature, ...content.filter(({ code }) => code !== signature.code)];
}
