import type { Kconfig, KconfigSymbol, Tristate } from '../../../kconfig/index.ts';
import { BootwrightError } from '../../../system/errors/index.ts';
import type { FleetScope } from './find-symbols.ts';

/**
 * Makes sure that the kernel has the drivers of a fleet: that stock leaves one out means that
 * machines of the fleet would not boot, and the fleet file is of another kernel.
 *
 * @param stock - the value that stock has
 * @param onPurpose - symbols that have been set otherwise by name, such as for a vendor's driver that
 *   takes the place of the tree's own
 * @throws BootwrightError `BW-FLEET-DRIVER-OFF`
 */
export function requireFleetDrivers(
  fleet: FleetScope,
  kconfig: Kconfig,
  stock: (symbol: KconfigSymbol) => Tristate,
  onPurpose: readonly string[],
): void {
  const set = new Set(onPurpose.map((name) => name.replace(/^CONFIG_/, '')));
  for (const { driver, symbols } of fleet.members) {
    const isThere = symbols.some((name) => {
      const symbol = kconfig.symbols.get(name);
      return symbol !== undefined && symbol.menus.length > 0 && stock(symbol) > 0;
    });
    if (isThere || symbols.some((name) => set.has(name))) continue;
    const [first = ''] = symbols;
    const isDefined = (kconfig.symbols.get(first)?.menus.length ?? 0) > 0;
    throw new BootwrightError(
      'BW-FLEET-DRIVER-OFF',
      isDefined
        ? `The kernel's config has no ${driver.module}: ${symbols.map((name) => `CONFIG_${name}`).join(', ')} is off in stock.`
        : `No Kconfig file of this tree and architecture defines ${first}, by which ${driver.module} is compiled.`,
      isDefined
        ? {
            hint: `Take ${driver.module} out of the fleet file, or ask for what stock leaves out: --promote ${first}.`,
          }
        : {},
    );
  }
}
