import { type KernelTarget, kernelTargetSchema } from '../kernel/target.ts';
import { BootwrightError } from '../system/errors/index.ts';

/** The names of distros as they stand in releases: `el9_6`, `fc40`, `deb12`. */
const distroPattern = /(?:^|[.+-])((?:el|fc|deb|amzn|oe)\d+(?:_\d+)?)(?=$|[.+_-])/;

/**
 * Which kernel a stock kernel is, by its `uname -r` alone: `5.14.0-570.32.1.el9_6.x86_64+rt` is the
 * variant rt of 5.14.0-570.32.1.el9_6.
 *
 * @throws BootwrightError `BW-WRAP-KERNEL` for a release that begins with no version
 */
export function targetOf(kernelRelease: string): KernelTarget {
  const match = /^(?<version>\d+\.\d+(?:\.\d+)*)(?:[-+.](?<rest>.*))?$/.exec(kernelRelease);
  const { version, rest = '' } = match?.groups ?? {};
  const [release = '', variant = ''] = rest.split(/\.x86_64(?:$|[.+])/);
  const parsed = kernelTargetSchema.safeParse({
    distro: distroPattern.exec(rest)?.[1] ?? 'unknown',
    name: 'kernel',
    version,
    release: release === '' ? '0' : release,
    architecture: 'x86_64',
    ...(variant === '' ? {} : { variant }),
    kernelRelease,
  });
  if (parsed.success) return parsed.data;
  throw new BootwrightError(
    'BW-WRAP-KERNEL',
    `${JSON.stringify(kernelRelease)} is no release of a kernel that Bootwright knows.`,
  );
}

/**
 * When a kernel was built, by its `uname -v`, in seconds since the epoch: it is the time of the
 * bundle's files. Red Hat's end with it; Debian's have the day in brackets.
 */
export function buildTime(version: string): number {
  const text =
    /\((\d{4}-\d\d-\d\d)\)/.exec(version)?.[1] ??
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\w{3} +\d+ [\d:]+ (?:\w+ )?\d{4})/.exec(version)?.[1] ??
    '';
  const time = Date.parse(text);
  return Number.isNaN(time) || time < 0 ? 946_684_800 : Math.floor(time / 1000);
}
