import type { Manifest } from '../bundle/manifest.ts';
import type { Change } from '../bundle/promotion.ts';
import { changeOf } from '../coverage/driver-state.ts';
import { moduleName } from '../kernel/modules/module-file.ts';
import type { ConfigLine } from './config.ts';
import type { BundleFacts, StockFacts } from './facts.ts';
import type { Standing } from './standing.ts';

/** Where a kernel has a driver: in its image, among its modules, or nowhere. */
export type ModulePlace = 'built-in' | 'module' | 'absent';

/** Where stock and a bundle have a driver (or other code that can be a module). */
export interface ModuleComparison {
  readonly module: string;
  /** Relative to the modules' folder. */
  readonly path: string;
  readonly stock: ModulePlace;
  readonly now: ModulePlace;
  /** Empty where both have it in the same place, unless it was compiled anew. */
  readonly reason: string;
  readonly standing: Standing;
}

/** The places of modules by their names. */
export type Places = ReadonlyMap<string, Exclude<ModulePlace, 'absent'>>;

/** Where a kernel has what. */
export interface Placement {
  readonly places: Places;
  /** Relative to the modules' folder, by name. */
  readonly paths: ReadonlyMap<string, string>;
}

const withoutPacking = (path: string): string => path.replace(/\.(gz|xz|zst)$/, '');

/** A name can be in both lists only by mistake: what is in the image counts. */
function placementOf(
  modules: readonly string[],
  builtIn: readonly string[],
  merged: readonly string[],
): Placement {
  const places = new Map<string, Exclude<ModulePlace, 'absent'>>();
  for (const path of modules) places.set(moduleName(path), 'module');
  for (const path of builtIn) places.set(moduleName(path), 'built-in');
  for (const module of merged) places.set(module, 'built-in');
  const paths = [...modules, ...builtIn].map(
    (path) => [moduleName(path), withoutPacking(path)] as const,
  );
  return { places, paths: new Map(paths) };
}

export function stockPlacement({
  modules,
  builtIn,
}: Pick<StockFacts, 'modules' | 'builtIn'>): Placement {
  return placementOf(
    modules.map(({ path }) => path),
    builtIn,
    [],
  );
}

/** @param merged - modules whose code is in the image under another name */
export function bundlePlacement(
  { modules, builtIn }: Pick<BundleFacts, 'modules' | 'builtIn'>,
  merged: readonly string[],
): Placement {
  return placementOf(modules, builtIn, merged);
}

function risen({ promotion }: Manifest): readonly Change[] {
  const { promoted, requested, raised, selected, enabled } = promotion;
  return [...promoted, ...requested, ...raised, ...selected, ...enabled];
}

function left({ promotion }: Manifest): readonly Change[] {
  return [...promotion.lost, ...promotion.excluded, ...promotion.stuck];
}

/** What a manifest says of single modules of stock, by their names. */
function remarks(
  said: NonNullable<Manifest['stock']>['rebuilt'] | undefined,
  head: string,
): ReadonlyMap<string, string> {
  return new Map(
    said?.map(({ path, why }) => [moduleName(path), `${head}: ${why.join('; ')}`] as const),
  );
}

const told = ({ symbol, reason }: Change): string => `${symbol}: ${reason}`;

/**
 * Compares where stock and a bundle have their drivers, by name.
 *
 * @param merged - modules whose code is in the image under another name
 * @param openConfig - lines of the config that nothing accounts for. Where there is none that could
 *   be the cause, what follows from the others is accounted for, though the bundle does not say which
 *   module each symbol is for
 */
export function compareModules(
  { stock: before, bundle: after }: { readonly stock: Placement; readonly bundle: Placement },
  manifest: Manifest,
  merged: readonly string[],
  openConfig: readonly Pick<ConfigLine, 'from' | 'to'>[],
): readonly ModuleComparison[] {
  const rising = risen(manifest);
  const leaving = left(manifest);
  const drivers = new Set(manifest.settings.wishes?.drivers?.map(({ name }) => name));
  const parts = new Set(merged);
  const rebuilt = remarks(manifest.stock?.rebuilt, 'compiled from the tree');
  const missing = remarks(manifest.stock?.missing, 'it neither fits nor can be compiled');

  const account = (
    module: string,
    path: string,
    from: ModulePlace,
    to: ModulePlace,
  ): Pick<ModuleComparison, 'reason' | 'standing'> => {
    if (from === to) return { reason: rebuilt.get(module) ?? '', standing: 'explained' };
    const isCause = (line: Pick<ConfigLine, 'from' | 'to'>): boolean =>
      from === 'module' ? line.from === 'm' && line.to === 'y' : /^(n|absent)$/.test(line.from);
    const standing: Standing = openConfig.some(isCause) ? 'open' : 'explained';
    if (to === 'absent' && from === 'module' && manifest.settings.modules === 'none') {
      return { reason: 'the bundle has no modules (--modules none)', standing: 'explained' };
    }
    if (parts.has(module)) {
      const reason = 'a part of another module in the image, by the names of its functions';
      return { reason, standing: 'explained' };
    }
    if (from === 'absent' && (drivers.has(module) || path.startsWith('updates/'))) {
      return { reason: 'a driver that was given (--with-module)', standing: 'explained' };
    }
    if (to === 'built-in' || from === 'absent') {
      const change = changeOf(module, rising);
      if (change !== undefined) return { reason: told(change), standing: 'explained' };
      return { reason: 'by a symbol that is called otherwise', standing };
    }
    const misfit = missing.get(module);
    if (misfit !== undefined) return { reason: misfit, standing: 'open' };
    const change = changeOf(module, leaving);
    if (change !== undefined) return { reason: told(change), standing: 'explained' };
    return { reason: 'the bundle does not say why', standing: 'open' };
  };

  const names = [...new Set([...before.places.keys(), ...after.places.keys()])].sort();
  return names.map((module) => {
    const from = before.places.get(module) ?? 'absent';
    const to = after.places.get(module) ?? 'absent';
    const path = before.paths.get(module) ?? after.paths.get(module) ?? '';
    return { module, path, stock: from, now: to, ...account(module, path, from, to) };
  });
}
