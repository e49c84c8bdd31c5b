import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Advice, type AdvisedModule, advise } from '../../src/advice/advise.ts';
import { reasonPhrases } from '../../src/advice/phrases.ts';
import type { RootKind } from '../../src/advice/root-on.ts';
import { modulesForRoot, rootKinds } from '../../src/advice/root-on.ts';
import { readHardware } from '../../src/hardware/index.ts';
import type { StockModule } from '../../src/kernel/stock/index.ts';
import { debianModules, debianStock, module } from './stock.ts';

const e1000e = 'pci:v00008086d000010D3sv00008086sd00000000bc02sc00i00';
const megaraid = 'pci:v00001000d00000060sv00001000sd00001013bc01sc04i00';
const xhci = 'pci:v00001B36d0000000Dsv00001AF4sd00001100bc0Csc03i30';
const ahci = 'pci:v00008086d00002922sv00001AF4sd00001100bc01sc06i01';
const nvme = 'pci:v00001B36d00000010sv00001AF4sd00001100bc01sc08i02';
const sound = 'pci:v00008086d00002668sv00001AF4sd00001100bc04sc03i00';
const wifi = 'pci:v00008086d00002723sv00008086sd00000084bc02sc80i00';
const keyboard = 'usb:v0627p0001d0000dc00dsc00dp00ic03isc01ip01in00';
const mouse = 'usb:v0627p0001d0000dc00dsc00dp00ic03isc01ip02in00';
const hub = 'usb:v1D6Bp0003d0612dc09dsc00dp03ic09isc00ip00in00';
const stick = 'usb:v46F4p0001d0000dc00dsc00dp00ic08isc06ip50in00';

const devicesOf = (...lines: readonly string[]) =>
  readHardware(Buffer.from(lines.join('\n'))).devices;

function adviseFor(
  lines: readonly string[],
  rootOn: readonly RootKind[] = [],
  stock = debianStock(),
): Advice {
  return advise(devicesOf(...lines), stock, rootOn);
}

const namesOf = ({ modules }: Pick<Advice, 'modules'>): readonly string[] =>
  modules.map(({ name }) => name);

const inOrder = (advice: Advice): readonly string[] => [...namesOf(advice)].sort();

