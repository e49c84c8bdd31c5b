import { posix } from 'node:path';
import type { CpioMember } from '../../formats/cpio/index.ts';

/** What an initramfs is made of. */
export interface InitramfsParts {
  readonly kernelRelease: string;
  /** The program that is the whole userland, and its names. */
  readonly busybox: Uint8Array;
  readonly applets: readonly string[];
  /** The shell scripts of init, by their file names; `init.sh` is what the kernel starts. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Files below `lib/modules/RELEASE`: modules and their indexes. */
  readonly modules: ReadonlyMap<string, Uint8Array>;
  /** Files below `lib/firmware`. */
  readonly firmware: ReadonlyMap<string, Uint8Array>;
}

/** Where the scripts go; the kernel calls modprobe by this path. The others are parts of init. */
const scriptPlaces: Readonly<Record<string, string>> = {
  'init.sh': 'init',
  'modprobe.sh': 'sbin/modprobe',
};

/** What is mounted over, and what init writes into. */
const emptyFolders = ['dev', 'proc', 'sys', 'run', 'tmp', 'sysroot', 'etc'];

const byName = (a: CpioMember, b: CpioMember): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** The folders that lead to a name. */
function* foldersOf(name: string): Generator<string> {
  for (let at = posix.dirname(name); at !== '.'; at = posix.dirname(at)) yield at;
}

/** The two archives of an initramfs, one behind the other. */
export interface InitramfsMembers {
  /** What is packed already, and not to be compressed once more. */
  readonly drivers: readonly CpioMember[];
  readonly rest: readonly CpioMember[];
}

/** The members with the folders that lead to them, in the order of their names. */
function withFolders(members: readonly CpioMember[], also: readonly string[] = []): CpioMember[] {
  const folders = new Set([...also, ...members.flatMap(({ name }) => [...foldersOf(name)])]);
  return [
    ...members,
    ...Array.from(folders, (name): CpioMember => ({ type: 'folder', name })),
  ].sort(byName);
}

/** The members of an initramfs, in the order in which the kernel takes them: by name. */
export function initramfsMembers(parts: InitramfsParts): InitramfsMembers {
  const modules = `lib/modules/${parts.kernelRelease}`;
  const file = (name: string, data: Uint8Array, executable = false): CpioMember => ({
    type: 'file',
    name,
    data,
    executable,
  });
  const link = (name: string, target: string): CpioMember => ({ type: 'link', name, target });
  const isPacked = (name: string): boolean => name.endsWith('.ko.xz');
  const driver = ([name, data]: readonly [string, Uint8Array]): CpioMember =>
    file(`${modules}/${name}`, data);
  const rest: CpioMember[] = [
    file('bin/busybox', parts.busybox, true),
    ...parts.applets
      .filter((name) => name !== 'modprobe')
      .map((name) => link(`bin/${name}`, 'busybox')),
    ...Array.from(parts.scripts, ([name, text]) =>
      file(scriptPlaces[name] ?? `lib/bootwright/${name}`, Buffer.from(text), true),
    ),
    ...[...parts.modules].filter(([name]) => !isPacked(name)).map(driver),
    ...Array.from(parts.firmware, ([name, data]) => file(`lib/firmware/${name}`, data)),
    // The kernel opens it before there is anything else in /dev.
    { type: 'device', name: 'dev/console', major: 5, minor: 1 },
  ];
  return {
    drivers: withFolders([...parts.modules].filter(([name]) => isPacked(name)).map(driver)),
    rest: withFolders(rest, emptyFolders),
  };
}
