import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { layoutOf } from '../src/bundle/manifest.ts';
import { proveKernel } from '../src/proof/prove-kernel.ts';
import type { Proof } from '../src/proof/record.ts';
import type { StageId } from '../src/proof/stages.ts';
import { run } from '../src/system/process.ts';
import { unwatched } from '../src/system/progress.ts';
import { type WrappedBundle, wrapStock } from '../src/wrap/wrap.ts';
import { stockKernelPackage } from '../test/stock-package.ts';
import { parseRuns } from './arguments.ts';
import { markdownTable } from './markdown.ts';
import { median } from './measure.ts';

/**
 * What dracut is asked for: no more than a root over NFS takes, and what it makes by itself. With
 * systemd-networkd, which it would take for the network where systemd is, dracut 059 does not come to
 * an NFS root.
 */
const dracuts: Readonly<
  Record<string, { readonly args: readonly string[]; readonly isBooted: boolean }>
> = {
  'dracut, only what NFS takes': {
    args: ['--modules', 'base network-legacy kernel-network-modules nfs'],
    isBooted: true,
  },
  // With systemd in it, it does not go on to a root without /etc/os-release, which the lab's has not.
  'dracut, its own choice, network and nfs': {
    args: ['--add', 'network-legacy nfs'],
    isBooted: false,
  },
};

/** An initramfs, and the boots with it. */
interface Contender {
  readonly name: string;
  readonly initramfs: string;
  readonly bytes: number;
  /** Or only weighed. */
  readonly isBooted: boolean;
  readonly boots: Boot[];
}

/** Milliseconds of one boot. */
interface Boot {
  readonly fromPowerOn: number;
  /** From the kernel's first word to init's. */
  readonly fromKernel: number;
}

/** How much longer than usual each stage of a boot may take: dracut's takes its time. */
const patience = 4;

async function makeDracut(
  name: string,
  { args, isBooted }: (typeof dracuts)[string],
  { bundle }: WrappedBundle,
  folder: string,
): Promise<Contender> {
  const { kernelRelease } = bundle.manifest.target;
  const initramfs = join(folder, `${name.replaceAll(/\W+/g, '-')}.img`);
  const modules = join(bundle.folder, layoutOf(kernelRelease).modules);
  await run('dracut', [
    ...['--no-hostonly', '--no-hostonly-cmdline', '--force', '--kver', kernelRelease],
    ...['--kmoddir', modules, ...args, initramfs],
  ]);
  return { name, initramfs, bytes: (await stat(initramfs)).size, isBooted, boots: [] };
}

function stageTime({ stages, failure }: Proof, stage: StageId): number {
  const at = stages.find(({ id }) => id === stage)?.at;
  if (at === null || at === undefined) {
    throw new Error(`The boot did not come to "${stage}": ${failure?.what} ${failure?.cause}`);
  }
  return at;
}

/** Boots the stock kernel with an initramfs, over the lab's PXE. What it loaded is not judged. */
async function boot(
  { initramfs }: Contender,
  { bundle }: WrappedBundle,
  machine: Pick<Parameters<typeof proveKernel>[0], 'nic' | 'firmware' | 'nfs'>,
  logs: string,
): Promise<Boot> {
  const { kernelRelease } = bundle.manifest.target;
  const layout = layoutOf(kernelRelease);
  await mkdir(logs, { recursive: true });
  const proof = await proveKernel(
    {
      ...machine,
      image: join(bundle.folder, layout.image),
      modulesFolder: join(bundle.folder, layout.modules),
      initramfs: { path: initramfs, modules: new Set() },
      kernelRelease,
      signed: false,
      loader: 'ipxe',
      patience,
      record: join(logs, 'proof.json'),
      logs: join(logs, 'boot'),
    },
    unwatched,
  );
  const init = stageTime(proof, 'init');
  return { fromPowerOn: init, fromKernel: init - stageTime(proof, 'kernel') };
}

/** A row for each: bytes and times, and their ratios to the first rival's, boot by boot. */
function renderBoots(contenders: readonly Contender[], imageBytes: number): string {
  const [, rival] = contenders;
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const compare = (own: Contender, figure: (boot: Boot) => number): readonly string[] => {
    if (own.boots.length === 0) return ['–', '–'];
    const ratios = own.boots.map((each, round) => {
      const beside = rival?.boots[round];
      return beside === undefined ? Number.NaN : figure(each) / figure(beside);
    });
    return [(median(own.boots.map(figure)) / 1000).toFixed(1), median(ratios).toFixed(2)];
  };
  const rows = contenders.map((each) => [
    each.name,
    megabytes(each.bytes),
    (each.bytes / (rival?.bytes ?? Number.NaN)).toFixed(2),
    megabytes(each.bytes + imageBytes),
    ...compare(each, ({ fromKernel }) => fromKernel),
    ...compare(each, ({ fromPowerOn }) => fromPowerOn),
  ]);
  return markdownTable(
    [
      ...['', 'initramfs, MB', 'ratio', 'with the kernel, MB'],
      ...['kernel to init, s', 'ratio', 'power-on to init, s', 'ratio'],
    ],
    rows,
  );
}

/**
 * A stock kernel from power-on to the init of its NFS root, with the initramfs of `bootwright wrap`
 * and with dracut's, by turns. Needs root, and dracut with its network module.
 */
export async function benchWrap(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string' },
      stock: { type: 'string', multiple: true },
      nic: { type: 'string' },
    },
  });
  const runs = parseRuns(values.runs, 3);
  const nic = values.nic === 'e1000e' ? 'e1000e' : 'virtio';
  const folder = await mkdtemp(join(tmpdir(), 'bootwright-bench-'));
  try {
    const wrapped = await wrapStock(
      {
        paths: values.stock ?? [await stockKernelPackage()],
        ...{ scope: 'wired', modules: 'all', format: 'folder', folder },
      },
      unwatched,
    );
    const { kernel, target, files } = wrapped.bundle.manifest;
    const { initramfs } = layoutOf(target.kernelRelease);
    const contenders: Contender[] = [
      {
        name: 'bootwright wrap',
        initramfs: join(wrapped.bundle.folder, initramfs),
        bytes: files.find(({ path }) => path === initramfs)?.bytes ?? Number.NaN,
        isBooted: true,
        boots: [],
      },
    ];
    for (const [name, options] of Object.entries(dracuts)) {
      contenders.push(await makeDracut(name, options, wrapped, folder));
    }
    for (let round = 0; round < runs; round += 1) {
      for (const contender of contenders.filter(({ isBooted }) => isBooted)) {
        const machine = { nic, firmware: 'bios', nfs: 3 } as const;
        const times = await boot(contender, wrapped, machine, join(folder, 'logs'));
        contender.boots.push(times);
        console.error(`round ${round + 1}: ${contender.name}: ${JSON.stringify(times)}`);
      }
    }
    console.log(renderBoots(contenders, kernel.bytes));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
