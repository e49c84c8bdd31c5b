/**
 * Reads from a System.map in which order the image runs the initcalls of its drivers, so in which
 * order they register. The kernel (`do_initcalls` in init/main.c) calls by level, and within a level
 * in the order of linking, which is that of their addresses; from 5.10 on their symbols name the
 * module (`___initcall_id` in include/linux/init.h).
 *
 * @returns names of modules, each where its last initcall stands, since that is the one that
 *   registers its driver; empty for older kernels, and for a System.map that is a stub
 */
export function initcallOrder(systemMap: string): readonly string[] {
  const calls: { readonly address: bigint; readonly module: string }[] = [];
  const pattern = /^([0-9a-f]{8,16}) [a-zA-Z] __initcall__kmod_(\S+?)__\d+_\d+_\S+$/gm;
  for (const [, address = '0', module = ''] of systemMap.matchAll(pattern)) {
    calls.push({ address: BigInt(`0x${address}`), module });
  }
  calls.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const order = new Set<string>();
  for (const { module } of calls) {
    order.delete(module);
    order.add(module);
  }
  return [...order];
}

/**
 * Reads from a System.map of which module each initcall of the image is: their symbols are made of
 * the module's name, a counter, the line, the function's name and the level (`___initcall_name` in
 * include/linux/init.h, from 5.10 on).
 *
 * @returns modules by the names of the functions; without those functions whose name several have
 */
export function initcallModules(systemMap: string): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  const ambiguous = new Set<string>();
  const pattern =
    /^[0-9a-f]{8,16} [a-zA-Z] __initcall__kmod_(\S+?)__\d+_\d+_(\S+?)(?:early|rootfs|con|[0-7]s?)$/gm;
  for (const [, module = '', name = ''] of systemMap.matchAll(pattern)) {
    if (modules.has(name)) ambiguous.add(name);
    modules.set(name, module);
  }
  for (const name of ambiguous) modules.delete(name);
  return modules;
}

/** The names of all symbols in a System.map: lines `address type name`. */
export function symbolNames(systemMap: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name = ''] of systemMap.matchAll(/^[0-9a-f]+ \S (\S+)$/gm)) names.add(name);
  return names;
}
