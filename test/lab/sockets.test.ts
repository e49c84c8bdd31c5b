import { expect, test } from 'vitest';
import { lookAtNfs } from '../../src/lab/lab.ts';
import { parseTcpSockets } from '../../src/lab/sockets.ts';

test('reads /proc/net/tcp', () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0801 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21 1 0000000000000000 100 0 0 10 0
   1: 01004D0A:0801 0A004D0A:02E4 01 0000152C:00000000 01:00000012 00000006     0        0 22 1 0000000000000000 100 0 0 10 0
`;
  expect(parseTcpSockets(text)).toEqual([
    { localPort: 2049, remotePort: 0, state: 'listening', unacknowledged: 0, resent: 0 },
    { localPort: 2049, remotePort: 740, state: 'established', unacknowledged: 5420, resent: 6 },
  ]);
});

test('reads /proc/net/tcp6, whose addresses are longer', () => {
  const text = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:4E50 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000100004D:0801 0000000000000000FFFF00000100004D:03D1 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0000000000000000
`;
  expect(parseTcpSockets(text)).toEqual([
    { localPort: 20048, remotePort: 0, state: 'listening', unacknowledged: 0, resent: 0 },
    { localPort: 2049, remotePort: 977, state: 'other', unacknowledged: 0, resent: 0 },
  ]);
});

test('an empty table', () => {
  expect(parseTcpSockets('')).toEqual([]);
});

test('what the sockets say about NFS', () => {
  const socket = { remotePort: 740, state: 'established', unacknowledged: 0, resent: 0 } as const;
  expect(lookAtNfs([])).toEqual({ type: 'sockets', nfsListening: false, nfsConnected: false });
  expect(
    lookAtNfs([
      { ...socket, localPort: 2049, state: 'listening' },
      { ...socket, localPort: 80, unacknowledged: 9, resent: 9 },
    ]),
  ).toEqual({ type: 'sockets', nfsListening: true, nfsConnected: false });
  expect(
    lookAtNfs([
      { ...socket, localPort: 20048 },
      { ...socket, localPort: 2049, unacknowledged: 5420, resent: 6 },
    ]),
  ).toEqual({
    type: 'sockets',
    nfsListening: false,
    nfsConnected: true,
    nfsUnanswered: { bytes: 5420, resent: 6 },
  });
});
