import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HardwareDevice } from '../../src/hardware/device.ts';
import { HardwareTextError, readHardware, textLimit } from '../../src/hardware/index.ts';

function sample(name: string): Buffer {
  return readFileSync(new URL(`samples/${name}`, import.meta.url));
}

function read(text: string | Uint8Array) {
  return readHardware(Buffer.from(text));
}

/** A device in one line. */
function brief({ address, classCode, ids, subsystem, drivers }: HardwareDevice): string {
  const pair = (of: typeof ids): string => (of === undefined ? '-' : `${of.vendor}:${of.device}`);
  return [address, classCode ?? '-', pair(ids), pair(subsystem), ...drivers].join(' ');
}

describe('lspci', () => {
  test('-nnk of a server, with prompts', () => {
    const { formats, devices } = read(sample('dell-r640.lspci-nnk.txt'));
    expect(formats).toEqual(['lspci']);
    expect(devices.map(brief)).toEqual([
      '00:00.0 0600 8086:2020 1028:0716',
      '00:1f.2 0580 8086:a1a1 1028:0716',
      '18:00.0 0200 8086:1572 8086:0006 i40e',
      '18:00.1 0200 8086:1572 8086:0000 i40e',
      '3b:00.0 0200 14e4:16d8 1028:1feb bnxt_en',
      '5e:00.0 0200 15b3:1017 15b3:0080 mlx5_core',
      'af:00.0 0104 1000:005d 1028:1f47 megaraid_sas',
    ]);
    expect(devices[2]).toMatchObject({
      modalias: 'pci:v00008086d00001572sv00008086sd00000006bc02sc00i00',
      text: 'Intel Corporation Ethernet Controller X710 for 10GbE SFP+ (rev 02)',
    });
    // A name in brackets is not an id.
    expect(devices[5]?.text).toBe('Mellanox Technologies MT27800 Family [ConnectX-5]');
  });

  test('-nn out of a mail: quoted, and with broken lines', () => {
    const { devices } = read(sample('workstation.mail.txt'));
    expect(devices.map(brief)).toEqual([
      '00:1f.6 0200 8086:15b7 -',
      '02:00.0 0200 10ec:8168 -',
      '03:00.0 0280 8086:2723 -',
    ]);
    expect(devices[0]).toMatchObject({
      modalias: 'pci:v00008086d000015B7svXXXXXXXXsdXXXXXXXXbc02sc00i00',
      text: 'Intel Corporation Ethernet Connection (2) I219-LM (rev 31)',
    });
  });

  test('-n, and what grep -n and a second PCI domain put before the address', () => {
    const { devices } = read(
      '01:00.0 0200: 8086:1521 (rev 01)\n7:02:00.0 0200: 15b3:1017\n10000:e1:00.0 0108: 8086:f1a8\n',
    );
    expect(devices.map(brief)).toEqual([
      '01:00.0 0200 8086:1521 -',
      '02:00.0 0200 15b3:1017 -',
      '10000:e1:00.0 0108 8086:f1a8 -',
    ]);
  });

  test('-nnv: details are no part of a name', () => {
    const { devices } = read(
      [
        '02:00.0 Ethernet controller [0200]: Realtek Semiconductor Co., Ltd. RTL8125 2.5GbE Controller [10ec:8125] (prog-if 01)',
        '        Subsystem: Micro-Star International Co., Ltd. [MSI] RTL8125',
        '        2.5GbE Controller [1462:7c37]',
        '        Flags: bus master, fast devsel, latency 0, IRQ 38, IOMMU group 15',
        '        Memory at fc400000 (64-bit, non-prefetchable) [size=64K]',
        '        Capabilities: <access denied>',
        '        Kernel driver in use: r8169',
      ].join('\n'),
    );
    expect(devices.map(brief)).toEqual(['02:00.0 0200 10ec:8125 1462:7c37 r8169']);
    expect(devices[0]?.modalias).toMatch(/i01$/);
  });

  test('-nnmm with a byte-order mark, a prompt and Windows line ends', () => {
    const { formats, devices } = read(sample('supermicro.lspci-nnmm.txt'));
    expect(formats).toEqual(['lspci -mm']);
    expect(devices.map(brief)).toEqual([
      '00:02.0 0300 102b:0532 15d9:0626',
      '01:00.0 0200 8086:1521 15d9:1521',
      '01:00.1 0200 8086:1521 15d9:1521',
      '02:00.0 0207 15b3:1013 -',
    ]);
    expect(devices[3]?.text).toBe('Mellanox Technologies MT27700 Family "ConnectX-4"');
  });

  test('-vmmnnk', () => {
    const { formats, devices } = read(sample('epyc.lspci-vmmnnk.txt'));
    expect(formats).toEqual(['lspci -vmm']);
    expect(devices.map(brief)).toEqual([
      '00:00.0 0600 1022:1480 -',
      'c1:00.0 0200 14e4:165f 1028:08ff tg3',
    ]);
  });

  test('as Windows PowerShell writes it: UTF-16', () => {
    const text = `\ufeff${sample('dell-r640.lspci-nnk.txt').toString()}`;
    const report = read(Buffer.from(text.replaceAll('\n', '\r\n'), 'utf16le'));
    expect(report).toEqual(read(sample('dell-r640.lspci-nnk.txt')));
  });

  test('tabs, spaces and escape sequences around make no difference', () => {
    const plain = sample('dell-r640.lspci-nnk.txt').toString();
    const expected = read(plain);
    for (const changed of [
      plain.replaceAll('\t', ''),
      plain.replaceAll('\t', '        '),
      plain.replaceAll(/^/gm, '\u00a0 '),
      plain.replaceAll(/^(\S+) /gm, '\x1b[1m$1\x1b[0m '),
      plain.replaceAll('\n', '\r\n'),
    ]) {
      expect(read(changed)).toEqual(expected);
    }
  });
});

