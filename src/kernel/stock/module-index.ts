import { z } from 'zod';
import { BootwrightError } from '../../system/errors/index.ts';

/** Names of modules, files and devices have no other characters; a terminal or a shell may read them. */
const printable = /^[\x21-\x7e]+$/;

/** Whether a word of a module's `.modinfo` may be shown and kept. */
export function isPlainWord(word: string): boolean {
  return printable.test(word) && word.length <= 1024;
}

/** Whether a path in a folder of modules may be shown and kept: `kernel/drivers/net/dummy.ko`. */
export function isModulePath(path: string): boolean {
  return /^(?:\w[\w+.,@~-]*\/)*[\w-]+\.ko$/.test(path) && path.length <= 1024;
}

const nameSchema = z.string().regex(/^\w+$/);
const pathSchema = z.string().refine(isModulePath, 'is no path of a module');
const wordsSchema = z.array(z.string().refine(isPlainWord, 'is no plain word')).readonly();

/** A module of a stock kernel. */
const stockModuleSchema = z.object({
  /** With underscores, as lsmod shows it. */
  name: nameSchema,
  /** Relative to the modules' folder, however it is packed: `kernel/drivers/net/…/e1000e.ko`. */
  path: pathSchema,
  /** Patterns of modaliases, as MODULE_DEVICE_TABLE and MODULE_ALIAS made them; sorted. */
  aliases: wordsSchema,
  /** Names of the modules whose symbols it imports; sorted. */
  depends: z.array(nameSchema).readonly(),
  /** MODULE_SOFTDEP: names or aliases of modules to be loaded before and after it, in that order. */
  softdeps: z.object({ pre: wordsSchema, post: wordsSchema }),
  /** Files that it asks for, relative to /lib/firmware; sorted. */
  firmware: wordsSchema,
});
export type StockModule = z.infer<typeof stockModuleSchema>;

/** A driver that a stock kernel has built in. */
const stockBuiltInSchema = z.object({
  name: nameSchema,
  path: pathSchema,
  /** Those that `modules.builtin.modinfo` tells: before 6.18 none of devices. */
  aliases: wordsSchema,
});
export type StockBuiltIn = z.infer<typeof stockBuiltInSchema>;

/** All modules of a stock kernel, and what they say of themselves: plain data. */
export const stockModuleIndexSchema = z.object({
  kernelRelease: z.string(),
  /** By path. */
  modules: z.array(stockModuleSchema).readonly(),
  /** By path. */
  builtIn: z.array(stockBuiltInSchema).readonly(),
});
export type StockModuleIndex = z.infer<typeof stockModuleIndexSchema>;

/** The version of the form in which a bundle keeps the index. */
const version = 1;

/** The index as a bundle keeps it: with the way back from the drivers in the bundle's image. */
export const keptStockIndexSchema = z.object({
  schema: z.literal('bootwright/stock-modules'),
  version: z.literal(version),
  ...stockModuleIndexSchema.shape,
  /**
   * Names of the drivers in the netboot image that stock has as modules, and the paths of those
   * modules.
   */
  promoted: z.record(nameSchema, pathSchema),
});
export type KeptStockIndex = z.infer<typeof keptStockIndexSchema>;

/** The name of a driver, by its path in `modules.builtin`. */
function nameOf(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.ko$/, '')
    .replaceAll('-', '_');
}

/**
 * Adds to a stock kernel's index what of its modules a netboot kernel has in its image.
 *
 * @param netbootBuiltIn - paths in the netboot kernel's `modules.builtin`
 */
export function keepStockIndex(
  index: StockModuleIndex,
  netbootBuiltIn: Iterable<string>,
): KeptStockIndex {
  // A patch may have moved a driver to another folder; its name is what the kernel knows it by.
  const paths = new Map(index.modules.map(({ name, path }) => [name, path]));
  const promoted = [...netbootBuiltIn]
    .flatMap((path) => {
      const name = nameOf(path);
      const stock = paths.get(name);
      return stock === undefined ? [] : [[name, stock] as const];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    schema: 'bootwright/stock-modules',
    version,
    ...index,
    promoted: Object.fromEntries(promoted),
  };
}

/** The file that a bundle keeps; the same index gives the same bytes. */
export function renderStockIndex(index: KeptStockIndex): string {
  return `${JSON.stringify(keptStockIndexSchema.parse(index))}\n`;
}

const versionSchema = z.looseObject({ version: z.int().positive() });

/**
 * Reads the file that {@link renderStockIndex} made.
 *
 * @param where - what it is called in messages
 * @throws BootwrightError `BW-BUNDLE-CORRUPT`, `BW-BUNDLE-NEWER-SCHEMA`
 */
export function parseStockIndex(text: string, where: string): KeptStockIndex {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new BootwrightError('BW-BUNDLE-CORRUPT', `"${where}" is not JSON.`, { cause: error });
  }
  const found = versionSchema.safeParse(json).data?.version;
  if (found !== undefined && found > version) {
    throw new BootwrightError(
      'BW-BUNDLE-NEWER-SCHEMA',
      `"${where}" has version ${found}; this Bootwright knows version ${version}.`,
    );
  }
  const parsed = keptStockIndexSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new BootwrightError('BW-BUNDLE-CORRUPT', `"${where}" is no index of stock modules.`, {
    excerpt: z.prettifyError(parsed.error).split('\n').slice(0, 12),
  });
}
