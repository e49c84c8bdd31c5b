import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../../system/cache.ts';
import { sha256 } from '../../system/files.ts';

/** Where Kconfig starts: on top of the tree, or (up to 2.6.35) with the architecture. */
const rootFiles = ['Kconfig', 'arch/x86/Kconfig', 'arch/x86_64/Kconfig'];

const cacheSchema = z.object({
  /** Each file that was read, with its size and time of change; -1 for one that is not there. */
  files: z.array(z.tuple([z.string(), z.number(), z.number()])),
  names: z.array(z.string()),
});
type Cached = z.infer<typeof cacheSchema>;

function stamp(path: string): readonly [size: number, time: number] {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? [-1, -1] : [found.size, Math.trunc(found.mtimeMs)];
}

/** The files that a `source` statement may mean. The architecture is x86, the one that is built. */
function sourced(tree: string, path: string): readonly string[] {
  const file = path.replaceAll(/\$\(?(?:SRCARCH|ARCH)\)?/g, 'x86');
  if (file.includes('$')) return [];
  if (!file.endsWith('/*')) return [file];
  // Not in the kernel's own trees, but in vendors'.
  const folder = file.slice(0, -2);
  return existsSync(join(tree, folder))
    ? readdirSync(join(tree, folder)).map((name) => `${folder}/${name}`)
    : [];
}

/**
 * A look at the words alone, without conditions, macros or menus: a hundred times cheaper than to
 * load the tree, and good enough to know how names begin.
 */
function scan(tree: string): Cached {
  const files: Cached['files'] = [];
  const names = new Set<string>();
  const seen = new Set(rootFiles);
  for (const file of seen) {
    const path = join(tree, file);
    const [size, time] = stamp(path);
    files.push([file, size, time]);
    if (size < 0) continue;
    const text = readFileSync(path, 'latin1');
    for (const [, name, source] of text.matchAll(
      /^[ \t]*(?:(?:menu)?config[ \t]+([A-Z0-9]\w*)|source[ \t]+"?([^"\s]+)"?)[ \t]*$/gm,
    )) {
      if (name !== undefined) names.add(name);
      else for (const next of sourced(tree, source ?? '')) seen.add(next);
    }
  }
  return { files, names: [...names].sort() };
}

function readCache(file: string): Cached | undefined {
  try {
    return cacheSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // None yet, or cut short: it can be made again.
    return undefined;
  }
}

/**
 * The names of the Kconfig symbols of a kernel tree, sorted. Kept between runs for as long as no
 * file has changed; whatever goes wrong, there are just fewer names.
 *
 * @param tree - root folder of the tree; only read
 */
export function kconfigSymbolNames(tree: string): readonly string[] {
  const root = resolve(tree);
  const cache = join(cacheFolder('completion'), `${sha256(root).slice(0, 32)}.json`);
  const known = readCache(cache);
  const holds = known?.files.every(([file, size, time]) => {
    const [sizeNow, timeNow] = stamp(join(root, file));
    return size === sizeNow && time === timeNow;
  });
  if (known !== undefined && holds) return known.names;
  const found = scan(root);
  if (found.names.length > 0) keep(cache, found);
  return found.names;
}

function keep(file: string, found: Cached): void {
  const part = `${file}.${process.pid}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(part, JSON.stringify(found));
    renameSync(part, file);
  } catch {
    // Without a cache it takes a little longer the next time.
  }
}
