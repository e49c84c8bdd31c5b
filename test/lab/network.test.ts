import { expect, test } from 'vitest';
import { parseSentBytes } from '../../src/lab/network.ts';

test('/proc/net/dev: what an interface has sent', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:   10       1    0    0    0     0          0         0    20       1    0    0    0     0       0          0
  tap0: 4521    1234    1    2    3     4          5         6 99887766 554    0    0    0     0       0          0
 tap01:       1       1    1    2    3     4          5         6 7 554    0    0    0     0       0          0
`;
  expect(parseSentBytes(text, 'tap0')).toBe(99_887_766);
  expect(parseSentBytes(text, 'tap1')).toBe(0);
  expect(parseSentBytes('', 'tap0')).toBe(0);
});
