import type { KeyObject } from 'node:crypto';
import {
  type ExportedSymbol,
  ModuleFormatError,
  modinfoValue,
  readKernelModule,
  readModuleSymbols,
} from '../../formats/elf-kmod/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { isSignedBy } from '../modules/check-module.ts';
import { moduleName } from '../modules/module-file.ts';

/** `EM_X86_64` (elf(5)). */
const machineX86 = 62;

/** What decides whether a module fits an image that it was not compiled with. */
export interface ModuleFacts {
  /** Relative to the folder of the modules, uncompressed: `kernel/fs/xfs/xfs.ko`. */
  readonly path: string;
  /** With underscores, as lsmod shows it. */
  readonly name: string;
  readonly vermagic: string | undefined;
  /** The CRC that it expects of each symbol (`__versions`). */
  readonly versions: ReadonlyMap<string, number>;
  /** The symbols that it needs. */
  readonly imports: readonly string[];
  readonly exports: readonly ExportedSymbol[];
  /** Whether it has types of its own (`.BTF`), which stand on those of one certain image. */
  readonly hasTypes: boolean;
  /** Whether it registers functions by the numbers of such types (`.BTF_ids`). */
  readonly usesTypes: boolean;
  /** Whether it was compiled beside the image, and is not stock's own. */
  readonly rebuilt: boolean;
  /** Whether it has a signature by one of the keys that were asked for. */
  readonly trusted: boolean;
}

/**
 * Reads what decides whether a module fits an image.
 *
 * @param path - relative to the folder of the modules, with or without the ending of a compression
 * @param bytes - the module, uncompressed
 * @param options - `keys`: those whose signatures are trusted
 * @throws BootwrightError `BW-MODULES-UNREADABLE`
 */
export function readModuleFacts(
  path: string,
  bytes: Uint8Array,
  { keys, rebuilt }: { readonly keys: readonly KeyObject[]; readonly rebuilt: boolean },
): ModuleFacts {
  try {
    const module = readKernelModule(bytes);
    if (module.machine !== machineX86) {
      throw new BootwrightError(
        'BW-MODULES-UNREADABLE',
        `"${path}" is a module for another processor than x86-64 (ELF machine ${module.machine}).`,
      );
    }
    const hasContent = (section: string): boolean =>
      module.sections.some(({ name, size }) => name === section && size > 0);
    return {
      path: path.replace(/\.(gz|xz|zst)$/, ''),
      name: moduleName(path),
      vermagic: modinfoValue(module, 'vermagic'),
      versions: new Map(module.versions.map(({ name, crc }) => [name, crc])),
      ...readModuleSymbols(module),
      hasTypes: hasContent('.BTF'),
      usesTypes: hasContent('.BTF_ids'),
      rebuilt,
      trusted: isSignedBy(bytes, keys),
    };
  } catch (error) {
    if (!(error instanceof ModuleFormatError)) throw error;
    throw new BootwrightError(
      'BW-MODULES-UNREADABLE',
      `"${path}" is no module: ${error.message}.`,
      {
        cause: error,
      },
    );
  }
}