describe('other programs', () => {
  test('modaliases behind their paths', () => {
    const { formats, devices } = read(sample('qemu.modalias.txt'));
    expect(formats).toEqual(['modalias']);
    expect(devices.map(({ bus, address }) => `${bus} ${address}`)).toEqual([
      'acpi pnp0a08:00',
      'pci 00:00.0',
      'pci 00:03.0',
      'pci 00:04.0',
      'usb 1-1:1.0',
      'usb 1-1:1.1',
      'virtio virtio0',
      'virtio virtio1',
    ]);
    expect(devices.map(brief)).toContain('00:04.0 0200 8086:100e 1af4:1100');
  });

  test('modaliases alone, of a uevent, and broken by a narrow terminal', () => {
    const { devices } = read(
      'MODALIAS=virtio:d00000001v00001AF4\nvmbus:635161f83edfc546913ff2d2f965ed0e\n' +
        'pci:v00008086d00001572sv00008086sd\n00000006bc02sc00i00\nxen:vif\n',
    );
    expect(devices.map(({ modalias }) => modalias)).toEqual([
      'virtio:d00000001v00001AF4',
      'vmbus:635161f83edfc546913ff2d2f965ed0e',
      'pci:v00008086d00001572sv00008086sd00000006bc02sc00i00',
      'xen:vif',
    ]);
  });

  test('lshw, with -numeric', () => {
    const { formats, devices, system } = read(sample('hpe.lshw.txt'));
    expect(formats).toEqual(['lshw']);
    expect(system).toEqual({ vendor: 'HPE', product: 'ProLiant DL380 Gen10 (868703-B21)' });
    expect(devices.map(brief)).toEqual([
      '02:00.0 - 14e4:1657 - tg3',
      '37:00.0 - 8086:1572 -',
      '2:3 - 0b95:1790 - ax88179_178a',
    ]);
    expect(devices[2]?.modalias).toMatch(/^usb:v0B95p1790dX/);
  });

  test('lshw -json, whole, of a class, and without the list around', () => {
    const { formats, devices, system } = read(sample('hpe.lshw.json'));
    expect(formats).toEqual(['lshw -json']);
    expect(system?.vendor).toBe('HPE');
    expect(devices.map(brief)).toEqual([
      '02:00.0 - 14e4:1657 - tg3',
      '04:00.0 - 8086:24fd - iwlwifi',
    ]);
    const card = (slot: string) =>
      JSON.stringify({ class: 'network', product: 'X [8086:1572]', businfo: `pci@0000:${slot}` });
    for (const text of [
      `[root@node8 ~]# lshw -json -numeric -class network\n[${card('01:00.0')},\n${card('02:00.0')}]\n`,
      `${card('01:00.0')},\n${card('02:00.0')},\n`,
      `${card('01:00.0')}\n${card('02:00.0')}\n`,
    ]) {
      expect(read(text).devices.map(({ address }) => address)).toEqual(['01:00.0', '02:00.0']);
    }
  });

  test('several outputs in one text: each device once, with all that is known', () => {
    const text = ['dell.dmidecode.txt', 'dell-r640.lspci-nnk.txt'].map((name) => sample(name));
    const modalias =
      '/sys/bus/pci/devices/0000:18:00.0/modalias:pci:v00008086d00001572sv00008086sd00000006bc02sc00i00';
    const { system, formats, devices } = read(`${text.join('\n')}\n${modalias}\n`);
    expect(system).toEqual({ vendor: 'Dell Inc.', product: 'PowerEdge R640' });
    expect(formats).toEqual(['lspci', 'modalias', 'dmidecode']);
    const known = read(sample('dell-r640.lspci-nnk.txt')).devices;
    // The programming interface, lspci without -v does not tell.
    expect(devices).toEqual(
      known.map((each) => (each.address === '18:00.0' ? { ...each, interface: '00' } : each)),
    );
  });
});

