import { run } from '../src/system/process.ts';
import { markdownTable } from './markdown.ts';

/** A command as a whole, measured from outside. */
export interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Brings everything into the state that a run starts from; not counted. */
  readonly before?: () => Promise<void>;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * Runs the contenders in turn, A B C A B C …, so that a machine whose speed
 * drifts drifts for all.
 *
 * @returns wall times in milliseconds, by name
 */
export async function measureInTurn(
  contenders: readonly Contender[],
  runs: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < runs; round += 1) {
    for (const { name, command, args, env, before } of contenders) {
      await before?.();
      const { elapsed } = await run(command, args, env === undefined ? {} : { env });
      times.get(name)?.push(elapsed);
      console.error(`round ${round + 1} of ${runs}: ${name}: ${(elapsed / 1000).toFixed(2)} s`);
    }
  }
  return times;
}

/**
 * A table in Markdown: each contender's median and range, and its ratio to the
 * rival's, pair by pair.
 */
export function renderTable(times: ReadonlyMap<string, readonly number[]>, rival: string): string {
  const rivalTimes = times.get(rival) ?? [];
  const rows = [...times].map(([name, values]) => {
    const ratios = values.map((value, round) => value / (rivalTimes[round] ?? Number.NaN));
    const seconds = (value: number): string => (value / 1000).toFixed(2);
    const range = `${seconds(Math.min(...values))}–${seconds(Math.max(...values))}`;
    return [name, seconds(median(values)), range, median(ratios).toFixed(2)];
  });
  return markdownTable(['command', 'median s', 'range s', 'ratio'], rows);
}
