import type { Sighting } from '../observation.ts';

/**
 * What a line of nfs-ganesha's log says about mounts.
 *
 * A version 3 client asks mountd for a path (`mnt_Mnt`, Protocols/NFS/mnt_Mnt.c);
 * a version 4 client looks the names of the path up, one by one, from the
 * server's root (`LOOKUP`), and what is not exported does not exist there.
 *
 * @returns undefined for a line that says nothing of interest
 */
export function readNfsLog(line: string): Sighting | undefined {
  const refused = /\bMOUNT: (Export entry .*(?:does not support|denied|not found).*)$/.exec(line);
  if (refused?.[1] !== undefined) {
    return { type: 'nfs', event: 'refused', detail: refused[1] };
  }
  const lookup = /\bStatus of OP_LOOKUP in position \d+ = (NFS4ERR_NOENT|NFS4ERR_ACCESS)\b/.exec(
    line,
  );
  if (lookup?.[1] !== undefined) return { type: 'nfs', event: 'refused', detail: lookup[1] };
  return undefined;
}
