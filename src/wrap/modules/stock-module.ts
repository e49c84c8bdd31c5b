import { ModuleFormatError, readKernelModule } from '../../formats/elf-kmod/index.ts';
import { moduleName } from '../../kernel/modules/module-file.ts';
import { BootwrightError } from '../../system/errors/index.ts';

/** A module of a stock kernel, by what its `.modinfo` says of it. */
export interface StockModule {
  /** With underscores, as lsmod shows it. */
  readonly name: string;
  /** Relative to the folder of the modules, not compressed: `kernel/drivers/net/…/e1000e.ko`. */
  readonly path: string;
  /** Patterns of the modaliases of its devices, and names by which the kernel asks for it. */
  readonly aliases: readonly string[];
  /** Modules whose symbols it uses. */
  readonly depends: readonly string[];
  /** Modules that are to be loaded besides, before or after it (modprobe.d(5), "softdep"). */
  readonly wants: readonly string[];
  /** Firmware that it may ask for, by names below /lib/firmware. */
  readonly firmware: readonly string[];
  readonly signed: boolean;
}

const plain = (name: string): string => name.replaceAll('-', '_');

/** The names in a `softdep`, such as `pre: crc32c post: b c`. */
function softDependencies(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '' && !/^(pre|post|platform):$/.test(word));
}

/**
 * Reads what a module says of itself.
 *
 * @param path - relative to the folder of the modules, not compressed
 * @throws BootwrightError `BW-MODULES-UNREADABLE`
 */
export function describeModule(path: string, bytes: Uint8Array): StockModule {
  try {
    const { modinfo, signature } = readKernelModule(bytes);
    const values = (key: string): readonly string[] =>
      modinfo.flatMap((entry) => (entry.key === key ? [entry.value] : []));
    return {
      name: moduleName(path),
      path,
      aliases: values('alias'),
      depends: values('depends')
        .flatMap((text) => text.split(','))
        .filter((name) => name !== '')
        .map(plain),
      wants: [...values('softdep').flatMap(softDependencies), ...values('weakdep')].map(plain),
      firmware: values('firmware'),
      signed: signature !== undefined,
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
