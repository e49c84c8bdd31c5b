import { mkdir, rm } from 'node:fs/promises';
import { release as hostRelease } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { KernelRelease } from '../kernel/target.ts';
import { type KernelParameter, type NfsRoot, renderCommandLine } from '../lab/boot/command-line.ts';
import type { LoaderName, TransportName } from '../lab/boot/loaders.ts';
import { type BootMethod, bootMethodTitles } from '../lab/boot/method.ts';
import { defaultBootPath } from '../lab/boot/place.ts';
import { checkCombination, exportedRoot, type LabFaults, openLab, reportUrl } from '../lab/lab.ts';
import { labNetwork } from '../lab/network.ts';
import { type CardName, cards, type FirmwareName } from '../lab/qemu/cards.ts';
import type { Accelerator } from '../lab/qemu/machine.ts';
import type { MediumKind } from '../lab/qemu/medium.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { writeWhole } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import { diagnoseCheck } from './diagnose-check.ts';
import type { Expectations } from './expectations.ts';
import type { Failure } from './failure.ts';
import { type FollowOptions, failureError, followStages } from './follow-stages.ts';
import { type GuestReport, readGuestReport } from './guest/report.ts';
import { makeGuestRoot, type RootKind } from './guest/root.ts';
import { digestImage, qemuVersion, readModulesFile } from './inputs.ts';
import { judge } from './judge.ts';
import {
  explainMediumFailure,
  mediumLoader,
  mediumTitles,
  stagesWithout,
  withMedium,
} from './medium.ts';
import { availableModules, builtInModules, chooseModules, moduleName } from './modules.ts';
import { type Proof, proofSchema, proofSchemaVersion } from './record.ts';
import { sampleModules } from './sample.ts';
import { stages } from './stages.ts';
import { disturbances, type TroubleName, troubleMtu, troubleTitles } from './trouble.ts';
import { type BootWatch, watchBoot } from './watch-boot.ts';

/** What is to be booted, on what, and where the result goes. */
export interface ProofOrder {
  /** The kernel image (bzImage). */
  readonly image: string;
  /** Its modules: the folder `lib/modules/RELEASE` itself, after depmod. */
  readonly modulesFolder: string;
  /** What it is booted with, and the names of the modules in it; none for a kernel that needs none. */
  readonly initramfs?: { readonly path: string; readonly modules: ReadonlySet<string> };
  /** What the kernel must call itself. */
  readonly kernelRelease: KernelRelease;
  /** Words that `uname -v` must hold; none: not checked. */
  readonly buildMark?: string;
  /** Whether the kernel signs its modules: then the boot is done under `module.sig_enforce=1`. */
  readonly signed: boolean;
  /** Modules that must load; the default is chosen from the tree. */
  readonly modules?: readonly string[];
  /** Further modules of all subsystems, of which so many must load. */
  readonly sample?: { readonly count: number; readonly seed: number };
  /** Further kernel parameters. */
  readonly parameters?: readonly KernelParameter[];
  readonly nic: CardName;
  readonly firmware: FirmwareName;
  /** The default is what goes with card and firmware: {@link defaultBootPath}. */
  readonly loader?: LoaderName;
  /** How the loader gets the image; the default is HTTP, wherever the card can. */
  readonly transport?: TransportName;
  /** How the firmware comes to its loader; the default is PXE. */
  readonly boot?: BootMethod;
  readonly nfs: 3 | 4;
  /** What the guest makes of the read-only export; the default is to stay with it. */
  readonly root?: RootKind;
  /** What it has to cope with on its way; the default is nothing. */
  readonly trouble?: TroubleName;
  /**
   * A boot medium that it boots from, with a card that has no boot ROM; then the loader is `grub`
   * (with the kernel beside it on the medium: the default) or `ipxe` (which gets it by HTTP).
   */
  readonly medium?: MediumKind;
  /** The default is TCG: that /dev/kvm opens does not mean that a kernel boots under it. */
  readonly accelerator?: Accelerator;
  /** Megabytes of the guest; the default is 1024. */
  readonly memory?: number;
  /** The bundle that this kernel is of. */
  readonly bundle?: { readonly id: string; readonly manifestSha256: string };
  /** The file that gets the record (`proof.json`). */
  readonly record: string;
  /** The folder that gets console.log, observations.jsonl and the logs of the lab; what was in it goes. */
  readonly logs: string;
  /** Multiplies the time that each stage may take; the default is 1. A busy host is allowed for anyway. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
  /** Things made wrong on purpose, for tests: no user can ask for them. */
  readonly rehearsal?: LabFaults & Pick<FollowOptions, 'kill'>;
}

/**
 * What a kernel on an emulated processor is told besides. An emulator that is kept from the host's
 * processors delivers timer interrupts late, and the kernel's test of the timer then panics
 * ("IO-APIC + timer doesn't work", timer_irq_works() of arch/x86/kernel/apic/io_apic.c; under KVM
 * the kernel leaves that test out by itself).
 */
const emulated: readonly KernelParameter[] = [{ name: 'no_timer_check' }];

/** How long an emulated machine may take for a module and those that it needs, in milliseconds. */
const loadTime = 2000;

