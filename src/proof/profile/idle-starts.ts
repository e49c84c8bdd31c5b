import type { KernelParameter } from '../../lab/boot/command-line.ts';
import { moduleName } from '../modules.ts';
import type { Initcall } from './initcalls.ts';

/** The start of a driver in the image that took long although the machine has no card for it. */
export interface IdleStart {
  readonly initcall: string;
  readonly driver: string;
  readonly microseconds: number;
}

/** What is known of the kernel and the machine besides. */
export interface IdleStartContext {
  /** Of which module each initcall of the image is ({@link initcallModules}). */
  readonly modules: ReadonlyMap<string, string>;
  /** Paths as `modules.builtin` has them. */
  readonly builtIn: readonly string[];
  /** Drivers of the machine's own card. */
  readonly used: readonly string[];
}

/**
 * From where on a start counts as long, in microseconds. A driver that finds no card has registered
 * itself within a few milliseconds; on an emulated processor the slowest took 140.
 */
const long = 250_000;

/**
 * Finds the network drivers in the image that keep a machine waiting at its start though it has no
 * card of theirs. Others are not looked at: what a start without them would lack is not known.
 */
export function idleStarts(
  calls: readonly Initcall[],
  { modules, builtIn, used }: IdleStartContext,
): readonly IdleStart[] {
  const networkDrivers = new Set(
    builtIn.filter((path) => path.startsWith('kernel/drivers/net/')).map(moduleName),
  );
  const needed = new Set(used.map(moduleName));
  return calls.flatMap(({ name, module, microseconds }): IdleStart[] => {
    const driver = modules.get(name);
    if (module !== undefined || driver === undefined || microseconds < long) return [];
    if (!networkDrivers.has(driver) || needed.has(driver)) return [];
    return [{ initcall: name, driver, microseconds }];
  });
}

/** What has a kernel leave out those starts (`initcall_blacklist=` in kernel-parameters.txt, from 3.17 on). */
export function blacklistOf(idle: readonly IdleStart[]): Required<KernelParameter> {
  return { name: 'initcall_blacklist', value: idle.map(({ initcall }) => initcall).join() };
}
