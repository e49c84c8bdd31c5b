import { posix } from 'node:path';
import { type CpioMember, writeCpio } from '../../formats/cpio/index.ts';

/**
 * What every kernel has in its own initramfs (usr/default_cpio_list; before 5.2,
 * usr/gen_initramfs_list.sh): INITRAMFS_SOURCE takes its place.
 */
const ownMembers: readonly CpioMember[] = [
  { type: 'folder', name: 'dev' },
  { type: 'device', name: 'dev/console', major: 5, minor: 1 },
  { type: 'folder', name: 'root', permissions: 0o700 },
];

/** The folders that lead to a file, from the outermost. */
function foldersTo(name: string): readonly string[] {
  const folder = posix.dirname(name);
  return folder === '.' ? [] : [...foldersTo(folder), folder];
}

/**
 * An initramfs that has blobs where a kernel looks for them, and no `/init`: after it the kernel
 * goes on to mount its root, as it does with its own.
 *
 * @param blobs - contents, by their names below /lib/firmware
 * @param mtime - in seconds since the epoch
 */
export function firmwareInitramfs(
  blobs: ReadonlyMap<string, Uint8Array>,
  mtime: number,
): Uint8Array {
  const names = [...blobs.keys()].map((path) => `lib/firmware/${path}`).sort();
  const folders = [...new Set(names.flatMap(foldersTo))].sort();
  const files = names.map((name): CpioMember => {
    const data = blobs.get(name.slice('lib/firmware/'.length)) ?? new Uint8Array(0);
    return { type: 'file', name, data };
  });
  const members = [
    ...ownMembers,
    ...folders.map((name): CpioMember => ({ type: 'folder', name })),
    ...files,
  ];
  return Buffer.concat([...writeCpio(members, mtime)]);
}
