import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameManifest } from '../../src/bundle/manifest.ts';
import { describeBundle } from '../../src/bundle/show.ts';
import { provenance, release, report } from './parts.ts';

const sha256 = '12'.repeat(32);

const manifest = nameManifest({
  schemaVersion: 1,
  ...provenance,
  kernel: {
    image: `boot/vmlinuz-${release}`,
    sha256,
    bytes: 28_900_000,
    version: `${release} (mockbuild@host) #1 SMP netboot`,
  },
  promotion: { report: `boot/promotion-${release}.json`, ...report },
  files: [{ path: `boot/vmlinuz-${release}`, bytes: 28_900_000, mode: '0644', sha256 }],
  bytes: 28_900_000,
  timestamp: 1_700_000_000,
});

describe('describeBundle', () => {
  test('tells it all', () => {
    const text = describeBundle(manifest, [
      {
        file: 'proof.json',
        bundle: { id: manifest.id, imageSha256: sha256 },
        verdict: 'passed',
        title: 'BIOS, e1000, NFS 3',
        time: '2026-11-22T14:00:00Z',
      },
    ]);
    expect(text.replaceAll(manifest.id, 'ID')).toBe(`ID
  uname -r    5.14.0-570.32.1.el9_6.x86_64
  image says  5.14.0-570.32.1.el9_6.x86_64 (mockbuild@host) #1 SMP netboot
  stands for  kernel-5.14.0-570.32.1.el9_6.x86_64 of el9_6
  made from   kernel-5.14.0-570.32.1.el9_6.src.rpm (kernel.spec)
  sha256      abababababababababababababababababababababababababababababababab
  supplied    _buildshell = /bin/bash: /bin/sh is not bash
  made by     gcc (Debian 12.2.0-14) 12.2.0
  settings    scope network-devices, debug info as in stock, modules all

What is in it
  kernel      28.9 MB, boot/vmlinuz-5.14.0-570.32.1.el9_6.x86_64
  modules     2, signed: 87.3 MB as compiled -> 7.1 MB stripped
  in all      1 file, 28.9 MB unpacked
  trusts      CN=Bootwright build key
              cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd

What differs from the stock kernel
  2 drivers built in that stock has as modules:
    E1000E VIRTIO_NET
  1 option asked for by name:
    ROOT_NFS  n -> y: the root is on NFS
  1 symbol raised besides, since a driver needs them:
    CAN  m -> y: CAN_DEV depends on it (drivers/net/can/Kconfig:3)
  1 symbol risen along, by select or default:
    MII
  1 driver left as in stock, on purpose:
    NETDEVSIM  m: a simulator
  1 option of stock that is gone:
    IWLWIFI_OPMODE_MODULAR  y -> gone: holds only while the drivers are modules
  1 symbol held as in stock, against a default:
    FOO  n: FOO=y would be the default
  1 value set on purpose:
    MODULE_SIG_KEY
      "certs/signing_key.pem" -> "/keys/x.pem": signed by our own key
  1 symbol that the build host changes in the shipped config:
    CC_VERSION_TEXT  gcc 11 -> gcc 12: the compiler differs

Proofs
  passed      BIOS, e1000, NFS 3, 2026-11-22T14:00:00Z

How to boot it
  Unpack it where the boot server serves files from:
    cd /srv/boot && mkdir ID
    tar -xf .../ID.tar.* -C ID

  pxelinux.cfg/default:
    LABEL netboot
      KERNEL ID/boot/vmlinuz-5.14.0-570.32.1.el9_6.x86_64
      APPEND root=/dev/nfs nfsroot=SERVER:/srv/root,vers=3,tcp,nolock,rsize=65536,wsize=65536 ip=dhcp ro

  iPXE:
    #!ipxe
    set bundle http://SERVER/ID
    set root SERVER:/srv/root,vers=3,tcp,nolock,rsize=65536,wsize=65536
    kernel \${bundle}/boot/vmlinuz-5.14.0-570.32.1.el9_6.x86_64 root=/dev/nfs nfsroot=\${root} ip=dhcp ro
    boot

  /etc/exports (any NFS export will do; the kernel needs no initrd):
    /srv/root *(ro,no_root_squash,no_subtree_check)
  and in it, for modules to load, the bundle's lib/modules/5.14.0-570.32.1.el9_6.x86_64
`);
  });

  test('says how to get a proof where there is none', () => {
    expect(describeBundle(manifest, [])).toContain(`
Proofs
  none yet: boot it with
    bootwright prove ${manifest.id}
`);
  });

  test('says what has been measured to take time off', () => {
    const shorter = {
      title: 'BIOS, virtio, NFS 3',
      drivers: ['liquidio'],
      parameter: 'initcall_blacklist=liquidio_init',
      gain: 1100,
    };
    expect(describeBundle(manifest, [], shorter)).toContain(`    boot

  Where no machine has a card of liquidio, one more parameter for the kernel
  takes 1.1 s off (measured on BIOS, virtio, NFS 3):
    initcall_blacklist=liquidio_init

  /etc/exports`);
  });

  test('says what is not as usual', () => {
    const text = describeBundle(
      {
        ...manifest,
        certificate: undefined,
        modules: { count: 0, bytesBefore: 0, bytesAfter: 0, signed: false },
        settings: {
          scope: 'wired',
          debugInfo: 'off',
          modules: 'none',
          deviations: [{ what: '--config small.config', reason: 'a reduced config' }],
        },
      },
      [],
    );
    expect(text).toContain('  settings    scope wired, debug info off, modules none\n');
    expect(text).toContain('  deviations  --config small.config: a reduced config\n');
    expect(text).toContain('  modules     none\n');
    expect(text).toContain('  trusts      no certificate of its own\n');
  });

  test('says how much debug information was compiled, and why', () => {
    const text = describeBundle(
      {
        ...manifest,
        settings: {
          ...manifest.settings,
          debugInfo: 'auto',
          debugInfoRemarks: {
            spared: [{ what: 'DWARF of modules', reason: 'BTF is made for the image only' }],
            kept: [{ what: 'DWARF of the image', reason: 'BTF is made from it' }],
          },
        },
      },
      [],
    );
    expect(text).toContain('debug info as far as the kernel needs it,');
    expect(text).toContain(
      `  debug info  not compiled: DWARF of modules (BTF is made for the image only)
              compiled: DWARF of the image (BTF is made from it)
`,
    );
  });

  test('tells changes of the same reason together, and stays within 80 columns', () => {
    const symbol = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,30}$/);
    const reason = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
    const change = fc
      .record({ symbol, reason })
      .map((it) => ({ symbol: it.symbol, from: 'm', to: 'y', reason: it.reason.join(' ') }));
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (promoted, raised) => {
        const text = describeBundle(
          { ...manifest, promotion: { ...manifest.promotion, promoted, raised } },
          [],
        );
        const [told = ''] = text.split('\nHow to boot it');
        for (const line of told.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
        const words = new Set(told.split(/\s+/));
        for (const it of [...promoted, ...raised]) expect(words).toContain(it.symbol);
      }),
    );
    const shared = ['NETDEVSIM', 'MAC80211_HWSIM'].map((name) => ({
      symbol: name,
      from: 'm',
      to: 'm',
      reason: 'a simulator',
    }));
    const promotion = { ...manifest.promotion, excluded: shared };
    expect(describeBundle({ ...manifest, promotion }, [])).toContain(`
  2 drivers left as in stock, on purpose:
    NETDEVSIM MAC80211_HWSIM
      m: a simulator
`);
  });
});
