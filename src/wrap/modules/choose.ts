import type { PlainScope } from '../../kernel/configure/scope.ts';
import { claimsDevices, reasonAgainst } from './scope.ts';
import type { StockModule } from './stock-module.ts';

/** A module of the initramfs, and why it is there. */
export interface ChosenModule extends StockModule {
  readonly why: string;
}

/** A network driver of stock that is left out. */
export interface LeftOut {
  readonly name: string;
  readonly path: string;
  readonly reason: string;
}

export interface Choice {
  /** Sorted by path. */
  readonly chosen: readonly ChosenModule[];
  /** Network drivers alone; sorted by path. */
  readonly leftOut: readonly LeftOut[];
}

/** What init calls for by name, and what for. Any of them may be built in, or not be there at all. */
const calledFor: readonly { readonly names: readonly string[]; readonly why: string }[] = [
  { names: ['af_packet', 'ipv6'], why: 'to get an address' },
  { names: ['8021q', 'bonding'], why: 'for vlan= and bond=' },
  { names: ['nfs', 'nfsv3', 'nfsv4'], why: 'to mount the root' },
];

/**
 * The modules that every boot loads: the client of NFS and what it needs. The others are for this
 * machine or that.
 */
export function loadedAlways(chosen: readonly StockModule[]): ReadonlySet<string> {
  const byName = new Map(chosen.map((module) => [module.name, module]));
  const always = new Set<string>();
  const add = (name: string): void => {
    const module = byName.get(name);
    if (module === undefined || always.has(name)) return;
    always.add(name);
    module.depends.forEach(add);
  };
  for (const name of ['nfs', 'nfsv3', 'nfsv4']) add(name);
  return always;
}

/** Buses that a network card may sit on and whose drivers no dependency names. */
const buses: readonly {
  /** What a driver's aliases begin with that needs them. */
  readonly prefix: string;
  readonly names: readonly string[];
}[] = [
  { prefix: 'usb:', names: ['xhci_pci', 'ehci_pci', 'ohci_pci', 'uhci_hcd'] },
  { prefix: 'virtio:', names: ['virtio_pci'] },
  { prefix: 'vmbus:', names: ['hv_vmbus'] },
];

/**
 * Where modules lie that others ask the kernel for by what they do (`crypto-crc32c`), and not by
 * their names.
 */
export function isProvider(path: string): boolean {
  return /^kernel\/(crypto|lib|arch\/[^/]+\/crypto)\//.test(path);
}

/** Finds modules by their names, and those that stand for a name by an alias. */
export interface ModuleSource {
  /** @throws as reading a module does */
  named(name: string): Promise<StockModule | undefined>;
  /** Those of {@link isProvider} that have the alias. */
  providing(alias: string): Promise<readonly StockModule[]>;
}

const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/**
 * Chooses what of a stock kernel's modules an initramfs needs that finds any network card of the
 * scope and mounts a root over NFS: the drivers that claim devices, what init calls for, the buses
 * that cards sit on, and whatever these need.
 *
 * @param candidates - the network drivers of stock
 */
export async function chooseModules(
  candidates: readonly StockModule[],
  scope: PlainScope,
  source: ModuleSource,
): Promise<Choice> {
  const chosen = new Map<string, ChosenModule>();
  const leftOut: LeftOut[] = [];
  const take = async (module: StockModule, why: string): Promise<void> => {
    if (chosen.has(module.name)) return;
    chosen.set(module.name, { ...module, why });
    for (const name of module.depends) await takeNamed(name, `${module.name} needs it`);
    for (const name of module.wants) {
      if (await takeNamed(name, `${module.name} wants it`)) continue;
      for (const alias of [name, `crypto_${name}`]) {
        for (const provider of await source.providing(alias)) {
          await take(provider, `${module.name} wants ${name}`);
        }
      }
    }
  };
  const takeNamed = async (name: string, why: string): Promise<boolean> => {
    const module = await source.named(name);
    if (module !== undefined) await take(module, why);
    return module !== undefined;
  };

  for (const module of [...candidates].sort(byPath)) {
    const { name, path, aliases } = module;
    const reason =
      reasonAgainst(path, scope) ??
      (claimsDevices(aliases) ? undefined : 'claims no device by which it would be loaded');
    if (reason === undefined) await take(module, `drives a network device (scope ${scope})`);
    else leftOut.push({ name, path, reason });
  }
  for (const { prefix, names } of buses) {
    const user = [...chosen.values()].find(({ aliases }) =>
      aliases.some((alias) => alias.startsWith(prefix)),
    );
    if (user === undefined) continue;
    for (const name of names) await takeNamed(name, `the bus of ${user.name} and others`);
  }
  for (const { names, why } of calledFor) for (const name of names) await takeNamed(name, why);
  return {
    chosen: [...chosen.values()].sort(byPath),
    leftOut: leftOut.filter(({ name }) => !chosen.has(name)).sort(byPath),
  };
}
