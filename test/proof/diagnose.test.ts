import { describe, expect, test } from 'vitest';
import type { Observation } from '../../src/lab/observation.ts';
import { diagnose } from '../../src/proof/diagnose.ts';
import { stageIds } from '../../src/proof/stages.ts';
import { consoleOf, follow, recording, recordOf } from './recording.ts';

const mac = '52:54:00:77:00:10';
const upToKernel: readonly Observation[] = [
  { type: 'dhcp', message: 'discover', mac, at: 1 },
  { type: 'dhcp', message: 'ack', mac, at: 2 },
  { type: 'tftp', file: 'lpxelinux.0', outcome: 'sent', at: 3 },
  { type: 'http', method: 'GET', path: '/kernel', status: 200, bytes: 9, complete: true, at: 4 },
  { type: 'console', text: '[    0.000000] Linux version 6.12.1 (a@b)', at: 5 },
];
const upToAddress: readonly Observation[] = [
  ...upToKernel,
  { type: 'dhcp', message: 'discover', mac, at: 6 },
  { type: 'dhcp', message: 'ack', mac, at: 7 },
];

const noDriverYet = 'bootwright-init: no network card has a driver yet';
const consoleSays = (lines: readonly string[]): readonly Observation[] =>
  lines.map((text) => ({ type: 'console', text, at: 25 }));

describe('recorded boots', () => {
  test.each([
    ['no-dhcp', 'BW-PROOF-FAILED', 'dhcp', /got none/, /DHCP server/],
    ['image-missing', 'BW-PROOF-FAILED', 'image', /not on the HTTP server/, /image/],
    ['image-missing-grub', 'BW-PROOF-FAILED', 'image', /not on the HTTP server/, /image/],
    ['junk-pxelinux', 'BW-PROOF-FAILED', 'kernel', /cannot be started/, /no kernel image/],
    ['junk-ipxe-uefi', 'BW-PROOF-FAILED', 'kernel', /cannot be started/, /no kernel image/],
    ['unsigned-shim', 'BW-PROOF-FAILED', 'kernel', /Secure Boot refuses/, /not signed/],
    ['dnsmasq-killed', 'BW-PROOF-LAB', 'dhcp', /^dnsmasq.*SIGKILL/, /killed/],
    ['qemu-killed', 'BW-PROOF-LAB', 'image', /^QEMU ended.*SIGKILL/, /killed/],
  ] as const)('%s: %s at %s', (name, code, stage, what, cause) => {
    const failure = diagnose(recordOf(recording(name)));
    expect(failure).toMatchObject({ code, stage });
    expect(failure.what).toMatch(what);
    expect(failure.cause).toMatch(cause);
    expect(failure.hint).not.toBe('');
  });

  test('the stock kernel of Debian: what is off in it is named, and so is the driver', () => {
    const failure = diagnose(
      recordOf(recording('stock-debian-6.1'), { names: ['e1000'], builtIn: false }),
    );
    expect(failure).toMatchObject({ code: 'BW-PROOF-FAILED', stage: 'link' });
    expect(failure.cause).toBe(
      'It is not made for a root over NFS: IP_PNP and ROOT_NFS are off, as in a stock kernel, and the driver of this card, e1000, is not built in.',
    );
    expect(failure.evidence.join('\n')).toContain('Kernel panic');
  });

  test.each([
    [
      "has no driver: modprobe: can't load module e1000 (e1000.ko): invalid module format",
      /refuses/,
    ],
    ['has no driver: modprobe: module pci:v8086 not found in modules.dep', /has no driver for the/],
  ])('a wrapped kernel whose card %s', (words, cause) => {
    const lines = [noDriverYet, `bootwright-init: card: 0000:00:03.0 pci:v8086 ${words}`];
    const failure = diagnose(recordOf([...upToKernel, ...consoleSays(lines)]));
    expect(failure).toMatchObject({
      code: 'BW-PROOF-FAILED',
      stage: 'link',
      what: 'No network card has a driver.',
      evidence: lines,
    });
    expect(failure.cause).toMatch(cause);
  });

  test.each([
    ['never was without a driver', []],
    ['got its driver late', [noDriverYet]],
  ])('a card that has no link, and %s, is not said to have no driver', (_, before) => {
    const lines = [
      ...before,
      'bootwright-init: FAILED: No network card has a link.',
      'bootwright-init: card: eth0 52:54:00:77:00:10 e1000, no link',
      // The radio beside it.
      'bootwright-init: card: 0000:00:04.0 pci:v8086 has no driver',
    ];
    const failure = diagnose(recordOf([...upToKernel, ...consoleSays(lines)]));
    expect(failure.stage).toBe('link');
    expect(failure.what).not.toBe('No network card has a driver.');
  });

  test.each([
    'image-missing',
    'junk-pxelinux',
    'junk-ipxe-uefi',
    'unsigned-shim',
    'dnsmasq-killed',
    'qemu-killed',
    'stock-debian-6.1',
  ])('%s is given up before its time runs out', (name) => {
    expect(follow(recording(name)).hopelessAt).toBeDefined();
  });
});