function find(advice: Advice, name: string): AdvisedModule {
  const found = advice.modules.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is not advised`);
  return found;
}

describe('a machine whose only network card, disk controller and USB host are built in', () => {
  const promoted = ['e1000e', 'megaraid_sas', 'xhci_pci', 'xhci_hcd', 'usbcore', 'scsi_mod'];
  const advice = adviseFor([e1000e, megaraid, xhci], [], debianStock(promoted));

  test('gets their stock modules advised, and what these take', () => {
    expect(inOrder(advice)).toEqual([
      'e1000e',
      'megaraid_sas',
      'scsi_common',
      'scsi_mod',
      'sd_mod',
      'usb_common',
      'usbcore',
      'xhci_hcd',
      'xhci_pci',
    ]);
  });

  test('with the device that is the reason, and the alias by which it is', () => {
    expect(find(advice, 'megaraid_sas')).toEqual({
      name: 'megaraid_sas',
      path: 'kernel/drivers/scsi/megaraid/megaraid_sas.ko',
      inNetbootImage: true,
      reasons: [
        {
          kind: 'device',
          device: { bus: 'pci', address: '', id: '1000:0060', modalias: megaraid, text: megaraid },
          purpose: 'disk',
          alias: 'pci:v00001000d00000060sv*sd*bc*sc*i*',
          certain: true,
        },
      ],
      firmware: [],
    });
    expect(reasonPhrases(find(advice, 'e1000e').reasons)).toEqual([
      'network pci 8086:10d3 (pci:v00008086d000010D3sv*sd*bc*sc*i*)',
    ]);
    expect(reasonPhrases(find(advice, 'sd_mod').reasons)).toEqual([
      'disk pci 1000:0060: SCSI disks behind it',
    ]);
    expect(reasonPhrases(find(advice, 'xhci_hcd').reasons)).toEqual(['xhci_pci depends on it']);
  });

  test('told from what the netboot kernel has as modules itself', () => {
    expect(
      advice.modules.filter(({ inNetbootImage }) => !inNetbootImage).map(({ name }) => name),
    ).toEqual(['scsi_common', 'sd_mod', 'usb_common']);
  });
});

describe('what the root is on decides', () => {
  const machine = [e1000e, megaraid, xhci, keyboard, sound, wifi];

  test('a local disk takes no network card', () => {
    const advice = adviseFor(machine, ['ext4']);
    expect(inOrder(advice)).toEqual([
      'crc32c_generic',
      'crc32c_intel',
      'ext4',
      'jbd2',
      'mbcache',
      'megaraid_sas',
      'scsi_common',
      'scsi_mod',
      'sd_mod',
    ]);
    const later = advice.later.map(({ modules }) => modules.join(' '));
    expect(later).toEqual(['xhci_pci', 'e1000e', 'snd_hda_intel', 'iwlwifi', 'usbhid']);
  });

  test('NFS takes the network card and no disk', () => {
    expect(inOrder(adviseFor(machine, ['nfs']))).toEqual(['e1000e', 'nfs', 'nfsv3', 'sunrpc']);
  });

  test('iSCSI takes the network card, and SCSI disks', () => {
    expect(inOrder(adviseFor(machine, ['iscsi']))).toEqual([
      'e1000e',
      'iscsi_tcp',
      'libiscsi',
      'scsi_common',
      'scsi_mod',
      'sd_mod',
    ]);
  });

  test('LUKS takes the keyboard, its USB host, and the cipher', () => {
    const advice = adviseFor(machine, ['luks']);
    expect(namesOf(advice)).toEqual(
      expect.arrayContaining([
        'usbhid',
        'hid_generic',
        'xhci_pci',
        'dm_crypt',
        'dm_mod',
        'xts',
        'ecb',
        'aesni_intel',
      ]),
    );
    expect(namesOf(advice)).not.toContain('e1000e');
    expect(reasonPhrases(find(advice, 'ecb').reasons)).toEqual(['xts asks for it']);
    expect(reasonPhrases(find(advice, 'hid_generic').reasons)).toEqual([
      'keyboard usb 0627:0001: the keyboard in it',
    ]);
  });

  test('a mouse is no keyboard', () => {
    expect(namesOf(adviseFor([megaraid, xhci, mouse], ['ext4']))).not.toContain('usbhid');
  });

  test('a USB disk takes the USB host', () => {
    const advice = adviseFor([xhci, hub, stick], ['ext4']);
    expect(namesOf(advice)).toEqual(
      expect.arrayContaining(['usb_storage', 'sd_mod', 'xhci_pci', 'usbcore']),
    );
    // The hub's driver is usbcore, which is there already.
    expect(advice.later).toEqual([]);
  });

  test('what stock has not at all is told', () => {
    const advice = adviseFor([megaraid], ['ext4', 'xfs', 'btrfs']);
    expect(advice.missing).toEqual(['btrfs', 'xfs']);
  });

  test('every kind names modules', () => {
    for (const kind of rootKinds) expect(modulesForRoot(kind), kind).not.toHaveLength(0);
  });
});

describe('devices', () => {
  test('wireless cards find no root', () => {
    const advice = adviseFor([wifi, ahci]);
    expect(namesOf(advice)).not.toContain('iwlwifi');
    expect(advice.later).toMatchObject([{ modules: ['iwlwifi'] }]);
  });

  test('a virtio device is found by its PCI device alone, legacy and modern', () => {
    for (const [id, name] of [
      ['1001', 'virtio_blk'],
      ['1042', 'virtio_blk'],
      ['1004', 'virtio_scsi'],
      ['1048', 'virtio_scsi'],
    ] as const) {
      const advice = adviseFor([`pci:v00001AF4d0000${id}sv00001AF4sd00001100bc01sc00i00`]);
      expect(namesOf(advice), id).toContain(name);
      expect(
        advice.builtIn.map((each) => each.name),
        id,
      ).toEqual(['virtio_pci']);
    }
  });

  test('a virtio device without its PCI device takes the bus', () => {
    const modules = [
      ...debianModules,
      module('drivers/virtio/virtio_pci.ko', [], ['pci:v00001AF4d*sv*sd*bc*sc*i*']),
    ];
    const advice = adviseFor(
      ['virtio:d00000002v00001AF4'],
      [],
      debianStock([], { modules, builtIn: [] }),
    );
    expect(inOrder(advice)).toEqual(['virtio_blk', 'virtio_pci']);
  });

  test("Intel's VMD hides NVMe disks", () => {
    const advice = adviseFor(['pci:v00008086d0000201Dsv00008086sd00000000bc01sc04i00']);
    expect(inOrder(advice)).toEqual(['nvme', 'nvme_auth', 'nvme_core', 'vmd']);
    expect(reasonPhrases(find(advice, 'nvme').reasons)).toEqual([
      'disk pci 8086:201d: NVMe disks behind it',
    ]);
  });

  test('a card reader takes the driver of cards', () => {
    const advice = adviseFor(['pci:v00001217d00008621sv00001217sd00000002bc08sc05i01']);
    expect(inOrder(advice)).toEqual(['mmc_block', 'mmc_core', 'sdhci', 'sdhci_pci']);
  });

  test('a CD drive holds no root', () => {
    const advice = adviseFor([ahci, 'scsi:t-0x05'], ['ext4']);
    expect(namesOf(advice)).not.toContain('sr_mod');
    expect(advice.later).toMatchObject([{ modules: ['sr_mod'] }]);
  });

  test('nor does a floppy disk', () => {
    const floppy = module('drivers/block/floppy.ko', [], ['acpi*:PNP0700:*']);
    const advice = adviseFor(
      ['acpi:PNP0700:', ahci],
      [],
      debianStock([], { modules: [...debianModules, floppy] }),
    );
    expect(namesOf(advice)).not.toContain('floppy');
  });

  test('of two drivers that claim one id, both are told', () => {
    const other = module(
      'drivers/scsi/other_sas.ko',
      ['scsi_mod'],
      ['pci:v00001000d*sv*sd*bc*sc*i*'],
    );
    const stock = debianStock([], { modules: [...debianModules, other] });
    const advice = adviseFor([megaraid], [], stock);
    expect(advice.devices).toMatchObject([{ drivers: ['megaraid_sas', 'other_sas'] }]);
  });

  test('what stock has built in is told as such: by name, and by alias', () => {
    const without = debianModules.filter(({ name }) => !['ahci', 'libahci'].includes(name));
    const driver = (name: string, aliases: readonly string[] = []) => ({
      name,
      path: `kernel/drivers/ata/${name}.ko`,
      aliases,
    });
    for (const builtIn of [[driver('ahci')], [driver('x', ['pci:v*d*sv*sd*bc01sc06i01*'])]]) {
      const advice = adviseFor([ahci], [], debianStock([], { modules: without, builtIn }));
      expect(advice.devices).toMatchObject([{ state: 'built-in' }]);
      expect(advice.builtIn).toHaveLength(1);
      // Its disks are SCSI disks all the same.
      expect(inOrder(advice)).toEqual(['scsi_common', 'scsi_mod', 'sd_mod']);
    }
  });

  test('what no stock module claims is told', () => {
    const advice = adviseFor(['pci:v0000FFFFd00000001sv00000000sd00000000bc01sc07i00']);
    expect(advice.devices).toMatchObject([{ state: 'unknown', drivers: [] }]);
    expect(inOrder(advice)).toEqual(['scsi_common', 'scsi_mod', 'sd_mod']);
  });
});

describe('lspci', () => {
  test('without the interface: all that the class may have, and the name of the driver decides', () => {
    const line = '00:14.0 USB controller [0c03]: Intel Corporation Device [8086:a36d]';
    const both = adviseFor([line, '00:17.0 SATA controller [0106]: Intel [8086:a352]']);
    expect(both.devices).toMatchObject([
      { drivers: ['xhci_pci', 'ehci_pci'] },
      { drivers: ['ahci'] },
    ]);
    expect(find(both, 'xhci_pci').reasons).toMatchObject([{ certain: false }]);
    expect(find(both, 'ahci').reasons).toMatchObject([{ certain: true }]);
    const one = adviseFor([line, '\tKernel driver in use: xhci_hcd', '\tKernel modules: xhci_pci']);
    expect(one.devices).toMatchObject([{ drivers: ['xhci_pci'] }]);
  });

  test('a device that no alias finds, by the name of the driver that was told with it', () => {
    const advice = adviseFor([
      '00:05.0 RAID bus controller [0104]: LSI [1000:ffff]',
      '\tKernel driver in use: megaraid_sas',
    ]);
    expect(find(advice, 'megaraid_sas').reasons).toMatchObject([{ kind: 'named' }]);
    expect(namesOf(advice)).toContain('sd_mod');
  });
});

/** A stock kernel of a few modules, whose dependencies go downwards only, as those of modules do. */
const someStock = fc
  .array(
    fc.record({
      depends: fc.array(fc.nat({ max: 30 })),
      pre: fc.array(fc.nat({ max: 30 })),
      post: fc.array(fc.nat({ max: 30 })),
      alias: fc.option(fc.constantFrom(megaraid, ahci, xhci, e1000e, 'scsi:t-0x00'), { nil: '' }),
    }),
    { maxLength: 12 },
  )
  .map((specs) =>
    specs.map(({ depends, pre, post, alias }, index): StockModule => {
      const below = (numbers: readonly number[]) =>
        index === 0 ? [] : [...new Set(numbers.map((each) => `m${each % index}`))];
      return module(`drivers/scsi/m${index}.ko`, below(depends), alias === '' ? [] : [alias], {
        softdeps: { pre: below(pre), post: post.map((each) => `m${each % specs.length}`) },
      });
    }),
  );

describe('whatever the kernel and the machine', () => {
  const lines = [megaraid, ahci, xhci, e1000e, nvme, keyboard, stick, sound, 'scsi:t-0x00'];

  test('the modules are closed under dependencies, and each comes after what it needs', () => {
    fc.assert(
      fc.property(someStock, fc.subarray(lines, { minLength: 1 }), (modules, machine) => {
        const names = namesOf(adviseFor(machine, [], debianStock([], { modules, builtIn: [] })));
        expect(new Set(names).size).toBe(names.length);
        for (const { name, depends, softdeps } of modules) {
          const at = names.indexOf(name);
          if (at === -1) continue;
          for (const needed of [...depends, ...softdeps.pre]) {
            expect(names.slice(0, at)).toContain(needed);
          }
          for (const needed of softdeps.post) expect(names).toContain(needed);
        }
      }),
    );
  });

  test('every module has a reason, and every companion is of an advised module', () => {
    fc.assert(
      fc.property(someStock, fc.subarray(lines, { minLength: 1 }), (modules, machine) => {
        const advice = adviseFor(machine, [], debianStock([], { modules, builtIn: [] }));
        for (const { reasons } of advice.modules) {
          expect(reasons).not.toEqual([]);
          for (const reason of reasons) {
            if ('of' in reason) expect(namesOf(advice)).toContain(reason.of);
          }
        }
      }),
    );
  });

  test('a chain of dependencies may be of any length', () => {
    const modules = Array.from({ length: 20_000 }, (_, index) =>
      module(`drivers/scsi/m${index}.ko`, [`m${index + 1}`], index === 0 ? [megaraid] : []),
    );
    const advice = adviseFor([megaraid], [], debianStock([], { modules, builtIn: [] }));
    expect(advice.modules).toHaveLength(modules.length);
    expect(advice.modules.at(-1)?.name).toBe('m0');
  });

  test('the order of the lines does not matter', () => {
    const shuffled = fc.shuffledSubarray(lines, { minLength: lines.length });
    const roots = fc.subarray<RootKind>(['ext4', 'luks', 'lvm', 'nfs']);
    fc.assert(
      fc.property(shuffled, roots, (machine, rootOn) => {
        expect(adviseFor(machine, rootOn)).toEqual(adviseFor(lines, rootOn));
      }),
    );
  });
});
