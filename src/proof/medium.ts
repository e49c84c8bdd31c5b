import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeMedium } from '../export/medium/make-medium.ts';
import type { KernelRelease } from '../kernel/target.ts';
import type { LoaderName } from '../lab/boot/loaders.ts';
import type { Medium, MediumKind } from '../lab/qemu/medium.ts';
import { BootwrightError } from '../system/errors/index.ts';
import type { Failure } from './failure.ts';
import type { StageId } from './stages.ts';

/** In words, for titles. */
export const mediumTitles: Readonly<Record<MediumKind, string>> = { cd: 'CD', usb: 'USB stick' };

/** The loaders on a boot medium: GRUB, which has the kernel beside it, and iPXE, which gets it. */
const loaders: readonly LoaderName[] = ['grub', 'ipxe'];

/**
 * The loader of a medium that is booted.
 *
 * @throws BootwrightError `BW-PROOF-COMBINATION` for one that is on no medium
 */
export function mediumLoader(asked: LoaderName = 'grub'): LoaderName {
  if (loaders.includes(asked)) return asked;
  throw new BootwrightError(
    'BW-PROOF-COMBINATION',
    `The loader ${asked} is on no boot medium; these are: ${loaders.join(', ')}.`,
  );
}

/** What is to be on the medium of a proof. */
interface ProofMedium {
  readonly kind: MediumKind;
  readonly image: string;
  readonly initramfs?: string;
  readonly imageSha256: string;
  readonly kernelRelease: KernelRelease;
  readonly commandLine: string;
  readonly loader: LoaderName;
}

/**
 * Makes a medium as `bootwright export` does, but with the command line of the lab and a menu that
 * does not wait, for as long as some work takes.
 *
 * @param folder - gets the image for that time
 * @throws BootwrightError as `makeMedium` does
 */
export async function withMedium<T>(
  medium: ProofMedium | undefined,
  folder: string,
  signal: AbortSignal | undefined,
  work: (medium: Medium | undefined) => Promise<T>,
): Promise<T> {
  if (medium === undefined) return work(undefined);
  const { kind, image, initramfs, imageSha256, kernelRelease, commandLine, loader } = medium;
  const scratch = join(folder, '.medium');
  try {
    await mkdir(scratch);
    const iso = join(folder, '.medium.iso');
    await makeMedium(
      {
        folder: `proof-${imageSha256.slice(0, 10)}`,
        kernelRelease,
        commandLine,
        first: loader === 'ipxe' ? 'ipxe' : 'kernel',
        patience: 0,
        image,
        ...(initramfs === undefined ? {} : { initramfs }),
        digits: imageSha256,
        timestamp: 0x386d4380,
      },
      iso,
      scratch,
      signal,
    );
    return await work({ kind, image: iso });
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(join(folder, '.medium.iso'), { force: true });
  }
}

/** The stages that a boot does not have whose kernel is on the medium. */
export function stagesWithout(
  medium: MediumKind | undefined,
  loader: LoaderName,
): readonly StageId[] {
  return medium !== undefined && loader === 'grub' ? ['firmware', 'dhcp', 'loader'] : [];
}

/** Where a boot from a medium stops before its kernel starts, there was no network to blame. */
const beforeKernel: readonly StageId[] = ['image', 'kernel'];

/** What a failure means, where the kernel was to come from a medium. */
export function explainMediumFailure(failure: Failure): Failure {
  if (failure.code !== 'BW-PROOF-FAILED' || !beforeKernel.includes(failure.stage)) return failure;
  return {
    ...failure,
    what: 'The kernel did not start from the medium.',
    cause:
      'The firmware did not boot from the medium, GRUB did not find the kernel on it, or the kernel has no console on the serial port.',
    hint: 'See the end of console.log: it tells how far GRUB came. Try the other medium (--medium cd, --medium usb).',
  };
}