const firmwareTitles: Readonly<Record<FirmwareName, string>> = { bios: 'BIOS', uefi: 'UEFI' };

/**
 * Boots a kernel from the network, with its root over NFS, in a lab of its own,
 * and judges what the guest reports. Each stage of the boot is a step.
 *
 * A boot that fails is a result, not an exception: the record says which stage
 * failed, and why; see {@link requirePassed}.
 *
 * @returns the record, which has been written to `order.record`
 * @throws BootwrightError `BW-PROOF-PRIVILEGE`, `BW-PROOF-NAMESPACE`, `BW-PROOF-PARTS`,
 *   `BW-PROOF-COMBINATION`, `BW-PROOF-INPUT`, `BW-PROOF-LACKS`, `BW-PROOF-COMMAND-LINE`, `BW-PROOF-LAB` (a server did
 *   not even start), `BW-TOOL-MISSING`, `BW-INTERRUPTED`
 */
export async function proveKernel(order: ProofOrder, step: Step): Promise<Proof> {
  const started = performance.now();
  const { signal } = order;
  const asked = order.medium === undefined ? order.loader : mediumLoader(order.loader);
  const { loader, transport } = defaultBootPath(order.nic, order.firmware, {
    ...(asked === undefined ? {} : { loader: asked }),
    ...(order.transport === undefined ? {} : { transport: order.transport }),
  });
  const accelerator = order.accelerator ?? 'tcg';
  const memory = order.memory ?? 1024;
  if (order.medium === undefined) {
    checkCombination(order.nic, order.firmware, { loader, transport }, order.boot);
  } else if (order.boot !== undefined && order.boot !== 'pxe') {
    throw new BootwrightError(
      'BW-PROOF-COMBINATION',
      `A machine boots from a medium or by ${bootMethodTitles[order.boot]}, not both.`,
    );
  }
  const root: NfsRoot = { server: labNetwork.server, path: exportedRoot, version: order.nfs };
  const commandLine = renderCommandLine({
    root,
    consoles: ['ttyS0,115200'],
    panicSeconds: 1,
    enforceModuleSignatures: order.signed,
    parameters: [...(order.parameters ?? []), ...(accelerator === 'tcg' ? emulated : [])],
  });
  const [modulesDep, modulesBuiltIn, imageSha256, qemu] = await Promise.all([
    readModulesFile(order.modulesFolder, 'modules.dep'),
    readModulesFile(order.modulesFolder, 'modules.builtin'),
    digestImage(order.image),
    qemuVersion(),
  ]);
  const overlay = order.root === 'overlay';
  if (overlay && !availableModules(modulesDep, modulesBuiltIn).has('overlay')) {
    throw new BootwrightError(
      'BW-PROOF-LACKS',
      'This kernel has no overlay, neither built in nor as a module.',
      { hint: 'Prove with the root as it is exported (--root read-only), or enable OVERLAY_FS.' },
    );
  }
  const expectations: Expectations = {
    kernelRelease: order.kernelRelease,
    ...(order.buildMark === undefined ? {} : { buildMark: order.buildMark }),
    commandLine,
    root,
    secureBoot: loader === 'shim',
    overlay,
    card: {
      mac: labNetwork.mac,
      address: labNetwork.guest,
      drivers: cards[order.nic].drivers,
    },
    builtIn: builtInModules(modulesBuiltIn),
    ...(order.initramfs === undefined ? {} : { initramfs: order.initramfs.modules }),
    modules: order.modules ?? chooseModules(modulesDep),
    ...(order.sample === undefined
      ? {}
      : { sample: sampleModules(modulesDep, order.sample.count, order.sample.seed) }),
    signaturesEnforced: order.signed,
  };

  const driver = {
    names: expectations.card.drivers,
    builtIn: expectations.card.drivers.some((name) =>
      [expectations.builtIn, expectations.initramfs].some((known) => known?.has(moduleName(name))),
    ),
  };

  // A record of an earlier boot must not lie beside the logs of this one.
  await rm(order.record, { force: true });
  await rm(order.logs, { recursive: true, force: true });
  await mkdir(order.logs, { recursive: true });

  const mtu = order.trouble === undefined ? undefined : troubleMtu[order.trouble];
  const without = stagesWithout(order.medium, loader);
  const watch = watchBoot();
  const medium =
    order.medium === undefined
      ? undefined
      : {
          kind: order.medium,
          image: order.image,
          kernelRelease: order.kernelRelease,
          imageSha256,
          commandLine,
          loader,
          ...(order.initramfs === undefined ? {} : { initramfs: order.initramfs.path }),
        };
  const lab = await step.step('Prepare network, servers and machine', () =>
    withMedium(medium, order.logs, signal, (made) =>
      openLab({
        ...(made === undefined ? {} : { medium: made }),
        card: order.nic,
        secondCard: order.trouble === 'second-card',
        firmware: order.firmware,
        loader,
        transport,
        ...(order.boot === undefined ? {} : { method: order.boot }),
        nfsVersion: order.nfs,
        image: order.image,
        ...(order.initramfs === undefined ? {} : { initramfs: order.initramfs.path }),
        commandLine,
        logs: order.logs,
        memory,
        accelerator,
        fillRoot: (folder) =>
          makeGuestRoot(folder, {
            kernelRelease: order.kernelRelease,
            modulesFolder: order.modulesFolder,
            modules: expectations.modules,
            ...(expectations.sample === undefined ? {} : { sample: expectations.sample }),
            reportUrl,
            kind: order.root ?? 'read-only',
          }),
        onObservation: (observation) => watch.take(observation),
        ...(mtu === undefined ? {} : { mtu }),
        ...(order.rehearsal === undefined ? {} : { faults: order.rehearsal }),
        ...(signal === undefined ? {} : { signal }),
      }),
    ),
  );
  let failure: Failure | undefined;
  try {
    await lab.switchOn();
    failure = await followStages(
      lab,
      watch,
      {
        driver,
        logs: order.logs,
        patience: order.patience ?? 1,
        without,
        signal,
        disturbance: order.trouble === undefined ? undefined : disturbances[order.trouble],
        kill: order.rehearsal?.kill,
        longer: { modules: (expectations.sample?.names.length ?? 0) * loadTime },
      },
      step,
    );
  } finally {
    await lab.close();
  }

  if (failure !== undefined && order.medium !== undefined && loader === 'grub') {
    failure = explainMediumFailure(failure);
  }
  await writeWhole(
    join(order.logs, 'observations.jsonl'),
    watch.observations.map((observation) => `${JSON.stringify(observation)}\n`).join(''),
  );
  const report = reportIn(watch);
  const checks =
    report === undefined ? [] : judge(expectations, report, watch.times, consoleOf(watch));
  const failed = checks.find(({ verdict }) => verdict === 'failed');
  // What the guest says of itself is more telling than that it did not end well.
  if (report !== undefined && failed !== undefined && failed.id !== 'power-off') {
    failure = diagnoseCheck(failed, report);
  }
  const proof = proofSchema.parse({
    schemaVersion: proofSchemaVersion,
    time: new Date().toISOString(),
    title: [
      ...[
        expectations.secureBoot ? 'UEFI with Secure Boot' : firmwareTitles[order.firmware],
        order.nic,
        `NFS ${order.nfs}`,
      ],
      ...(order.boot === undefined || order.boot === 'pxe' ? [] : [bootMethodTitles[order.boot]]),
      ...(overlay ? ['overlay over the root'] : []),
      ...(order.medium === undefined ? [] : [`${mediumTitles[order.medium]} (${loader})`]),
      ...(order.trouble === undefined ? [] : [troubleTitles[order.trouble]]),
      ...(order.sample === undefined ? [] : [`${order.sample.count} modules`]),
    ].join(', '),
    verdict: failure === undefined ? 'passed' : 'failed',
    kernelRelease: order.kernelRelease,
    bundle: { id: 'none', ...order.bundle, imageSha256 },
    host: { qemu, accelerator, kernel: hostRelease() },
    machine: {
      nic: order.nic,
      firmware: order.firmware,
      loader,
      transport,
      ...(order.boot === undefined ? {} : { boot: order.boot }),
      nfs: order.nfs,
      ...(order.root === undefined ? {} : { root: order.root }),
      ...(order.trouble === undefined ? {} : { trouble: order.trouble }),
      ...(order.medium === undefined ? {} : { medium: order.medium }),
      ...(order.sample === undefined ? {} : { sample: order.sample }),
      memory,
      commandLine,
    },
    stages: stages
      .filter(({ id }) => !without.includes(id))
      .map(({ id, title }) => ({ id, title, at: watch.times[id] ?? null })),
    elapsed: Math.round(performance.now() - started),
    checks,
    failure: failure ?? null,
    guest: report ?? null,
    logs: relative(dirname(order.record), order.logs) || '.',
  } satisfies Proof);
  await writeWhole(order.record, `${JSON.stringify(proof, undefined, 2)}\n`);
  return proof;
}

/** What the guest has written to its console, line by line. */
function consoleOf({ observations }: BootWatch): readonly string[] {
  return observations.flatMap((observation) =>
    observation.type === 'console' ? [observation.text] : [],
  );
}

/** The guest's report: by HTTP, or from the console, where it puts it when HTTP fails. */
function reportIn(watch: BootWatch): GuestReport | undefined {
  const posted = watch.observations.findLast(({ type }) => type === 'report');
  if (posted?.type === 'report') return readGuestReport(posted.body);
  const console = consoleOf(watch);
  const begin = console.lastIndexOf('bootwright-guest: report-begin');
  const end = console.lastIndexOf('bootwright-guest: report-end');
  return begin === -1 || end < begin
    ? undefined
    : readGuestReport(console.slice(begin + 1, end).join(''));
}

/**
 * Takes a proof that failed for an error.
 *
 * @param record - where the proof lies
 * @throws BootwrightError `BW-PROOF-FAILED`, or `BW-PROOF-LAB` if the apparatus failed
 */
export function requirePassed(proof: Proof, record: string): void {
  if (proof.failure !== null) throw failureError(proof.failure, join(dirname(record), proof.logs));
}
