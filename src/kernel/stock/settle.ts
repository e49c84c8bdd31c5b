import { exportersOf, type ImageFacts, type Misfit, misfitsOf } from './fit.ts';
import type { ModuleFacts } from './module-facts.ts';

/** Which modules there will be beside an image, and why those that are not stock's. */
export interface SettledModules {
  /** All that fit, by path. */
  readonly present: ReadonlyMap<string, ModuleFacts>;
  /** Why stock's did not fit, of those that were rebuilt and fit. */
  readonly rebuilt: ReadonlyMap<string, readonly Misfit[]>;
  /** Why there is none, neither stock's nor a rebuilt one. */
  readonly missing: ReadonlyMap<string, readonly Misfit[]>;
}

/**
 * Compiles modules from the tree.
 *
 * @param paths - sorted
 * @param modules - all that are there, by path
 * @returns what was read of those that could be made, by path
 */
export type Rebuild = (
  paths: readonly string[],
  modules: ReadonlyMap<string, ModuleFacts>,
) => Promise<ReadonlyMap<string, ModuleFacts>>;

/**
 * Finds out which stock modules fit an image, has the others rebuilt, and goes on until nothing that
 * is there lacks anything: a rebuilt module may export another form of a symbol than stock's, and one
 * that cannot be made takes those with it that need it.
 *
 * @param stock - the stock modules whose code is not in the image, by path
 */
export async function settleModules(
  stock: ReadonlyMap<string, ModuleFacts>,
  image: ImageFacts,
  rebuild: Rebuild,
): Promise<SettledModules> {
  const present = new Map(stock);
  const rebuilt = new Map<string, readonly Misfit[]>();
  const missing = new Map<string, readonly Misfit[]>();
  for (;;) {
    const find = exportersOf(image, present.values());
    const misfits = new Map(
      [...present]
        .map(([path, module]) => [path, misfitsOf(module, image, find)] as const)
        .filter(([, found]) => found.length > 0),
    );
    if (misfits.size === 0) return { present, rebuilt, missing };
    const toRebuild: string[] = [];
    for (const [path, found] of misfits) {
      if (present.get(path)?.rebuilt !== true) {
        toRebuild.push(path);
        continue;
      }
      // What stock's lacked comes first: it is why this one was tried.
      missing.set(path, [...(rebuilt.get(path) ?? []), ...found]);
      present.delete(path);
      rebuilt.delete(path);
    }
    if (toRebuild.length === 0) continue;
    const made = await rebuild(toRebuild.sort(), present);
    for (const path of toRebuild) {
      const module = made.get(path);
      const why = misfits.get(path) ?? [];
      if (module === undefined) {
        present.delete(path);
        missing.set(path, [...why, { kind: 'not-made' }]);
      } else {
        present.set(path, module);
        rebuilt.set(path, why);
      }
    }
  }
}
