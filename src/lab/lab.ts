import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BootwrightError } from '../system/errors/index.ts';
import { killGroup } from '../system/process.ts';
import { describeEnd, type Service } from '../system/service.ts';
import { mountPort, nfsPort } from './boot/command-line.ts';
import { type BootMethod, obstacle } from './boot/method.ts';
import { type BootPath, loadersOf, placeLoader } from './boot/place.ts';
import { type LabContext, labHome } from './context.ts';
import { startNeighbour } from './dhcp/neighbour.ts';
import { startDhcp } from './dhcp/start.ts';
import { imagePath, initramfsPath, reportPath } from './http/messages.ts';
import { startHttp } from './http/start.ts';
import { openNamespace } from './namespace.ts';
import { type LinkMtu, labNetwork, makeNetwork, sentBytes, usualMtu } from './network.ts';
import { startNfs } from './nfs/start.ts';
import type { LabProgram, Observation, Sighting } from './observation.ts';
import { type CardName, cards, type FirmwareName } from './qemu/cards.ts';
import { labNetdev } from './qemu/machine.ts';
import type { Monitor } from './qemu/monitor.ts';
import { type MachineChoice, prepareMachine } from './qemu/start.ts';
import { type TcpSocket, tcpSockets } from './sockets.ts';
import { starvation } from './starvation.ts';

/** Things that are made wrong on purpose, to rehearse failures; nothing that a user can reach. */
export interface LabFaults {
  /** `absent`: no NFS server runs. `wrong-export`: it exports another folder. */
  readonly nfs?: 'absent' | 'wrong-export';
  /** The DHCP server ignores the guest. */
  readonly dhcp?: 'silent';
  /** The kernel image is not on the server. */
  readonly image?: 'missing';
  /** DHCP tells the machine to send frames that the network does not carry. */
  readonly mtu?: 'announced-too-large';
}

/** What a lab is to be made of. */
export interface LabOptions extends MachineChoice, BootPath {
  /** How the firmware comes to its loader; the default is PXE. */
  readonly method?: BootMethod;
  readonly nfsVersion: 3 | 4;
  /** The kernel image. */
  readonly image: string;
  /** The initramfs that goes with it, if there is one. */
  readonly initramfs?: string;
  /** The rendered kernel command line. */
  readonly commandLine: string;
  /** Folder that gets the logs of all programs and the console. */
  readonly logs: string;
  /** Fills the folder that is to be exported, by its path as this process sees it. */
  readonly fillRoot: (folder: string) => Promise<void>;
  /** Gets everything that is seen, as it is seen. */
  readonly onObservation: (observation: Observation) => void;
  /** How large frames may be; the default is what Ethernet has. */
  readonly mtu?: LinkMtu;
  readonly faults?: LabFaults;
  readonly signal?: AbortSignal;
}

/** A network with its servers, and a machine. */
export interface Lab {
  /** Switches the machine on. */
  switchOn(): Promise<void>;
  /** Looks who listens on the NFS port and who is connected to it, and reports it as an observation. */
  lookAtSockets(): Promise<void>;
  /** How long machine and servers were kept from a processor of the host so far, in milliseconds. */
  starvation(): Promise<number>;
  /** How many bytes have gone down the cable to the card that is booted from so far. */
  delivered(): Promise<number>;
  /** Kills a program of the lab, to rehearse its death. */
  kill(program: LabProgram): void;
  /** Plugs the cable of the card that is booted from in, or pulls it out. */
  setLink(up: boolean): void;
  /**
   * Takes the NFS server away and brings it back after some milliseconds, which is no death to be
   * reported.
   *
   * @throws BootwrightError `BW-PROOF-LAB` if it does not come back
   */
  restartNfs(absence: number): Promise<void>;
  /** Takes everything apart; what is seen from now on is not reported. */
  close(): Promise<void>;
}

/** The exported root, under the name by which the guest mounts it. */
export const exportedRoot = `${labHome}/root`;

