import type { Parts } from './kconfig-course.ts';
import { markdownTable } from './markdown.ts';
import { median } from './measure.ts';

/** What a process took, and how long each of its parts. */
export interface EngineRun {
  /** Milliseconds of wall time. */
  readonly elapsed: number;
  /** Milliseconds of CPU, of all processes that it started too. */
  readonly cpu: number;
  /** Bytes at most, of its largest process. */
  readonly peak: number;
  /** Absent for a program that does not tell. */
  readonly parts?: Parts;
  /** How many symbols differ from what the tree's own conf makes of the same config. */
  readonly differing: number;
}

/** What has been measured of a program: its rounds, or how it failed. */
export type EngineRuns =
  | { readonly name: string; readonly runs: readonly EngineRun[] }
  | { readonly name: string; readonly failure: string };

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

/** A row for each program; ratios are to the first of them, round by round. */
export function renderEngines(programs: readonly EngineRuns[]): string {
  const [first] = programs;
  const rivals = first !== undefined && 'runs' in first ? first.runs : [];
  const rows = programs.map((program) => {
    if ('failure' in program)
      return [program.name, '–', '–', '–', '–', '–', '–', '–', program.failure];
    const { name, runs } = program;
    const middle = (figure: (run: EngineRun) => number): number => median(runs.map(figure));
    const part = (figure: (parts: Parts) => number | undefined): string => {
      const values = runs.flatMap(({ parts }) =>
        parts === undefined ? [] : (figure(parts) ?? []),
      );
      return values.length === 0 ? '–' : seconds(median(values));
    };
    const ratios = runs.map(
      ({ elapsed }, round) => elapsed / (rivals[round]?.elapsed ?? Number.NaN),
    );
    const differing = Math.max(...runs.map((run) => run.differing));
    return [
      name,
      part(({ parse }) => parse),
      part(({ evaluate }) => evaluate),
      part(({ promote }) => promote),
      seconds(middle(({ elapsed }) => elapsed)),
      median(ratios).toFixed(2),
      seconds(middle(({ cpu }) => cpu)),
      (middle(({ peak }) => peak) / 1e6).toFixed(0),
      differing === 0 ? 'as conf' : `${differing} symbols differ`,
    ];
  });
  return markdownTable(
    ['', 'parse s', 'evaluate s', 'promote s', 'process s', 'ratio', 'CPU s', 'peak MB', 'result'],
    rows,
  );
}

/** What a `.config` says of each symbol: its value, or that it is not set. */
function linesBySymbol(config: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  for (const line of config.split('\n')) {
    const name = /^(?:# )?(CONFIG_\w+)(?:=| is not set)/.exec(line)?.[1];
    if (name !== undefined) lines.set(name, line);
  }
  return lines;
}

/** How many symbols differ between two configs; one that only one of them has counts, too. */
export function differingSymbols(one: string, other: string): number {
  const [left, right] = [linesBySymbol(one), linesBySymbol(other)];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => left.get(name) !== right.get(name)).length;
}
