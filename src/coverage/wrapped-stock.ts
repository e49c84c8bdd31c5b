import { isNetworkDriver } from '../hardware/index.ts';
import { moduleName } from '../kernel/modules/module-file.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';
import type { StockIndex } from './stock-index.ts';

/**
 * The network devices that a wrapped stock kernel knows: it is stock, so its bundle tells them by
 * itself.
 *
 * @returns undefined for a kernel that was built
 */
export function stockOfWrapped({
  builtIn,
  initramfs,
  modules,
  aliases,
  notInInitramfs,
}: NetbootDrivers): StockIndex | undefined {
  if (notInInitramfs === undefined) return undefined;
  const patterns = new Map<string, Set<string>>();
  for (const { module, pattern } of aliases) {
    const known = patterns.get(module);
    if (known === undefined) patterns.set(module, new Set([pattern]));
    else known.add(pattern);
  }
  const drivers = (paths: Iterable<string>): StockIndex['drivers'] =>
    [...paths]
      .map((path) => path.replace(/\.(gz|xz|zst)$/, ''))
      .filter(isNetworkDriver)
      .sort()
      .map((path) => {
        const module = moduleName(path);
        return { module, path, aliases: [...(patterns.get(module) ?? [])] };
      });
  return {
    // A module of the initramfs is among the others too, by the same name.
    drivers: drivers(new Map([...modules, ...initramfs]).values()),
    builtIn: drivers(builtIn.values()),
  };
}
