import { expect, test } from 'vitest';
import { type Mark, markOf, spansOfEvents, spansOfMarks } from '../../bench/spans.ts';
import { watch } from '../../src/system/progress.ts';

/** The lines that a command prints for some work. */
async function linesOf(work: Parameters<ReturnType<typeof watch>['step']>[1]): Promise<string[]> {
  const lines: string[] = [];
  await watch((event) => lines.push(JSON.stringify(event))).step('Stage', work);
  return lines;
}

test('stages and their parts are told, deeper ones not', async () => {
  const lines = await linesOf(async (stage) => {
    await stage.step('Part', async (part) => {
      await part.step('Detail', async () => undefined);
      part.progress({ done: 1, unit: 'objects' });
    });
    await stage.step('Other', async () => undefined);
  });
  const spans = spansOfEvents(lines);
  expect(spans.map(({ name }) => name)).toEqual(['Stage', 'Stage: Part', 'Stage: Other']);
});

test('the time is the one that the end of the step tells', () => {
  const spans = spansOfEvents([
    '{"type":"step-start","id":1,"title":"Compile","time":5}',
    'a line of something else',
    '{"type":"step-end","id":1,"outcome":"done","elapsed":1234,"time":9}',
    '{"type":"result","value":{}}',
  ]);
  expect(spans).toEqual([{ name: 'Compile', elapsed: 1234 }]);
});

test('a step that has not ended is not told', () => {
  expect(spansOfEvents(['{"type":"step-start","id":1,"title":"Compile","time":5}'])).toEqual([]);
});

test('a script announces its steps, and each lasts until the next', () => {
  const printed: [string, number][] = [
    ['== configure', 10],
    ['  CC  init/main.o', 15],
    ['== make bzImage', 30],
    ['== end', 100],
  ];
  const marks = printed
    .map(([line, at]) => markOf(line, at))
    .filter((mark): mark is Mark => mark !== undefined);
  expect(spansOfMarks(marks)).toEqual([
    { name: 'configure', elapsed: 20 },
    { name: 'make bzImage', elapsed: 70 },
  ]);
});
