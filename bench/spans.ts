import { z } from 'zod';

/** A part of a whole, and how long it took. */
export interface Span {
  /** What was done; a part of a part is `whole: part`. */
  readonly name: string;
  /** Milliseconds. */
  readonly elapsed: number;
}

const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('step-start'),
    id: z.int(),
    parent: z.int().optional(),
    title: z.string(),
  }),
  z.object({ type: z.literal('step-end'), id: z.int(), elapsed: z.number() }),
]);

/** How deep the steps are told: the stages, and the parts of each. */
const depths = 2;

/**
 * How long the stages of a build took, and their parts, in the order in which they began.
 *
 * @param lines - what `bootwright build --json` printed; what is no event of a step is passed over
 */
export function spansOfEvents(lines: Iterable<string>): readonly Span[] {
  const steps = new Map<number, { readonly name: string; readonly depth: number }>();
  const elapsed = new Map<number, number>();
  for (const line of lines) {
    if (!line.startsWith('{"type":"step-')) continue;
    const { success, data } = eventSchema.safeParse(JSON.parse(line));
    if (!success) continue;
    if (data.type === 'step-end') {
      elapsed.set(data.id, data.elapsed);
      continue;
    }
    const parent = data.parent === undefined ? undefined : steps.get(data.parent);
    steps.set(data.id, {
      name: parent === undefined ? data.title : `${parent.name}: ${data.title}`,
      depth: (parent?.depth ?? 0) + 1,
    });
  }
  return [...steps]
    .filter(([id, { depth }]) => depth <= depths && elapsed.has(id))
    .map(([id, { name }]) => ({ name, elapsed: elapsed.get(id) ?? 0 }));
}

/** A line of a script that says what comes next, and when it was printed. */
export interface Mark {
  readonly name: string;
  /** Milliseconds since whenever. */
  readonly at: number;
}

/** What a script announces its steps by. */
const markPattern = /^== (\S.*)$/;

/** The step that a line of a script announces; undefined for any other line. */
export function markOf(line: string, at: number): Mark | undefined {
  const name = markPattern.exec(line)?.[1];
  return name === undefined ? undefined : { name, at };
}

/** How long each step took, from its mark to the next; the last mark is the end. */
export function spansOfMarks(marks: readonly Mark[]): readonly Span[] {
  return marks.slice(1).flatMap(({ at }, i) => {
    const begun = marks[i];
    return begun === undefined ? [] : [{ name: begun.name, elapsed: at - begun.at }];
  });
}
