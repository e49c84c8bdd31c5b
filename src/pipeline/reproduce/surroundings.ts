import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What surrounds a build, and must not be seen in what it makes. */
export interface Surroundings {
  /** Permissions that new files do not get, such as `0002`. */
  readonly umask: string;
  /** What USER and LOGNAME say. */
  readonly user: string;
  readonly home: string;
}

const usualMask = 0o022;
/** That of users on the RHEL family. */
const otherMask = 0o002;

/**
 * Does some work with another umask, another user's name and another, empty home than this process
 * has: no settings of rpm's, git's or a compiler's are found there, and no answers that an earlier
 * build has kept.
 *
 * @param keepHome - leave the home as it is, for what the person keeps there on purpose (ccache)
 */
export async function inOtherSurroundings<Result>(
  home: string,
  keepHome: boolean,
  work: (surroundings: Surroundings) => Promise<Result>,
): Promise<Result> {
  const { HOME, USER, LOGNAME, XDG_CACHE_HOME } = process.env;
  const before = { HOME, USER, LOGNAME, XDG_CACHE_HOME };
  const user = USER === 'builder' ? 'rebuilder' : 'builder';
  await mkdir(home, { recursive: true });
  const umask = process.umask();
  const other = umask === otherMask ? usualMask : otherMask;
  Object.assign(process.env, { USER: user, LOGNAME: user });
  if (!keepHome) {
    Object.assign(process.env, { HOME: home, XDG_CACHE_HOME: join(home, '.cache') });
  }
  process.umask(other);
  try {
    return await work({
      umask: other.toString(8).padStart(4, '0'),
      user,
      home: process.env.HOME ?? '',
    });
  } finally {
    process.umask(umask);
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
