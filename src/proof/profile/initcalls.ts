import type { KernelParameter } from '../../lab/boot/command-line.ts';

/** What has a kernel tell of its initcalls, whatever it is told of its console. */
export const initcallDebug: readonly KernelParameter[] = [
  { name: 'initcall_debug' },
  { name: 'ignore_loglevel' },
];

/** A function of the kernel's start, or a module's, and how long it ran. */
export interface Initcall {
  readonly name: string;
  /** The module that it is of; none for code that is built in. */
  readonly module?: string;
  readonly microseconds: number;
}

/**
 * `initcall NAME+0x0/0x10 [module] returned 0 after 12 usecs`, as `initcall_debug` has it
 * (trace_initcall_finish_cb() of init/main.c).
 */
const finished =
  /initcall (?<name>\S+?)\+0x[\da-f]+\/0x[\da-f]+ (?:\[(?<module>[^\]]+)\] )?returned -?\d+ after (?<time>\d+) usecs/g;

/** All initcalls that a console shows to have ended, in their order. */
export function parseInitcalls(console: string): readonly Initcall[] {
  return [...console.matchAll(finished)].map(({ groups }) => ({
    name: groups?.name ?? '',
    ...(groups?.module === undefined ? {} : { module: groups.module }),
    microseconds: Number(groups?.time),
  }));
}

/** The longest of them, longest first. */
export function longestInitcalls(calls: readonly Initcall[], count: number): readonly Initcall[] {
  return [...calls].sort((a, b) => b.microseconds - a.microseconds).slice(0, count);
}

/** How long all of them ran, in microseconds. */
export function sumOfInitcalls(calls: readonly Initcall[]): number {
  return calls.reduce((total, { microseconds }) => total + microseconds, 0);
}
