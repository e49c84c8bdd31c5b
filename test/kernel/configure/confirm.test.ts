import { describe, expect, it } from 'vitest';
import { differingLines } from '../../../src/kernel/configure/configure.ts';
import { unmetIn } from '../../../src/kernel/configure/judge.ts';

describe('differingLines', () => {
  it('marks lines as diff does', () => {
    expect(differingLines('A=y\nB=y\n', 'A=y\nB=m\n')).toEqual(['-B=y', '+B=m']);
    expect(differingLines('A=y\n', 'A=y\n')).toEqual([]);
  });

  it('does not take another order for the same', () => {
    expect(differingLines('A=y\nB=y\n', 'B=y\nA=y\n')).toEqual(['the same lines in another order']);
  });
});

describe('unmetIn', () => {
  it('finds the symbols in the warnings of conf', () => {
    const stderr = `
WARNING: unmet direct dependencies detected for DRM_PANEL
  Depends on [m]: HAS_IOMEM [=y] && DRM [=m]
  Selected by [y]:
  - FOO [=y]

WARNING: unmet direct dependencies detected for BAR
`;
    expect([...unmetIn(stderr)]).toEqual(['DRM_PANEL', 'BAR']);
    expect([...unmetIn('# configuration written to .config\n')]).toEqual([]);
  });
});