/** Where the guest posts its report. */
export const reportUrl = `http://${labNetwork.server}${reportPath}`;

/**
 * Whether card, firmware, loader and the way to it go together.
 *
 * @throws BootwrightError `BW-PROOF-COMBINATION`
 */
export function checkCombination(
  card: CardName,
  firmware: FirmwareName,
  { loader, transport }: BootPath,
  method: BootMethod = 'pxe',
): void {
  const firmwares: readonly FirmwareName[] = cards[card].firmwares;
  if (!firmwares.includes(firmware)) {
    throw new BootwrightError(
      'BW-PROOF-COMBINATION',
      `The card ${card} has no boot ROM for ${firmware}, only for ${firmwares.join(', ')}.`,
    );
  }
  if (!loadersOf[firmware].includes(loader)) {
    throw new BootwrightError(
      'BW-PROOF-COMBINATION',
      `The loader ${loader} does not run on ${firmware}; these do: ${loadersOf[firmware].join(', ')}.`,
    );
  }
  if (loader === 'shim' && transport !== 'tftp') {
    throw new BootwrightError(
      'BW-PROOF-COMBINATION',
      'GRUB as the distro signs it gets files by TFTP alone, and Secure Boot takes no module for more.',
    );
  }
  if (loader === 'shim' && !('uefiDriver' in cards[card])) {
    throw new BootwrightError(
      'BW-PROOF-COMBINATION',
      `Secure Boot does not start the boot ROM of the card ${card}, which nobody has signed.`,
      { hint: 'Use a card that the firmware has a driver for: --nic virtio.' },
    );
  }
  const reason = obstacle(method, firmware, loader);
  if (reason !== undefined) throw new BootwrightError('BW-PROOF-COMBINATION', reason);
}

/**
 * Makes a lab: a network of its own, DHCP, TFTP, HTTP and NFS servers in it,
 * and a machine that boots from it once it is switched on. Labs side by side
 * do not meet, and nothing of a lab outlives this process.
 *
 * @throws BootwrightError `BW-PROOF-PRIVILEGE`, `BW-PROOF-NAMESPACE`, `BW-PROOF-PARTS`,
 *   `BW-PROOF-COMBINATION`, `BW-PROOF-LAB`, `BW-TOOL-MISSING`
 */
