import { claimedId, type ModuleAlias } from '../hardware/index.ts';
import { moduleName } from '../kernel/modules/module-file.ts';
import type { BundleFacts, StockFacts } from './facts.ts';
import type { ModulePlace, Places } from './modules.ts';
import { type AliasFields, aliasFields, overlap } from './overlap.ts';

/** A driver, where it is, and which devices it claims. */
export interface DriverDevices {
  readonly module: string;
  readonly stock: ModulePlace;
  readonly now: ModulePlace;
  /** Sorted; `bus id`, such as `pci 8086:1572`. */
  readonly ids: readonly string[];
}

/** By what it is decided which of several drivers gets a device. */
export type Decision =
  /** One is in the image, and has the device before any module is there. */
  | 'image-first'
  /** Both are in the image, and register in the order of its initcalls (System.map). */
  | 'initcalls'
  /** Likewise; the order of linking (modules.builtin) stands for that of the initcalls. */
  | 'link-order'
  /** Both are modules: modprobe loads them in the order of modules.order. */
  | 'modules-order'
  /** There is but one. */
  | 'only'
  /** None is there. */
  | 'none';

/** Drivers that can claim the same devices, and which one comes first. */
export interface SharedDevices {
  readonly bus: string;
  /** As a person writes them. */
  readonly ids: readonly string[];
  /** The drivers, by name. */
  readonly drivers: readonly string[];
  /** Of these, those in the image. */
  readonly inImage: readonly string[];
  /** Empty where none of them is there. */
  readonly stockFirst: string;
  readonly stockBy: Decision;
  readonly nowFirst: string;
  readonly nowBy: Decision;
}

/** How many devices are served by what. */
export interface DeviceCount {
  readonly bus: string;
  /** Ids that stock's modules claim. */
  readonly ids: number;
  /** Of these, by a driver in the image; only by a module; by none. */
  readonly image: number;
  readonly module: number;
  readonly none: number;
}

export interface DeviceComparison {
  /** The sum of {@link buses}. */
  readonly total: DeviceCount;
  readonly buses: readonly DeviceCount[];
  /** Drivers that claim devices, by name. */
  readonly drivers: readonly DriverDevices[];
  /** Drivers that stock itself has built in; before 6.18 they tell no ids. */
  readonly builtInByStock: number;
  /** Ids that a module of the bundle claims, and none of stock's. */
  readonly added: readonly string[];
  readonly shared: readonly SharedDevices[];
}

/**
 * Aliases of which a driver gets no device to itself: processors and boards, for which modules are
 * only loaded, and input devices, which have any number of handlers.
 */
const noExclusiveBuses: readonly string[] = ['cpu', 'x86cpu', 'dmi', 'input'];

interface Claim {
  readonly module: string;
  readonly fields: AliasFields;
}

/** Ranks of drivers: which one comes first, and why. */
interface Order {
  readonly places: Places;
  /** In the order in which they are linked. */
  readonly linked: ReadonlyMap<string, number>;
  readonly initcalls: ReadonlyMap<string, number>;
  readonly modules: ReadonlyMap<string, number>;
}

const ranks = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, index) => [name, index]));

/**
 * Which of several drivers is asked first for a device. Whichever registers first is (`bus_add_driver`
 * and `__device_attach` in drivers/base go by that order), whether the device is there before or
 * comes later; it has it if its probe succeeds.
 */
