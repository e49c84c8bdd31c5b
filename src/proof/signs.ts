import { imageFile, imagePath, initramfsFile, initramfsPath } from '../lab/http/messages.ts';
import type { Observation } from '../lab/observation.ts';
import { type StageTimes, stageUnderWay } from './stages.ts';

/** Lines of the console after which nothing good comes any more. */
const lastWords: readonly RegExp[] = [
  // The kernel (init/do_mounts.c, net/ipv4/ipconfig.c, kernel/panic.c, arch/x86/boot/compressed).
  /Kernel panic - not syncing/,
  /IP-Config: No network devices available/,
  /IP-Config: Auto-configuration of network failed/,
  /-- System halted/,
  // Init of a wrapped kernel's initramfs; more of what it says is to come.
  /^bootwright-init: FAILED: /,
  // SeaBIOS and OVMF.
  /No bootable device/,
  /BdsDxe: No bootable option or device was found/,
  /^Shell> *$/,
  // iPXE, pxelinux and GRUB.
  /No more network devices/,
  /Could not boot(?: image)?:/,
  /^bootwright: iPXE could not load the kernel/,
  /Booting kernel failed:/,
  /^Loading \S+ ?\.\.\.\s*failed/,
  /^error: you need to load the kernel first/,
  /^grub(?: rescue)?>/,
];

/**
 * Whether an observation shows that the boot has failed, so that there is no
 * use in waiting for the stage's time to run out.
 *
 * @returns how long to go on looking, in milliseconds, for what else is said about it;
 *   undefined if there is hope
 */
export function hopeless(observation: Observation, times: StageTimes): number | undefined {
  const stage = stageUnderWay(times);
  switch (observation.type) {
    case 'console':
      return lastWords.some((words) => words.test(observation.text)) ? 400 : undefined;
    case 'tftp':
      return [imageFile, initramfsFile].includes(observation.file) &&
        observation.outcome === 'missing'
        ? 400
        : undefined;
    case 'http':
      return [imagePath, initramfsPath].includes(observation.path) && observation.status === 404
        ? 400
        : undefined;
    case 'sockets':
      return stage === 'nfs-root' && !observation.nfsListening ? 0 : undefined;
    case 'nfs':
      // A client that has its root also asks for names that are not there: see whether it has.
      return stage === 'nfs-root' ? 1_500 : undefined;
    case 'machine':
      return observation.reason === 'guest-shutdown' && times.report !== undefined
        ? undefined
        : 400;
    case 'ended':
      return observation.program === 'qemu' && times.off !== undefined ? undefined : 200;
    default:
      return undefined;
  }
}
