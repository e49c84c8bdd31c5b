import { type KeyObject, verify } from 'node:crypto';
import {
  debugSections,
  type KernelModule,
  ModuleFormatError,
  modinfoValue,
  readDetachedSignature,
  readKernelModule,
} from '../../formats/elf-kmod/index.ts';
import type { KnownErrorCode } from '../../system/errors/index.ts';
import { vermagicProblem } from './vermagic.ts';

/** What every module of a kernel has to fulfil. */
export interface ModuleExpectation {
  readonly kernelRelease: string;
  /** See `vermagicFlags`. */
  readonly vermagicFlags: readonly string[];
  /** The key that the image trusts; undefined for a kernel that does not sign modules. */
  readonly publicKey: KeyObject | undefined;
}

/** Something wrong with a module. */
export interface ModuleProblem {
  readonly code: Extract<KnownErrorCode, `BW-MODULES-${string}`>;
  /** As the end of a sentence that starts with the module's name. */
  readonly detail: string;
}

function signatureProblem(
  bytes: Uint8Array,
  module: KernelModule,
  publicKey: KeyObject,
): ModuleProblem | undefined {
  const { signature } = module;
  if (signature === undefined)
    return { code: 'BW-MODULES-UNSIGNED', detail: 'it has no signature' };
  const { digest, signature: value } = readDetachedSignature(signature.pkcs7);
  const content = bytes.subarray(0, signature.signedLength);
  return verify(digest, content, publicKey, value)
    ? undefined
    : {
        code: 'BW-MODULES-SIGNATURE',
        detail: 'its signature is not one of this content by the trusted key',
      };
}

/**
 * Checks an uncompressed module against its kernel: format, vermagic,
 * signature, no debug information.
 *
 * @param bytes - the file
 * @returns all problems; none for a good module
 */
export function checkModule(bytes: Uint8Array, expectation: ModuleExpectation): ModuleProblem[] {
  try {
    const module = readKernelModule(bytes);
    const vermagic = vermagicProblem(
      modinfoValue(module, 'vermagic'),
      expectation.kernelRelease,
      expectation.vermagicFlags,
    );
    const signature =
      expectation.publicKey === undefined
        ? undefined
        : signatureProblem(bytes, module, expectation.publicKey);
    const debug = debugSections(module);
    const problems: (ModuleProblem | undefined)[] = [
      vermagic === undefined ? undefined : { code: 'BW-MODULES-VERMAGIC', detail: vermagic },
      signature,
      debug.length === 0
        ? undefined
        : { code: 'BW-MODULES-UNSTRIPPED', detail: `it has ${debug.slice(0, 3).join(', ')} …` },
    ];
    return problems.filter((problem) => problem !== undefined);
  } catch (error) {
    if (!(error instanceof ModuleFormatError)) throw error;
    return [
      {
        code: error.problem === 'bad-signature' ? 'BW-MODULES-SIGNATURE' : 'BW-MODULES-UNREADABLE',
        detail: error.message,
      },
    ];
  }
}
