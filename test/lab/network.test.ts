import { expect, test } from 'vitest';
import { networkBatch, parseSentBytes, usualMtu } from '../../src/lab/network.ts';

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

test('the network, as ip makes it', () => {
  const text = (mtu: string, bridge: string) => `link set lo up
link add br0 type bridge stp_state 0 forward_delay 0
address add 10.77.0.1/24 dev br0
address add fd77::1/64 dev br0 nodad
tuntap add tap0 mode tap
link set tap0 mtu ${mtu}
link set tap0 master br0
link set br0 mtu ${bridge}
link set tap0 up
link set br0 up
tuntap add tap1 mode tap
link set tap1 up
`;
  expect(networkBatch(usualMtu)).toBe(text('1500', '1500'));
  expect(networkBatch({ server: 1400, cable: 1400 })).toBe(text('1400', '1400'));
  expect(networkBatch({ server: 9000, cable: 1500 })).toBe(text('1500', '9000 gso_max_segs 1'));
});