export async function openLab(options: LabOptions): Promise<Lab> {
  if (options.medium === undefined) {
    checkCombination(options.card, options.firmware, options, options.method);
  }
  await mkdir(options.logs, { recursive: true });
  const closing = new AbortController();
  const namespace = await openNamespace(options.signal);
  const services = new Map<LabProgram, Service>();
  const takenAway = new Set<Service>();
  let switchedOn: number | undefined;
  const sight = (sighting: Sighting): void => {
    if (closing.signal.aborted) return;
    const at = switchedOn === undefined ? 0 : Math.round(performance.now() - switchedOn);
    options.onObservation({ ...sighting, at });
  };
  const context: LabContext = {
    namespace,
    logs: options.logs,
    signal:
      options.signal === undefined
        ? closing.signal
        : AbortSignal.any([options.signal, closing.signal]),
    sight,
    async start(program, command, args, serviceOptions) {
      const service = await namespace.start(program, command, args, serviceOptions);
      services.set(program, service);
      void service.ended.then((end) => {
        if (takenAway.has(service)) return;
        sight({ type: 'ended', program, how: describeEnd(end), lastLines: service.lastLines });
      });
      return service;
    },
  };
  const close = async (): Promise<void> => {
    closing.abort();
    await namespace.close();
    await Promise.all([...services.values()].map((service) => service.ended));
  };
  try {
    const switchMachineOn = await furnish(context, options);
    let monitor: Monitor | undefined;
    return {
      async switchOn() {
        switchedOn = performance.now();
        monitor = await switchMachineOn();
      },
      async lookAtSockets() {
        sight(lookAtNfs(await tcpSockets(namespace)));
      },
      starvation: () => starvation(namespace.path('/proc')),
      delivered: () => sentBytes(namespace, labNetwork.tap),
      kill(program) {
        const service = services.get(program);
        if (service !== undefined) killGroup(service.pid, 'SIGKILL');
      },
      setLink(up) {
        monitor?.setLink(labNetdev, up);
      },
      async restartNfs(absence) {
        const service = services.get('nfs');
        if (service === undefined) return;
        takenAway.add(service);
        killGroup(service.pid, 'SIGKILL');
        await service.ended;
        await sleep(absence, undefined, { signal: closing.signal });
        await startNfs(context, options.nfsVersion, exportedRoot);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the sockets of the lab say about NFS. */
export function lookAtNfs(sockets: readonly TcpSocket[]): Sighting {
  const connected = sockets.filter(
    ({ state, localPort }) => state === 'established' && [nfsPort, mountPort].includes(localPort),
  );
  const stuck = connected.toSorted((a, b) => b.resent - a.resent)[0];
  return {
    type: 'sockets',
    nfsListening: sockets.some(
      ({ state, localPort }) => state === 'listening' && localPort === nfsPort,
    ),
    nfsConnected: connected.length > 0,
    ...(stuck === undefined || stuck.resent === 0
      ? {}
      : { nfsUnanswered: { bytes: stuck.unacknowledged, resent: stuck.resent } }),
  };
}

/** Makes everything that a lab has; the machine stays off. */
async function furnish(
  context: LabContext,
  options: LabOptions,
): Promise<() => Promise<Monitor | undefined>> {
  const { namespace } = context;
  const { faults = {} } = options;
  const folders = {
    tftp: namespace.path(`${labHome}/tftp`),
    http: namespace.path(`${labHome}/http`),
    root: namespace.path(exportedRoot),
    other: namespace.path(`${labHome}/other`),
    state: namespace.path(`${labHome}/ganesha`),
  };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  const mtu =
    faults.mtu === 'announced-too-large'
      ? { server: 9000, cable: 1500, announced: 9000 }
      : (options.mtu ?? usualMtu);
  await makeNetwork(namespace, mtu);

  // A medium that has the kernel itself must not find it anywhere else.
  const bringsKernel = options.medium !== undefined && options.loader === 'grub';
  const serveImage = async (): Promise<void> => {
    if (faults.image === 'missing' || bringsKernel) return;
    const folder = folders[options.transport];
    const files = [
      [options.image, join(folder, imagePath)],
      ...(options.initramfs === undefined
        ? []
        : [[options.initramfs, join(folder, initramfsPath)] as const]),
    ] as const;
    for (const [from, to] of files) {
      await copyFile(from, to);
      await chmod(to, 0o644);
    }
  };
  const serveLoader = async (): Promise<void> => {
    const { loader, transport, firmware, method = 'pxe', commandLine } = options;
    const entry = {
      server: labNetwork.server,
      transport,
      imagePath,
      ...(options.initramfs === undefined ? {} : { initramfsPath }),
      commandLine,
    };
    const boot = bringsKernel
      ? { tftp: 'none' }
      : await placeLoader(loader, firmware, entry, folders, method);
    await startDhcp(context, boot, { answering: faults.dhcp !== 'silent', mtu, method });
    if (method === 'proxy-dhcp') await startNeighbour(context);
  };
  const serveRoot = async (): Promise<void> => {
    await options.fillRoot(folders.root);
    if (faults.nfs === 'absent') return;
    const folder = faults.nfs === 'wrong-export' ? `${labHome}/other` : exportedRoot;
    await startNfs(context, options.nfsVersion, folder);
  };
  const [switchOn] = await settleAll([
    prepareMachine(context, { ...options, secureBoot: options.loader === 'shim' }),
    serveImage(),
    serveLoader(),
    serveRoot(),
    startHttp(context),
  ]);
  return switchOn;
}

/** Like Promise.all, but waits for all even if one fails, so that none goes on behind our back. */
async function settleAll<const T extends readonly Promise<unknown>[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as { -readonly [K in keyof T]: Awaited<T[K]> };
}
