import { describe, expect, test } from 'vitest';
import { buildTime, targetOf } from '../../src/wrap/target.ts';

describe('targetOf', () => {
  test.each([
    ['5.14.0-570.32.1.el9_6.x86_64', 'el9_6', '5.14.0', '570.32.1.el9_6', undefined],
    ['6.12.0-55.9.1.el10_0.x86_64+rt', 'el10_0', '6.12.0', '55.9.1.el10_0', 'rt'],
    ['2.6.32-754.el6.x86_64.debug', 'el6', '2.6.32', '754.el6', 'debug'],
    ['6.12.117+deb12-amd64', 'deb12', '6.12.117', 'deb12-amd64', undefined],
    ['6.1.0-37-amd64', 'unknown', '6.1.0', '37-amd64', undefined],
    ['6.8.5-301.fc40.x86_64', 'fc40', '6.8.5', '301.fc40', undefined],
    ['6.9.1', 'unknown', '6.9.1', '0', undefined],
  ])('%s', (kernelRelease, distro, version, release, variant) => {
    expect(targetOf(kernelRelease)).toEqual({
      ...{ distro, name: 'kernel', version, release, architecture: 'x86_64', kernelRelease },
      ...(variant === undefined ? {} : { variant }),
    });
  });

  test('refuses what is no release', () => {
    expect(() => targetOf('vmlinuz')).toThrow(expect.objectContaining({ code: 'BW-WRAP-KERNEL' }));
  });
});

describe('buildTime', () => {
  test.each([
    ['6.1 (a@b) #1 SMP PREEMPT_DYNAMIC Debian 6.1.1-1 (2026-11-14)', '2026-11-14T00:00:00Z'],
    ['5.14 (a@b) #1 SMP PREEMPT_DYNAMIC Thu Aug 7 15:22:11 UTC 2025', '2025-08-07T15:22:11Z'],
    ['5.14 (a@b) #1 SMP Thu Aug  7 15:22:11 EDT 2025', '2025-08-07T19:22:11Z'],
    ['5.14 (a@b) #1 without a time', '2000-01-01T00:00:00Z'],
  ])('%s', (version, expected) => {
    expect(buildTime(version)).toBe(Date.parse(expected) / 1000);
  });
});
