import { mountPort, nfsPort } from '../boot/command-line.ts';

/** One read-only export. */
export interface NfsConfiguration {
  readonly version: 3 | 4;
  /** The folder that is exported, under the same name to clients. */
  readonly folder: string;
  /** Where the server keeps the little that it writes. */
  readonly stateFolder: string;
}

/**
 * The text of ganesha.conf (ganesha-core-config(8), ganesha-export-config(8),
 * ganesha-log-config(8)). The log levels are those at which it tells which
 * mounts it refuses.
 */
export function renderNfsConfiguration({ version, folder, stateFolder }: NfsConfiguration): string {
  return [
    'NFS_CORE_PARAM {',
    `  Protocols = ${version};`,
    `  NFS_Port = ${nfsPort};`,
    `  MNT_Port = ${mountPort};`,
    '  Enable_NLM = false;',
    '  Enable_RQUOTA = false;',
    '}',
    'NFSv4 {',
    // There are no clients of a former life, for whom others would have to wait.
    '  Graceless = true;',
    '  RecoveryBackend = fs;',
    `  RecoveryRoot = "${stateFolder}";`,
    '  Only_Numeric_Owners = true;',
    '}',
    'EXPORT {',
    '  Export_Id = 1;',
    `  Path = "${folder}";`,
    `  Pseudo = "${folder}";`,
    '  Access_Type = RO;',
    '  Squash = No_Root_Squash;',
    '  SecType = sys;',
    '  Transports = TCP;',
    `  Protocols = ${version};`,
    '  FSAL { Name = VFS; }',
    '}',
    'LOG {',
    '  Default_Log_Level = EVENT;',
    `  COMPONENTS { ${version === 3 ? 'NFS3 = DEBUG;' : 'NFS4 = DEBUG;'} }`,
    '}',
    '',
  ].join('\n');
}