function first(drivers: readonly string[], order: Order): { name: string; by: Decision } {
  const at = (place: ModulePlace): readonly string[] =>
    drivers.filter((driver) => (order.places.get(driver) ?? 'absent') === place);
  const lowest = (names: readonly string[], by: ReadonlyMap<string, number>): string => {
    const rank = (name: string): number => by.get(name) ?? Number.MAX_SAFE_INTEGER;
    const [best = ''] = [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    return best;
  };
  const [builtIn, modules] = [at('built-in'), at('module')];
  if (builtIn.length > 1) {
    const isCalled = builtIn.every((name) => order.initcalls.has(name));
    return isCalled
      ? { name: lowest(builtIn, order.initcalls), by: 'initcalls' }
      : { name: lowest(builtIn, order.linked), by: 'link-order' };
  }
  const [only] = builtIn;
  if (only !== undefined) return { name: only, by: modules.length > 0 ? 'image-first' : 'only' };
  if (modules.length > 1) return { name: lowest(modules, order.modules), by: 'modules-order' };
  return modules[0] === undefined ? { name: '', by: 'none' } : { name: modules[0], by: 'only' };
}

/** What is claimed, by id, with the patterns: a device of that id may still match one of them only. */
function claimsById(aliases: readonly ModuleAlias[]): ReadonlyMap<string, readonly Claim[]> {
  const found = new Map<string, Claim[]>();
  for (const { pattern, module } of aliases) {
    const claimed = claimedId(pattern);
    if (claimed === undefined) continue;
    // The board narrows a claim, and the comparison of patterns sees to that.
    const key = `${claimed.bus} ${claimed.id.replace(/ board .*$/, '')}`;
    const claim = { module, fields: aliasFields(pattern) };
    const claims = found.get(key);
    if (claims === undefined) found.set(key, [claim]);
    else claims.push(claim);
  }
  return found;
}

/** The drivers of an id that may meet on one device. */
function rivals(claims: readonly Claim[]): readonly string[] {
  const found = new Set<string>();
  for (const [index, one] of claims.entries()) {
    for (const other of claims.slice(index + 1)) {
      if (one.module === other.module) continue;
      if (found.has(one.module) && found.has(other.module)) continue;
      if (overlap(one.fields, other.fields)) found.add(one.module).add(other.module);
    }
  }
  return [...found].sort();
}

const busOf = (key: string): string => key.slice(0, key.indexOf(' '));

/**
 * Says who serves the devices of stock's drivers, in stock and now, and where several drivers claim
 * the same one, which is asked first.
 */
export function compareDevices(
  stock: StockFacts,
  bundle: Pick<BundleFacts, 'builtIn' | 'modules' | 'aliases' | 'initcalls'>,
  places: { readonly stock: Places; readonly bundle: Places },
): DeviceComparison {
  const ofStock: readonly ModuleAlias[] = [
    ...stock.modules.flatMap(({ module, file }) =>
      (file?.aliases ?? []).map((pattern) => ({ pattern, module })),
    ),
    ...stock.builtInAliases,
  ];
  const ofBundle = bundle.aliases;
  const byId = claimsById(ofStock);
  const orders = {
    stock: {
      places: places.stock,
      linked: ranks(stock.builtIn.map(moduleName)),
      initcalls: ranks(stock.initcalls),
      modules: ranks(stock.modules.map(({ module }) => module)),
    },
    bundle: {
      places: places.bundle,
      linked: ranks(bundle.builtIn.map(moduleName)),
      initcalls: ranks(bundle.initcalls),
      modules: ranks(bundle.modules.map(moduleName)),
    },
  };
  const counts = new Map<string, { ids: number; image: number; module: number; none: number }>();
  const ids = new Map<string, Set<string>>();
  const shared = new Map<string, { group: Omit<SharedDevices, 'ids'>; ids: string[] }>();
  for (const [key, claims] of byId) {
    const bus = busOf(key);
    const count = counts.get(bus) ?? { ids: 0, image: 0, module: 0, none: 0 };
    counts.set(bus, count);
    count.ids += 1;
    const modules = new Set(claims.map(({ module }) => module));
    for (const module of modules) {
      const own = ids.get(module);
      if (own === undefined) ids.set(module, new Set([key]));
      else own.add(key);
    }
    const now = Array.from(modules, (module) => places.bundle.get(module));
    if (now.includes('built-in')) count.image += 1;
    else if (now.includes('module')) count.module += 1;
    else count.none += 1;
    if (modules.size < 2 || noExclusiveBuses.includes(bus)) continue;
    const drivers = rivals(claims);
    if (drivers.length < 2) continue;
    const before = first(drivers, orders.stock);
    const after = first(drivers, orders.bundle);
    const group = {
      bus,
      drivers,
      inImage: drivers.filter((driver) => places.bundle.get(driver) === 'built-in'),
      stockFirst: before.name,
      stockBy: before.by,
      nowFirst: after.name,
      nowBy: after.by,
    };
    const groupKey = JSON.stringify(group);
    const id = key.slice(bus.length + 1);
    const known = shared.get(groupKey);
    if (known === undefined) shared.set(groupKey, { group, ids: [id] });
    else known.ids.push(id);
  }
  const buses = Array.from(counts, ([bus, count]) => ({ bus, ...count })).sort(
    (a, b) => b.ids - a.ids || (a.bus < b.bus ? -1 : 1),
  );
  const sum = (part: 'ids' | 'image' | 'module' | 'none'): number =>
    buses.reduce((total, count) => total + count[part], 0);
  const place = (side: Places, module: string): ModulePlace => side.get(module) ?? 'absent';
  return {
    total: {
      bus: 'all',
      ids: sum('ids'),
      image: sum('image'),
      module: sum('module'),
      none: sum('none'),
    },
    buses,
    drivers: Array.from(ids, ([module, own]) => ({
      module,
      stock: place(places.stock, module),
      now: place(places.bundle, module),
      ids: [...own].sort(),
    })).sort((a, b) => (a.module < b.module ? -1 : 1)),
    builtInByStock: stock.builtIn.length,
    added: [...claimsById(ofBundle).keys()].filter((key) => !byId.has(key)).sort(),
    shared: Array.from(shared.values(), ({ group, ids: own }) => ({
      ...group,
      ids: own.sort(),
    })).sort((a, b) => b.ids.length - a.ids.length),
  };
}