describe('consoles', () => {
  test('a driver that is not built in', () => {
    const record = recordOf(
      [...upToKernel, ...consoleOf('[   13.4] IP-Config: No network devices available', 9)],
      { names: ['e1000'], builtIn: false },
    );
    expect(diagnose(record)).toMatchObject({
      stage: 'link',
      what: 'The kernel found no network card.',
      cause:
        'The driver of this card, e1000, is not built into the kernel: it is a module, or not enabled.',
      evidence: ['[   13.4] IP-Config: No network devices available'],
    });
  });

  test('a driver that is built in and did not take the card', () => {
    const record = recordOf([
      ...upToKernel,
      ...consoleOf('[   13.4] IP-Config: No network devices available', 9),
    ]);
    expect(diagnose(record).cause).toMatch(/^virtio_net is built in, and did not take the card/);
  });

  test('an address, and no way to mount NFS', () => {
    const record = recordOf([
      ...upToAddress,
      ...consoleOf(
        '[    3.1] VFS: Cannot open root device "/dev/nfs" or unknown-block(0,255): error -6\n' +
          '[    3.2] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,255)',
        9,
      ),
    ]);
    expect(diagnose(record)).toMatchObject({
      stage: 'nfs-root',
      cause: expect.stringContaining('ROOT_NFS'),
    });
  });

  test('no init', () => {
    const record = recordOf([
      ...upToAddress,
      ...consoleOf(
        '[    3.1] VFS: Mounted root (nfs filesystem) readonly on device 0:17.\n' +
          '[    3.2] Kernel panic - not syncing: No working init found.  Try passing init= option to kernel.',
        9,
      ),
    ]);
    expect(diagnose(record)).toMatchObject({
      stage: 'init',
      cause: expect.stringContaining('BINFMT_ELF'),
    });
  });

  test('no init, and no root either: a stock kernel that has tried nothing', () => {
    const record = recordOf([
      ...upToKernel,
      ...consoleOf(
        '[    0.1] Unknown kernel command line parameters "nfsroot=10.77.0.1:/root ip=dhcp", will be passed to user space.\n' +
          '[    0.9] Run /bin/sh as init process\n' +
          '[    1.0] Kernel panic - not syncing: No working init found.  Try passing init= option to kernel.',
        9,
      ),
    ]);
    expect(diagnose(record)).toMatchObject({
      stage: 'link',
      cause: expect.stringContaining('IP_PNP and ROOT_NFS are off'),
    });
  });

  test('any other panic carries its words', () => {
    const record = recordOf([
      ...upToKernel,
      ...consoleOf("[    0.5] Kernel panic - not syncing: IO-APIC + timer doesn't work!", 9),
    ]);
    expect(diagnose(record)).toMatchObject({
      stage: 'link',
      what: "The kernel panicked: IO-APIC + timer doesn't work!.",
    });
  });
});

describe('the NFS root', () => {
  test('nobody serves NFS', () => {
    const observations: readonly Observation[] = [
      ...upToAddress,
      { type: 'sockets', nfsListening: false, nfsConnected: false, at: 900 },
    ];
    expect(diagnose(recordOf(observations))).toMatchObject({
      code: 'BW-PROOF-FAILED',
      stage: 'nfs-root',
      cause: 'No NFS server listens at the address in nfsroot=.',
    });
    expect(follow(observations).hopelessAt).toBe(observations.length);
  });

  test('a wrong export', () => {
    const observations: readonly Observation[] = [
      ...upToAddress,
      { type: 'sockets', nfsListening: true, nfsConnected: true, at: 900 },
      { type: 'nfs', event: 'refused', detail: 'NFS4ERR_NOENT', at: 901 },
      { type: 'nfs', event: 'refused', detail: 'NFS4ERR_NOENT', at: 909 },
    ];
    expect(diagnose(recordOf(observations))).toMatchObject({
      stage: 'nfs-root',
      cause: expect.stringContaining('not exported'),
      evidence: ['NFS4ERR_NOENT'],
    });
  });

  test('names that are not there mean nothing once the root is mounted', () => {
    const { hopelessAt } = follow([
      ...upToAddress,
      { type: 'console', text: '[    3.1] VFS: Mounted root (nfs filesystem) readonly.', at: 9 },
      { type: 'nfs', event: 'refused', detail: 'NFS4ERR_NOENT', at: 10 },
    ]);
    expect(hopelessAt).toBeUndefined();
  });

  test('the server dies in the middle', () => {
    const record = recordOf([
      ...upToAddress,
      { type: 'ended', program: 'nfs', how: 'signal SIGSEGV', lastLines: ['last words'], at: 10 },
    ]);
    expect(diagnose(record)).toMatchObject({
      code: 'BW-PROOF-LAB',
      stage: 'nfs-root',
      what: 'The NFS server ended in the middle of the boot (signal SIGSEGV).',
      evidence: ['last words'],
    });
  });
});

