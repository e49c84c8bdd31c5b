import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buildTimestamp,
  buildVersion,
  releaseVariables,
} from '../../../src/kernel/compile/release.ts';

describe('releaseVariables', () => {
  test('puts all behind the base version, as RHEL’s spec does', () => {
    expect(releaseVariables('5.14.0-570.32.1.el9_6.x86_64', '5.14.0', '')).toEqual({
      EXTRAVERSION: '-570.32.1.el9_6.x86_64',
      LOCALVERSION: '',
    });
  });

  test('goes around a part that the config or a file fixes', () => {
    expect(releaseVariables('6.1.0-5-rt-amd64', '6.1.0', '-rt')).toEqual({
      EXTRAVERSION: '-5',
      LOCALVERSION: '-amd64',
    });
  });

  test('gives up where the fixed part is not in the release', () => {
    expect(releaseVariables('6.1.0-5', '6.1.0', '-custom')).toBeUndefined();
  });

  test('gives up on another version, also one that starts alike', () => {
    expect(releaseVariables('6.12.117-1', '6.1', '')).toBeUndefined();
    expect(releaseVariables('6.12.117-1', '6.12.1', '')).toBeUndefined();
    expect(releaseVariables('5.14.0-1', '6.1.0', '')).toBeUndefined();
  });

  test('always adds up to what is wanted', () => {
    const part = fc.stringMatching(/^[-._+a-z][0-9a-z._+-]{0,8}$/);
    fc.assert(
      fc.property(part, part, part, (extra, fixed, local) => {
        const wanted = `6.12.0${extra}${fixed}${local}`;
        const found = releaseVariables(wanted, '6.12.0', fixed);
        expect(`6.12.0${found?.EXTRAVERSION}${fixed}${found?.LOCALVERSION}`).toBe(wanted);
      }),
    );
  });
});

describe('uname -v', () => {
  test('has its time as date(1) prints it', () => {
    expect(buildTimestamp(new Date('2025-08-05T03:04:05Z'))).toBe('Tue Aug  5 03:04:05 UTC 2025');
  });

  test('fits into the 64 characters that the kernel has', () => {
    const longest = `#${buildVersion} SMP PREEMPT_DYNAMIC ${buildTimestamp(new Date())}`;
    expect(longest.length).toBeLessThanOrEqual(64);
    expect(longest).toContain('netboot');
  });
});
