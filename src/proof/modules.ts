/** A module's name as the kernel writes it: `kernel/fs/ext4/ext4.ko.xz` is `ext4`. */
export function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_');
}

/** The names in a `modules.builtin` (modules.builtin(5)). */
export function builtInModules(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => (line === '' ? [] : [moduleName(line)])));
}

/**
 * The names of all that a kernel has, built in or as a module.
 *
 * @param modulesDep - the text of `modules.dep`
 * @param modulesBuiltIn - the text of `modules.builtin`
 */
export function availableModules(modulesDep: string, modulesBuiltIn: string): ReadonlySet<string> {
  return new Set([
    ...builtInModules(modulesBuiltIn),
    ...readDependencies(modulesDep).map(({ name }) => name),
  ]);
}

/** A line of modules.dep(5): a module and those that it needs. */
interface Dependency {
  readonly name: string;
  readonly path: string;
  readonly needs: number;
}

function readDependencies(text: string): readonly Dependency[] {
  return text.split('\n').flatMap((line): Dependency[] => {
    const colon = line.indexOf(':');
    if (colon === -1) return [];
    const path = line.slice(0, colon);
    const needs = line.slice(colon + 1).trim();
    return [{ name: moduleName(path), path, needs: needs === '' ? 0 : needs.split(/\s+/).length }];
  });
}

/** Modules that load on any machine, in the order in which they are worth trying. */
const harmless = [
  ...['ext4', 'xfs', 'overlay', 'squashfs', 'dm_mod', 'btrfs', 'isofs', 'vfat', 'fuse', 'loop'],
  ...['dm_crypt', 'raid1', 'nls_utf8', 'udf', 'ntfs3', 'exfat', 'cramfs', 'romfs', 'hfsplus'],
];

/** How many modules a guest is asked to load. */
const wanted = 2;

/** Folders whose modules load without a device of theirs. */
const safeFolders = /^kernel\/(fs|lib|crypto)\//;

/**
 * Chooses modules that a guest can load to show that loading works: some that
 * are harmless everywhere, at least one of them with dependencies where the
 * tree has such.
 *
 * @param modulesDep - the text of `modules.dep`
 * @returns at most two names; none for a tree without modules
 */
export function chooseModules(modulesDep: string): readonly string[] {
  const all = readDependencies(modulesDep);
  const rank = (name: string): number => {
    const index = harmless.indexOf(name);
    return index === -1 ? harmless.length : index;
  };
  const candidates = all
    .filter(({ name, path }) => harmless.includes(name) || safeFolders.test(path))
    .sort((a, b) => rank(a.name) - rank(b.name) || b.needs - a.needs || (a.name < b.name ? -1 : 1));
  const first = candidates.find(({ needs }) => needs > 0) ?? candidates[0] ?? all[0];
  if (first === undefined) return [];
  const others = candidates.filter(
    ({ name }) => name !== first.name && rank(name) < harmless.length,
  );
  return [first, ...others].slice(0, wanted).map(({ name }) => name);
}
