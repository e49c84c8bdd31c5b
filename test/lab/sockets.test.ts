import { expect, test } from 'vitest';
import { parseTcpSockets } from '../../src/lab/sockets.ts';

test('reads /proc/net/tcp', () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0801 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21 1 0000000000000000 100 0 0 10 0
   1: 01004D0A:0801 0A004D0A:02E4 01 00000000:00000000 00:00000000 00000000     0        0 22 1 0000000000000000 100 0 0 10 0
`;
  expect(parseTcpSockets(text)).toEqual([
    { localPort: 2049, remotePort: 0, state: 'listening' },
    { localPort: 2049, remotePort: 740, state: 'established' },
  ]);
});

test('reads /proc/net/tcp6, whose addresses are longer', () => {
  const text = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:4E50 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000100004D:0801 0000000000000000FFFF00000100004D:03D1 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0000000000000000
`;
  expect(parseTcpSockets(text)).toEqual([
    { localPort: 20048, remotePort: 0, state: 'listening' },
    { localPort: 2049, remotePort: 977, state: 'other' },
  ]);
});

test('an empty table', () => {
  expect(parseTcpSockets('')).toEqual([]);
});
