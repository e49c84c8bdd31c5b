/**
 * What the advice is for: an initramfs that dracut makes of it, with stock's modules, finds the disk
 * of the machine under the stock kernel, and without the advised driver it does not.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Advice, advise } from '../../src/advice/advise.ts';
import { configure } from '../../src/advice/configuration.ts';
import { type HardwareDevice, readHardware } from '../../src/hardware/index.ts';
import {
  indexStock,
  type KeptStockIndex,
  keepStockIndex,
  openStock,
} from '../../src/kernel/stock/index.ts';
import { run } from '../../src/system/process.ts';
import { findTool } from '../../src/system/tools.ts';
import { scratchFolder } from '../scratch.ts';
import { debianStockKernel, noStockKernel } from '../stock-kernel.ts';

const sample = new URL('./samples/qemu-megasas.modalias.txt', import.meta.url);

/** What the netboot kernel that the sample was read under has in its image, of what the machine has. */
const netbootBuiltIn = [
  'kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko',
  'kernel/drivers/usb/host/xhci-hcd.ko',
  'kernel/drivers/usb/host/xhci-pci.ko',
  'kernel/drivers/scsi/scsi_mod.ko',
  'kernel/drivers/scsi/megaraid/megaraid_sas.ko',
];

let stock: Awaited<ReturnType<typeof debianStockKernel>>;
let index: KeptStockIndex | undefined;
let devices: readonly HardwareDevice[] = [];

beforeAll(async () => {
  stock = await debianStockKernel();
  devices = readHardware(readFileSync(sample)).devices;
  if (stock === undefined) return;
  await using kernel = await openStock({ paths: [stock.root], parts: ['modules', 'indexes'] });
  index = keepStockIndex(await indexStock(kernel), netbootBuiltIn);
});

/** The stock kernel and its index, or the end of the test. */
function have(skip: (note: string) => never) {
  if (stock === undefined || index === undefined) return skip(noStockKernel);
  return { ...stock, index };
}

const namesOf = ({ modules }: Advice): readonly string[] => modules.map(({ name }) => name);

describe("Debian's own kernel", () => {
  test('its modules are indexed as depmod indexes them', async ({ skip }) => {
    const { root, release, index: found } = have(skip);
    const folder = join(root, 'lib/modules', release);
    const aliases = readFileSync(join(folder, 'modules.alias'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('alias '))
      .map((line) => line.slice('alias '.length));
    const own = found.modules.flatMap(({ name, aliases: patterns }) =>
      patterns.map((pattern) => `${pattern} ${name}`),
    );
    expect(new Set(own)).toEqual(new Set(aliases));
    expect(found.modules.length).toBeGreaterThan(4000);
  });

  test('of a machine whose network card, disk controller and USB host are built into the netboot kernel, their modules are advised', ({
    skip,
  }) => {
    const { index: found } = have(skip);
    const advice = advise(devices, found);
    const built = advice.modules.filter(({ inNetbootImage }) => inNetbootImage);
    expect(built.map(({ name }) => name).sort()).toEqual([
      'e1000e',
      'megaraid_sas',
      'scsi_mod',
      'xhci_hcd',
      'xhci_pci',
    ]);
    for (const name of ['e1000e', 'megaraid_sas', 'xhci_pci']) {
      const reasons = advice.modules.find((module) => module.name === name)?.reasons;
      expect(reasons, name).toContainEqual(
        expect.objectContaining({
          kind: 'device',
          device: expect.objectContaining({ address: expect.stringMatching(/^0\d:\d\d\.\d$/) }),
        }),
      );
    }
  });

  test('what modprobe would load for an advised module is advised', async ({ skip }) => {
    const { root, release, index: found } = have(skip);
    const names = namesOf(advise(devices, found, ['ext4', 'luks', 'mdraid', 'lvm']));
    for (const name of names) {
      const { stdout } = await run('modprobe', [
        ...['--dirname', root, '--set-version', release],
        ...['--show-depends', name],
      ]);
      const loaded = stdout.split('\n').flatMap((line) => {
        const path = /^insmod (\S+)/.exec(line)?.[1];
        return path === undefined ? [] : [path.replace(/^.*\/|\.ko(\.xz)?$/g, '')];
      });
      for (const each of loaded) expect(names, name).toContain(each.replaceAll('-', '_'));
    }
  });
});

/** What the init on the disk says on the console. */
const marker = 'BOOTWRIGHT: init of the disk';

/** Makes an ext4 file system with an init that says where it is, and switches off. */
async function makeDisk(folder: string): Promise<string> {
  const root = join(folder, 'root');
  const init = [
    '#!/bin/busybox sh',
    '/bin/busybox mount -t proc proc /proc',
    `/bin/busybox echo "${marker} $(/bin/busybox grep ' / ' /proc/mounts | /bin/busybox tail -1)"`,
    '/bin/busybox poweroff -f',
  ];
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'sbin/init': `${init.join('\n')}\n`,
    'bin/busybox': readFileSync('/bin/busybox'),
    // dracut takes no folder for a root that has none.
    'etc/os-release': 'ID=bootwright\n',
  };
  for (const name of ['dev', 'proc', 'sys', 'run', 'tmp']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
    chmodSync(join(root, name), 0o755);
  }
  const disk = join(folder, 'disk.img');
  await run('mkfs.ext4', ['-q', '-L', 'bootwright', '-d', root, disk, '32M']);
  return disk;
}

