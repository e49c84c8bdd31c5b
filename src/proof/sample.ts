import { createHash } from 'node:crypto';
import { moduleName } from './modules.ts';

/** How many modules a guest is to load besides, and which. */
export interface ModuleSample {
  /** How many have to be loaded in the end. */
  readonly count: number;
  /** Names in the order in which they are tried. */
  readonly names: readonly string[];
  /** Whether the files are compressed. */
  readonly compressed: boolean;
}

/** Modules that are there to test the kernel, or to break it: they do not stay, or keep it busy. */
const testing =
  /(^|_)(test|tests|torture|kunit|selftest|selftests|tcrypt|lkdtm)(_|$)|torture$|inject/;

/** The subsystem of a module by its place in the sources: `fs`, `net`, `drivers/scsi`, `sound`. */
function subsystemOf(path: string): string {
  const [top = '', second = '', third] = path.replace(/^kernel\//, '').split('/');
  return top === 'drivers' && third !== undefined ? `${top}/${second}` : top;
}

/** An order that looks like none, and is the same for the same seed. */
function shuffled(names: readonly string[], seed: number): string[] {
  const rank = (name: string): string =>
    createHash('sha256').update(`${seed}\0${name}`).digest('hex');
  return names
    .map((name) => [rank(name), name] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, name]) => name);
}

/**
 * Chooses modules of all subsystems in turn.
 *
 * @param modulesDep - the text of `modules.dep`
 * @param count - how many have to be loaded: three times as many are named, since many refuse where
 *   they have no device
 * @param seed - the same seed names the same modules of the same tree
 */
export function sampleModules(modulesDep: string, count: number, seed: number): ModuleSample {
  const subsystems = new Map<string, string[]>();
  let compressed = false;
  for (const line of modulesDep.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const path = line.slice(0, colon);
    const name = moduleName(path);
    if (testing.test(name)) continue;
    compressed ||= !path.endsWith('.ko');
    const others = subsystems.get(subsystemOf(path));
    if (others === undefined) subsystems.set(subsystemOf(path), [name]);
    else others.push(name);
  }
  const queues = shuffled([...subsystems.keys()], seed).map((subsystem) =>
    shuffled(subsystems.get(subsystem) ?? [], seed),
  );
  const names: string[] = [];
  for (let round = 0; names.length < 3 * count; round += 1) {
    const next = queues.flatMap((queue) => queue[round] ?? []);
    if (next.length === 0) break;
    names.push(...next);
  }
  return { count, names: names.slice(0, 3 * count), compressed };
}

/**
 * What a module's own start says where it has nothing to do (ENODEV, ENXIO, EOPNOTSUPP, EBUSY,
 * EEXIST, EPERM as busybox writes them). None of the kernel's checks of a module's file fails so.
 */
const refusals =
  /No such device( or address)?|Operation not (supported|permitted)|Device or resource busy|File exists/;

/** Whether a module was taken by the kernel, and only its own start had nothing to do. */
export function isRefusal(output: string): boolean {
  return refusals.test(output);
}

/** What the kernel says of modules that do not belong to it, and of what they break. */
const complaints = [
  /\bUnknown symbol\b/,
  /\bdisagrees about version of symbol\b/,
  /\bno symbol version for\b/,
  /\bversion magic\b/,
  /\bBTF\b.*(mismatch|invalid|failed|error)|failed to validate module .* BTF|missing module BTF/i,
  /\bmodule verification failed\b/,
  /\bduplicate symbol\b|\bexports duplicate\b/,
  /^(\[[^\]]*\]\s*)?(BUG|Oops|general protection fault|kernel BUG|Kernel panic)\b/,
];

/** Said of a module without a signature, under module.sig_enforce=1 (module_sig_check). */
const unsigned = /\bLoading of unsigned module is rejected\b/;

/**
 * The lines of a kernel's log that tell of a module that does not fit, or of an oops.
 *
 * @param compressed - whether the modules' files are: busybox then gives the kernel each file as it is
 *   first, which has no signature, and unpacks it itself when that fails (bb_init_module); whether a
 *   module was rejected in the end is told by modprobe
 */
export function moduleComplaints(log: readonly string[], compressed: boolean): readonly string[] {
  const all = compressed ? complaints : [...complaints, unsigned];
  return log.filter((line) => all.some((complaint) => complaint.test(line)));
}