describe('what is no description of a machine', () => {
  const repeated = (line: string, count: number): string => `${line}\n`.repeat(count);
  test.each([
    ['nothing', '', 'empty'],
    ['blank lines', ' \n\t\r\n', 'empty'],
    ['HTML', `<!DOCTYPE html><html><pre>${sample('workstation.mail.txt')}</pre></html>`, 'html'],
    ['a piece of HTML', `<div>00:1f.6 Ethernet controller [0200]: X [8086:15b7]</div>`, 'html'],
    ['gzip', Buffer.from('1f8b0800000000000003cb48cdc9c95728cf2fca4901008511', 'hex'), 'binary'],
    ['an ELF file', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(500)]), 'binary'],
    ['50 MB', Buffer.alloc(50_000_000, 'x'), 'too-large'],
    ['prose', 'bash: lspci: command not found\n', 'unknown-format'],
    ['other JSON', '{"schema": "x", "children": []}', 'unknown-format'],
    ['dmidecode alone', sample('dell.dmidecode.txt'), 'no-devices'],
    ['lshw of another class', '{"class": "processor", "product": "Xeon"}', 'no-devices'],
    [
      'lspci without -nn',
      '00:1f.6 Ethernet controller: Intel Corporation I219-LM (rev 31)\n',
      'no-ids',
    ],
    [
      'devices without end',
      Array.from(
        { length: 10_001 },
        (_, n) =>
          `${(n >> 8).toString(16).padStart(4, '0')}:${(n & 255).toString(16).padStart(2, '0')}:00.0 0200: 8086:1572`,
      ).join('\n'),
      'too-many-devices',
    ],
    ['one device without end', repeated('01:00.0 0200: 8086:1572', 3), undefined],
  ])('%s', (_, text, problem) => {
    if (problem === undefined) expect(read(text).devices).toHaveLength(1);
    else {
      expect(() => read(text)).toThrow(
        expect.objectContaining({ name: 'HardwareTextError', problem }),
      );
    }
  });

  test('up to the limit, reading ends soon, whatever is repeated', () => {
    for (const piece of [
      '\n',
      ' ',
      '[',
      '{',
      '01:00.0 ',
      '"',
      'pci:v',
      '*-network\n',
      'a: ',
      '\x1b[',
      '}\n',
      ', ',
    ]) {
      const text = piece.repeat(Math.floor(1_000_000 / piece.length));
      expect(() => read(text)).toThrow(HardwareTextError);
    }
    expect(textLimit).toBe(5 * 1024 * 1024);
  });
});

describe('for any text', () => {
  const answersOrRefuses = (bytes: Uint8Array): void => {
    try {
      for (const device of readHardware(bytes).devices) {
        expect(device.text).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(HardwareTextError);
    }
  };

  test('it answers or refuses', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), answersOrRefuses));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) =>
        answersOrRefuses(Buffer.from(text)),
      ),
    );
    fc.assert(fc.property(fc.json(), (text) => answersOrRefuses(Buffer.from(text))));
  });

  test('samples with lines taken out, changed and mixed are answered or refused', () => {
    const lines = [
      'dell-r640.lspci-nnk.txt',
      'supermicro.lspci-nnmm.txt',
      'epyc.lspci-vmmnnk.txt',
      'qemu.modalias.txt',
      'hpe.lshw.txt',
      'hpe.lshw.json',
    ].flatMap((name) => sample(name).toString().split('\n'));
    const line = fc.constantFrom(...lines);
    const cut = fc.tuple(line, fc.nat(200)).map(([text, end]) => text.slice(0, end));
    fc.assert(
      fc.property(fc.array(fc.oneof(line, cut)), (some) =>
        answersOrRefuses(Buffer.from(some.join('\n'))),
      ),
    );
  });

  test('what lspci prints of any device is read as it was', () => {
    const hex = (digits: number) =>
      fc
        .integer({ min: 0, max: 16 ** digits - 1 })
        .map((n) => n.toString(16).padStart(digits, '0'));
    const name = fc.stringMatching(/^[A-Z][A-Za-z0-9 ()/.,-]{0,60}[A-Za-z0-9)]$/);
    const device = fc.record({
      bus: hex(2),
      slot: hex(2),
      vendor: hex(4),
      device: hex(4),
      classCode: hex(4),
      name,
      newline: fc.constantFrom('\n', '\r\n'),
      indent: fc.constantFrom('\t', '        ', ''),
    });
    fc.assert(
      fc.property(device, (it) => {
        const text = [
          `${it.bus}:${it.slot}.0 Some controller [${it.classCode}]: ${it.name} [${it.vendor}:${it.device}] (rev 02)`,
          `${it.indent}Kernel driver in use: some-driver`,
          '',
        ].join(it.newline);
        const [found] = read(text).devices;
        expect(found).toMatchObject({
          address: `${it.bus}:${it.slot}.0`,
          classCode: it.classCode,
          ids: { vendor: it.vendor, device: it.device },
          text: `${it.name.replaceAll(/ +/g, ' ')} (rev 02)`,
          drivers: ['some_driver'],
        });
      }),
    );
  });
});
