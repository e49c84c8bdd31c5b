/** What a root can lie on beside the disk itself: names of modules and aliases that it takes. */
const layers = {
  lvm: ['dm_mod', 'dm_snapshot'],
  'lvm-thin': ['dm_mod', 'dm_thin_pool'],
  'lvm-raid': ['dm_mod', 'dm_raid', 'raid0', 'raid1', 'raid10', 'raid456'],
  'lvm-cache': ['dm_mod', 'dm_cache', 'dm_cache_smq'],
  // The default cipher of cryptsetup, aes-xts-plain64, and what it reads LUKS headers by.
  luks: ['dm_crypt', 'algif_skcipher', 'algif_hash', 'xts', 'aes', 'sha256'],
  mdraid: ['md_mod', 'raid0', 'raid1', 'raid10', 'raid456'],
  multipath: ['dm_multipath', 'dm_round_robin', 'dm_service_time', 'dm_queue_length'],
  // Up to 3.5 there was one module for all versions.
  nfs: ['nfs', 'nfsv3', 'nfsv4'],
  iscsi: ['iscsi_tcp'],
} as const satisfies Record<string, readonly string[]>;

/** File systems that a root is on. The kernel asks for `fs-NAME` when one is mounted. */
const fileSystems = ['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'jfs', 'reiserfs'] as const;

export const rootKinds = [
  ...fileSystems,
  'lvm',
  'lvm-thin',
  'lvm-raid',
  'lvm-cache',
  'luks',
  'mdraid',
  'multipath',
  'nfs',
  'iscsi',
] as const;
/** What a root is on. */
export type RootKind = (typeof rootKinds)[number];

/** Names or aliases of the modules that a kind of root takes. */
export function modulesForRoot(kind: RootKind): readonly string[] {
  const fileSystem = fileSystems.find((name) => name === kind);
  if (fileSystem !== undefined) return [fileSystem];
  return Object.entries(layers).find(([name]) => name === kind)?.[1] ?? [];
}

/** Whether the root comes over the network, so that it lies on no disk of the machine. */
export function isOverNetwork(kinds: readonly RootKind[]): boolean {
  return kinds.includes('nfs') || kinds.includes('iscsi');
}
