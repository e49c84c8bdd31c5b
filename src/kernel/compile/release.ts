/** The make variables that bring the release about. */
export interface ReleaseVariables {
  /** Goes right behind VERSION.PATCHLEVEL.SUBLEVEL. */
  readonly EXTRAVERSION: string;
  /** Goes to the end. Has to be set, be it empty: else kbuild may append a `+`. */
  readonly LOCALVERSION: string;
}

/**
 * Finds the EXTRAVERSION and LOCALVERSION with which kbuild makes a wanted
 * `uname -r`. kbuild's order (scripts/setlocalversion) is: base version,
 * EXTRAVERSION, `localversion*` files, CONFIG_LOCALVERSION, LOCALVERSION.
 *
 * @param wanted - such as `5.14.0-570.32.1.el9_6.x86_64`
 * @param baseVersion - VERSION.PATCHLEVEL.SUBLEVEL of the tree, such as `5.14.0`
 * @param fixed - what stands between the two whatever we do: `localversion*` files and CONFIG_LOCALVERSION
 * @returns undefined if that release cannot come about
 */
export function releaseVariables(
  wanted: string,
  baseVersion: string,
  fixed: string,
): ReleaseVariables | undefined {
  if (!wanted.startsWith(baseVersion)) return undefined;
  const rest = wanted.slice(baseVersion.length);
  // `6.1` is no base of `6.12`.
  if (/^\d/.test(rest)) return undefined;
  if (fixed === '') return { EXTRAVERSION: rest, LOCALVERSION: '' };
  const at = rest.lastIndexOf(fixed);
  if (at === -1) return undefined;
  return { EXTRAVERSION: rest.slice(0, at), LOCALVERSION: rest.slice(at + fixed.length) };
}

/**
 * A build's time as kbuild and `uname -v` have it: what `LC_ALL=C date` prints in UTC.
 *
 * @example buildTimestamp(new Date(0)) // 'Thu Jan  1 00:00:00 UTC 1970'
 */
export function buildTimestamp(time: Date): string {
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const months = [
    ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
    ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  ];
  const clock = time.toISOString().slice(11, 19);
  const day = String(time.getUTCDate()).padStart(2, ' ');
  return `${days[time.getUTCDay()]} ${months[time.getUTCMonth()]} ${day} ${clock} UTC ${time.getUTCFullYear()}`;
}

/**
 * KBUILD_BUILD_VERSION: what `uname -v` starts with, behind the `#`. It says
 * that this is not the stock kernel. `#1-netboot SMP PREEMPT_DYNAMIC` and the
 * time fit into the 64 characters that the kernel has for it.
 */
export const buildVersion = '1-netboot';