/** Makes an initramfs of the advised modules and nothing else that this host would put into it. */
async function makeInitramfs(
  folder: string,
  { root, release }: { readonly root: string; readonly release: string },
  configuration: string,
): Promise<string> {
  const conf = join(folder, 'bootwright.conf');
  const others = join(folder, 'dracut.conf.d');
  const image = join(folder, 'initramfs.img');
  mkdirSync(others, { recursive: true });
  writeFileSync(conf, `${configuration}\n`);
  await run('dracut', [
    ...['--force', '--conf', conf, '--confdir', others, '--tmpdir', folder],
    ...['--kmoddir', join(root, 'lib/modules', release)],
    // Of dracut's own ideas of a kernel's modules none is wanted: it would put in all disk drivers.
    ...['--no-hostonly', '--no-early-microcode', '--no-compress', '--nofscks'],
    ...['--modules', 'base udev-rules rootfs-block'],
    ...[image, release],
  ]);
  return image;
}

/** Boots the stock kernel on the machine of the sample, and gives what it wrote to its console. */
async function boot(root: string, release: string, image: string, disk: string): Promise<string> {
  const { stdout } = await run(
    'qemu-system-x86_64',
    [
      ...['-accel', 'tcg', '-M', 'pc', '-m', '1024', '-nodefaults', '-nographic', '-no-reboot'],
      ...[
        '-serial',
        'stdio',
        '-device',
        'megasas,id=raid',
        '-device',
        'scsi-hd,drive=d,bus=raid.0',
      ],
      ...['-drive', `if=none,id=d,format=raw,file=${disk}`],
      ...['-kernel', join(root, `boot/vmlinuz-${release}`), '-initrd', image],
      '-append',
      'root=LABEL=bootwright rw console=ttyS0 panic=1 rd.retry=20 rd.shell=0 rd.emergency=poweroff',
    ],
    { timeout: 10 * 60_000 },
  );
  return stdout;
}

const tools = ['dracut', 'qemu-system-x86_64', 'mkfs.ext4'];

describe('an initramfs made by dracut of the advice, under the stock kernel', () => {
  const bootWith = async (
    skip: (note: string) => never,
    omitted: readonly string[],
  ): Promise<string> => {
    const { root, release, index: found } = have(skip);
    const missing = tools.filter((tool) => findTool(tool) === undefined);
    if (missing.length > 0) return skip(`not installed: ${missing.join(', ')}`);
    const rootOn = ['ext4'] as const;
    const advice = advise(devices, found, rootOn);
    const modules = advice.modules.filter(({ name }) => !omitted.includes(name));
    expect(advice.modules).toHaveLength(modules.length + omitted.length);
    const { text } = configure(
      {
        schema: 'bootwright/advice',
        version: 1,
        bundle: 'test',
        kernelRelease: release,
        rootOn,
        ...advice,
        modules,
      },
      'dracut',
    );
    const folder = scratchFolder();
    const image = await makeInitramfs(folder, { root, release }, text);
    return boot(root, release, image, await makeDisk(folder));
  };

  test('finds its disk', async ({ skip }) => {
    const console = await bootWith(skip, []);
    expect(console).toMatch(new RegExp(`${marker} /dev/sda / ext4`));
  });

  test('does not without the advised driver', async ({ skip }) => {
    const console = await bootWith(skip, ['megaraid_sas']);
    expect(console).toMatch(/bootwright.*does not exist|Could not boot/);
    expect(console).not.toContain(marker);
  });
});
