import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KernelRelease } from '../src/kernel/target.ts';
import type { KernelParameter } from '../src/lab/boot/command-line.ts';
import { parts, partTimes, stageTime, timesOf } from '../src/proof/profile/parts.ts';
import { proveKernel } from '../src/proof/prove-kernel.ts';
import type { StageTimes } from '../src/proof/stages.ts';
import { unwatched } from '../src/system/progress.ts';
import { markdownTable } from './markdown.ts';
import { median } from './measure.ts';

/** A kernel as a machine gets it from the network, and the times of its boots. */
export interface BootContender {
  readonly name: string;
  readonly kernelRelease: KernelRelease;
  readonly image: string;
  readonly imageBytes: number;
  readonly modulesFolder: string;
  readonly initramfs?: { readonly path: string; readonly bytes: number };
  /** What its kernel is told besides. */
  readonly parameters?: readonly KernelParameter[];
}

/** A contender and its boots, one a round. */
export interface ContenderBoots extends BootContender {
  readonly boots: readonly StageTimes[];
}

/** The machine that all contenders boot on. */
export type BenchMachine = Pick<Parameters<typeof proveKernel>[0], 'nic' | 'firmware' | 'nfs'>;

/** How much longer than usual each stage of a boot may take: dracut's takes its time. */
const patience = 4;

/** The bytes of a contender that a machine gets before its root is there. */
export function bytesOf({ imageBytes, initramfs }: BootContender): number {
  return imageBytes + (initramfs?.bytes ?? 0);
}

/**
 * Boots a contender over the lab's iPXE and HTTP, with its root over NFS, to the init of that root.
 * What it loaded is not judged.
 *
 * @param logs - the folder that gets the console and the logs of the servers
 * @throws Error if it did not come to its init
 */
export async function bootOnce(
  { name, image, kernelRelease, modulesFolder, initramfs, parameters: own = [] }: BootContender,
  machine: BenchMachine,
  logs: string,
  parameters: readonly KernelParameter[] = [],
): Promise<StageTimes> {
  await mkdir(logs, { recursive: true });
  const proof = await proveKernel(
    {
      ...machine,
      image,
      modulesFolder,
      ...(initramfs === undefined
        ? {}
        : { initramfs: { path: initramfs.path, modules: new Set<string>() } }),
      kernelRelease,
      parameters: [...own, ...parameters],
      signed: false,
      loader: 'ipxe',
      patience,
      record: join(logs, 'proof.json'),
      logs: join(logs, 'boot'),
    },
    unwatched,
  );
  const times = timesOf(proof);
  if (times.init === undefined) {
    const why = proof.failure === null ? '' : `: ${proof.failure.what} ${proof.failure.cause}`;
    throw new Error(`${name} did not come to its init${why}`);
  }
  return times;
}

/**
 * Boots the contenders in turn, A B C A B C …
 *
 * @param folder - gets the logs, a folder for each boot
 */
export async function bootInTurn(
  contenders: readonly BootContender[],
  machine: BenchMachine,
  runs: number,
  folder: string,
): Promise<readonly ContenderBoots[]> {
  const boots = new Map<string, StageTimes[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= runs; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const logs = join(folder, 'logs', `${round}-${index}`);
      const times = await bootOnce(contender, machine, logs);
      boots.get(contender.name)?.push(times);
      console.error(`round ${round} of ${runs}: ${contender.name}: ${JSON.stringify(times)}`);
    }
  }
  return contenders.map((each) => ({ ...each, boots: boots.get(each.name) ?? [] }));
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);

/** A row for each: bytes, and times to init, with their ratios to the rival's, boot by boot. */
export function renderBoots(contenders: readonly ContenderBoots[], rival: ContenderBoots): string {
  const compare = (
    own: ContenderBoots,
    figure: (boot: StageTimes) => number,
  ): readonly string[] => {
    const ratios = own.boots.map((each, round) => {
      const beside = rival.boots[round];
      return beside === undefined ? Number.NaN : figure(each) / figure(beside);
    });
    return [seconds(median(own.boots.map(figure))), median(ratios).toFixed(2)];
  };
  const rows = contenders.map((each) => [
    each.name,
    megabytes(each.imageBytes),
    each.initramfs === undefined ? '–' : megabytes(each.initramfs.bytes),
    megabytes(bytesOf(each)),
    (bytesOf(each) / bytesOf(rival)).toFixed(2),
    ...compare(each, (boot) => stageTime(boot, 'init') - stageTime(boot, 'kernel')),
    ...compare(each, (boot) => stageTime(boot, 'init')),
  ]);
  return markdownTable(
    [
      ...['', 'kernel, MB', 'initramfs, MB', 'both, MB', 'ratio'],
      ...['kernel to init, s', 'ratio', 'power-on to init, s', 'ratio'],
    ],
    rows,
  );
}

/** A row for each contender: the median of the seconds that each part of its way took. */
export function renderParts(contenders: readonly ContenderBoots[]): string {
  const rows = contenders.map(({ name, boots }) => [
    name,
    ...parts.map((_, index) =>
      seconds(median(boots.map((boot) => partTimes(boot)[index]?.milliseconds ?? Number.NaN))),
    ),
  ]);
  return markdownTable(['seconds', ...parts.map(({ title }) => title)], rows);
}
