import { imageFile, imagePath } from '../lab/http/messages.ts';
import type { Observation } from '../lab/observation.ts';

/** The stages of a boot in their order, each with what is said while it is under way. */
export const stages = [
  { id: 'firmware', title: 'Firmware starts and asks for an address', patience: 40_000 },
  { id: 'dhcp', title: 'Firmware gets an address', patience: 10_000 },
  { id: 'loader', title: 'Boot loader comes', patience: 20_000 },
  { id: 'image', title: 'Kernel image comes', patience: 60_000 },
  { id: 'kernel', title: 'Kernel starts', patience: 30_000 },
  { id: 'link', title: 'Kernel finds its network card and asks for an address', patience: 45_000 },
  { id: 'kernel-dhcp', title: 'Kernel gets an address', patience: 15_000 },
  { id: 'nfs-root', title: 'Kernel mounts its root over NFS', patience: 12_000 },
  { id: 'init', title: 'Init starts from that root', patience: 15_000 },
  { id: 'modules', title: 'Modules load from that root', patience: 45_000 },
  { id: 'report', title: 'Guest reports', patience: 45_000 },
  { id: 'off', title: 'Guest powers off', patience: 20_000 },
] as const;

/** The name of a stage. */
export type StageId = (typeof stages)[number]['id'];

/** All names of stages, in order. */
export const stageIds: readonly StageId[] = stages.map(({ id }) => id);

/** When each stage was over, in milliseconds since the machine was switched on. */
export type StageTimes = Readonly<Partial<Record<StageId, number>>>;

/** The stage that is under way: the first that is not over; undefined after the last. */
export function stageUnderWay(times: StageTimes): StageId | undefined {
  return stageIds.find((id) => times[id] === undefined);
}

/** Which stage an observation shows to be over, given those that are. */
function stageShownBy(observation: Observation, times: StageTimes): StageId | undefined {
  switch (observation.type) {
    case 'dhcp': {
      // The firmware, a loader and the kernel all ask; after the image came, only the kernel is left.
      const kernelRuns = times.image !== undefined;
      if (observation.message === 'discover') return kernelRuns ? 'link' : 'firmware';
      if (observation.message === 'ack') return kernelRuns ? 'kernel-dhcp' : 'dhcp';
      return undefined;
    }
    case 'tftp':
      if (observation.outcome !== 'sent') return undefined;
      return observation.file === imageFile ? 'image' : 'loader';
    case 'http':
      if (observation.method !== 'GET' || observation.status !== 200 || !observation.complete) {
        return undefined;
      }
      return observation.path === imagePath ? 'image' : 'loader';
    case 'console':
      if (/\bLinux version \d/.test(observation.text)) return 'kernel';
      if (/\bIP-Config: Complete:/.test(observation.text)) return 'kernel-dhcp';
      if (/\bVFS: Mounted root \(nfs/.test(observation.text)) return 'nfs-root';
      // Init of a wrapped kernel's initramfs (src/wrap/init/init.sh), which may have its address without DHCP.
      if (/^bootwright-init: link: /.test(observation.text)) return 'link';
      if (/^bootwright-init: address: /.test(observation.text)) return 'kernel-dhcp';
      if (/^bootwright-init: root-mounted: /.test(observation.text)) return 'nfs-root';
      if (/^bootwright-guest: init$/.test(observation.text)) return 'init';
      if (/^bootwright-guest: modules$/.test(observation.text)) return 'modules';
      return undefined;
    case 'report':
      return 'report';
    case 'machine':
      return observation.reason === 'guest-shutdown' ? 'off' : undefined;
    default:
      return undefined;
  }
}

/**
 * Moves on by one observation. A stage whose own sign was not seen (a quiet
 * console, say) counts as over when a later one is.
 */
export function advance(times: StageTimes, observation: Observation): StageTimes {
  const shown = stageShownBy(observation, times);
  if (shown === undefined || times[shown] !== undefined) return times;
  // A machine can be switched off at any time: that ends the last stage only after a report.
  if (shown === 'off' && times.report === undefined) return times;
  const upTo = stageIds.slice(0, stageIds.indexOf(shown) + 1);
  const missing = upTo.filter((id) => times[id] === undefined);
  return { ...times, ...Object.fromEntries(missing.map((id) => [id, observation.at])) };
}