test('a loader that says why it goes no further', () => {
  const record = recordOf([
    ...upToKernel.slice(0, 3),
    ...consoleOf(
      "error: big file signature isn't implemented yet.\nerror: you need to load the kernel first.",
      9,
    ),
  ]);
  expect(diagnose(record)).toMatchObject({
    stage: 'image',
    what: 'The boot loader could not load the kernel image.',
    cause: "In its own words: error: big file signature isn't implemented yet.",
  });
});

test('a reset without a word', () => {
  const record = recordOf([
    ...upToKernel,
    { type: 'machine', event: 'shutdown', reason: 'guest-reset', at: 10 },
    { type: 'ended', program: 'qemu', how: 'exit status 0', lastLines: [], at: 11 },
  ]);
  expect(diagnose(record)).toMatchObject({
    code: 'BW-PROOF-FAILED',
    stage: 'link',
    what: 'The guest reset itself.',
  });
});

test('QEMU that does not start tells why', () => {
  const record = recordOf([
    {
      type: 'ended',
      program: 'qemu',
      how: 'exit status 1',
      lastLines: ['qemu-system-x86_64: could not configure /dev/net/tun'],
      at: 3,
    },
  ]);
  expect(diagnose(record)).toMatchObject({
    code: 'BW-PROOF-LAB',
    stage: 'firmware',
    evidence: ['qemu-system-x86_64: could not configure /dev/net/tun'],
  });
});

test('frames that iPXE could not use are no reason; what it says of the image is', () => {
  const asked = upToKernel.slice(0, 3);
  const counted = '  [RXE: 1 x "Operation not supported (http://ipxe.org/3c046083)"]';
  const before = { ...recordOf([...asked, ...consoleOf(counted, 4)]), late: 60_000 };
  expect(diagnose(before)).toMatchObject({
    stage: 'image',
    what: 'The boot loader did not load the kernel image within 60 s.',
  });
  const refused = 'http://10.77.0.1/kernel... Connection reset (http://ipxe.org/0f0a6039)';
  expect(diagnose(recordOf([...asked, ...consoleOf(refused, 4)])).cause).toBe(
    `In its own words: ${refused}`,
  );
});

test('answers that do not reach the kernel: the MTU is named', () => {
  const sockets = { type: 'sockets', nfsListening: true, nfsConnected: true } as const;
  const mounted: readonly Observation[] = [
    ...upToAddress,
    {
      ...{ type: 'console', at: 8 },
      text: '[    2.8]      bootserver=10.77.0.1, rootserver=10.77.0.1, rootpath=, mtu=9000',
    },
    { type: 'console', text: 'VFS: Mounted root (nfs filesystem) readonly.', at: 9 },
  ];
  const stuck = (resent: number): Observation => ({
    ...sockets,
    ...{ nfsUnanswered: { bytes: 5420, resent }, at: 10 },
  });
  expect(diagnose({ ...recordOf([...mounted, stuck(6)]), late: 15_000 })).toMatchObject({
    code: 'BW-PROOF-FAILED',
    stage: 'init',
    cause: expect.stringContaining('MTU'),
    evidence: [
      '5420 bytes unacknowledged, sent again 6 times',
      expect.stringContaining('mtu=9000'),
    ],
  });
  // What is merely late, and what came through in the end.
  for (const last of [stuck(1), { ...sockets, at: 11 }]) {
    const { cause } = diagnose({ ...recordOf([...mounted, stuck(6), last]), late: 15_000 });
    expect(cause).not.toContain('MTU');
  }
});

test.each(stageIds)('silence at %s has a cause and a hint', (stage) => {
  const failure = diagnose({
    stage,
    late: 60_000,
    times: {},
    observations: [],
    driver: { names: ['e1000'], builtIn: true },
  });
  expect(failure.stage).toBe(stage);
  expect(failure.what).toMatch(/ within \d+ s\.$/);
  expect(failure.cause).not.toBe('');
  expect(failure.hint).not.toBe('');
});

describe('a kernel with an initramfs', () => {
  test('that gives up says itself what, why and what to do', () => {
    const failure = diagnose(
      recordOf([
        ...upToKernel,
        ...consoleOf(
          [
            'bootwright-init: FAILED: No network card has a link.',
            'bootwright-init: why: No cable is plugged in.',
            'bootwright-init: what to do: Look at the cable.',
            'bootwright-init: card: eth0 52:54:00:77:00:10 e1000, no link',
          ].join('\n'),
          6,
        ),
      ]),
    );
    expect(failure).toMatchObject({
      stage: 'link',
      what: 'No network card has a link.',
      cause: 'No cable is plugged in.',
      hint: 'Look at the cable.',
    });
    expect(failure.evidence).toHaveLength(4);
  });

  test('that is not on the server', () => {
    const missing = { type: 'http', method: 'GET', path: '/initramfs', bytes: 0 } as const;
    const failure = diagnose(
      recordOf([...upToKernel.slice(0, 4), { ...missing, status: 404, complete: true, at: 5 }]),
    );
    expect(failure.what).toMatch(/^The boot loader asked for the initramfs/);
  });
});
