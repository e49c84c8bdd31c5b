import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parts, partTimes, stageTime } from '../../../src/proof/profile/parts.ts';
import { type StageTimes, stageIds } from '../../../src/proof/stages.ts';

const boot: StageTimes = {
  loader: 2000,
  image: 3000,
  kernel: 4000,
  link: 7000,
  'kernel-dhcp': 7500,
  init: 8000,
};

test('each part is from the end of the one before', () => {
  expect(partTimes(boot).map(({ milliseconds }) => milliseconds)).toEqual([
    2000, 1000, 1000, 3000, 500, 500,
  ]);
});

test('all parts together are the time to init, whatever the boot', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(100_000), { minLength: stageIds.length, maxLength: stageIds.length }),
      (steps) => {
        let at = 0;
        const times: StageTimes = Object.fromEntries(
          stageIds.map((id, index) => {
            at += steps[index] ?? 0;
            return [id, at];
          }),
        );
        const sum = partTimes(times).reduce((total, { milliseconds }) => total + milliseconds, 0);
        expect(sum).toBe(stageTime(times, 'init'));
      },
    ),
  );
});

test('a boot that did not come so far is no boot of no time', () => {
  const { link: _, ...rest } = boot;
  expect(() => partTimes(rest)).toThrow('The boot has no "link".');
});

test('the parts lie end to end', () => {
  expect(parts.slice(1).map(({ from }) => from)).toEqual(parts.slice(0, -1).map(({ to }) => to));
});
