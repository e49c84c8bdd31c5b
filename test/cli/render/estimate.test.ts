import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateFrom } from '../../../src/cli/render/estimate.ts';

describe('estimateFrom', () => {
  test('says nothing before it has seen enough', () => {
    const estimate = estimateFrom(0);
    expect(estimate.remaining(100, 10_000)).toBeUndefined();
    estimate.observe(1, 1_000);
    expect(estimate.remaining(100, 1_000)).toBeUndefined();
    expect(estimate.remaining(50, 3_000)).toBeDefined();
    // A hundredth of the whole tells little of the rest.
    expect(estimate.remaining(100, 3_000)).toBeUndefined();
    const idle = estimateFrom(0);
    idle.observe(0, 5_000);
    expect(idle.remaining(100, 9_000)).toBeUndefined();
  });

  test('at a steady rate it is exact', () => {
    const estimate = estimateFrom(0);
    for (let second = 1; second <= 60; second += 1) estimate.observe(second * 5, second * 1_000);
    expect(estimate.remaining(500, 60_000)).toBeCloseTo(40_000, -1);
  });

  test('counts down between one piece and the next', () => {
    const estimate = estimateFrom(0);
    for (let piece = 1; piece <= 5; piece += 1) estimate.observe(piece, piece * 8_000);
    expect(estimate.remaining(10, 40_000)).toBeCloseTo(40_000, -1);
    expect(estimate.remaining(10, 44_000)).toBeCloseTo(36_000, -1);
  });

  test('follows a change of pace, and not at once', () => {
    const estimate = estimateFrom(0);
    for (let second = 1; second <= 60; second += 1) estimate.observe(second * 10, second * 1_000);
    for (let second = 1; second <= 5; second += 1)
      estimate.observe(600 + second, 60_000 + second * 1_000);
    const soon = estimate.remaining(705, 65_000) ?? 0;
    expect(soon).toBeGreaterThan(10_000);
    expect(soon).toBeLessThan(20_000);
    for (let second = 6; second <= 400; second += 1)
      estimate.observe(600 + second, 60_000 + second * 1_000);
    expect(estimate.remaining(1_100, 460_000)).toBeGreaterThan(60_000);
  });

  test('what stands still takes longer and longer, and never less than nothing', () => {
    const estimate = estimateFrom(0);
    estimate.observe(50, 10_000);
    expect(estimate.remaining(100, 10_000)).toBeCloseTo(10_000, -1);
    expect(estimate.remaining(100, 60_000)).toBeGreaterThan(50_000);
    const sample = fc.record({ more: fc.nat(100), wait: fc.nat(5_000) });
    fc.assert(
      fc.property(fc.array(sample), fc.nat(60_000), (samples, idle) => {
        const any = estimateFrom(0);
        let done = 0;
        let time = 0;
        for (const { more, wait } of samples) {
          done += more;
          time += wait;
          any.observe(done, time);
        }
        const left = any.remaining(done + 10, time + idle);
        if (left !== undefined) expect(left).toBeGreaterThanOrEqual(0);
        if (left !== undefined) expect(Number.isFinite(left)).toBe(true);
      }),
    );
  });
});
