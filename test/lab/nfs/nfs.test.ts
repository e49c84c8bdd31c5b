import { describe, expect, test } from 'vitest';
import { renderNfsConfiguration } from '../../../src/lab/nfs/configuration.ts';
import { readNfsLog } from '../../../src/lab/nfs/log.ts';

test('renderNfsConfiguration', () => {
  expect(
    renderNfsConfiguration({ version: 4, folder: '/run/r', stateFolder: '/run/s' }),
  ).toBe(`NFS_CORE_PARAM {
  Protocols = 4;
  NFS_Port = 2049;
  MNT_Port = 20048;
  Enable_NLM = false;
  Enable_RQUOTA = false;
}
NFSv4 {
  Graceless = true;
  RecoveryBackend = fs;
  RecoveryRoot = "/run/s";
  Only_Numeric_Owners = true;
}
EXPORT {
  Export_Id = 1;
  Path = "/run/r";
  Pseudo = "/run/r";
  Access_Type = RO;
  Squash = No_Root_Squash;
  SecType = sys;
  Transports = TCP;
  Protocols = 4;
  FSAL { Name = VFS; }
}
LOG {
  Default_Log_Level = EVENT;
  COMPONENTS { NFS4 = DEBUG; }
}
`);
});

describe('readNfsLog', () => {
  const prefix = '22/11/2026 13:44:39 : epoch 6b02f1c5 : vm : nfs-ganesha-13[svc_8] ';
  test.each([
    [
      'mnt_Mnt :NFS3 :INFO :MOUNT: Export entry / does not support NFS v3 for client ::ffff:10.77.0.10',
      'Export entry / does not support NFS v3 for client ::ffff:10.77.0.10',
    ],
    [
      'complete_op :NFS4 :DEBUG :Status of OP_LOOKUP in position 2 = NFS4ERR_NOENT, op response size is 4 total response size is 56',
      'NFS4ERR_NOENT',
    ],
  ])('a refused mount: %s', (line, detail) => {
    expect(readNfsLog(prefix + line)).toEqual({ type: 'nfs', event: 'refused', detail });
  });

  test.each([
    'complete_op :NFS4 :DEBUG :Status of OP_LOOKUP in position 1 = NFS4_OK, op response size is 4 total response size is 48',
    'mnt_Mnt :NFS3 :DEBUG :REQUEST PROCESSING: Calling MNT_MNT path=/run/bw/root',
    'mnt_Mnt :NFS3 :DEBUG :MOUNT: Entry supports 1 different flavours handle=0x43 for client ::ffff:10.77.0.10',
  ])('nothing of interest: %s', (line) => {
    expect(readNfsLog(prefix + line)).toBeUndefined();
  });
});
