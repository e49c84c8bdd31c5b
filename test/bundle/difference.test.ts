import { describe, expect, test } from 'vitest';
import { compareBundles, compareSides, type Side } from '../../src/bundle/difference/compare.ts';
import { describeDifference } from '../../src/bundle/difference/render.ts';
import { nameManifest, type Provenance } from '../../src/bundle/manifest.ts';
import type { Promotion } from '../../src/bundle/promotion.ts';
import { kernelTargetSchema } from '../../src/kernel/target.ts';
import { scratchFolder } from '../scratch.ts';
import { pack, provenance, release, report, writeParts } from './parts.ts';

const digest = (byte: string): string => byte.repeat(32);

interface Particulars extends Partial<Omit<Provenance, 'modules'>> {
  readonly moduleNames?: readonly string[];
  readonly promotion?: Promotion;
}

function side(
  texts: Pick<Side, 'stock' | 'netboot'>,
  { moduleNames = ['ext4', 'dummy'], promotion = report, ...other }: Particulars = {},
): Side {
  const files = [...moduleNames].sort().map((name) => ({
    path: `lib/modules/${release}/kernel/${name}.ko.xz`,
    bytes: 1000,
    mode: '0644',
    sha256: digest('12'),
  }));
  const manifest = nameManifest({
    schemaVersion: 1,
    ...provenance,
    ...other,
    modules: { ...provenance.modules, count: files.length, bytesAfter: files.length * 1_000_000 },
    kernel: {
      image: `boot/vmlinuz-${release}`,
      sha256: digest('34'),
      bytes: 28_900_000,
      version: release,
    },
    promotion: { report: 'boot/promotion.json', ...promotion },
    files,
    bytes: 40_000_000,
    timestamp: 1_700_000_000,
  });
  return { manifest, archiveBytes: 20_000_000, ...texts };
}

const before = side({
  stock: 'CONFIG_E1000E=m\nCONFIG_VIRTIO_NET=m\nCONFIG_NR_CPUS=64\nCONFIG_OLD=y\nCONFIG_CAN=m\n',
  netboot:
    'CONFIG_E1000E=y\nCONFIG_VIRTIO_NET=y\nCONFIG_NR_CPUS=64\nCONFIG_OLD=y\nCONFIG_CAN=y\nCONFIG_GCC_VERSION=110000\n',
});

const erratum = side(
  {
    stock:
      'CONFIG_E1000E=m\nCONFIG_NR_CPUS=128\n# CONFIG_OLD is not set\nCONFIG_CAN=m\nCONFIG_IDPF=m\nCONFIG_A=y\nCONFIG_B=y\nCONFIG_C=y\n',
    netboot:
      'CONFIG_E1000E=y\nCONFIG_NR_CPUS=128\nCONFIG_CAN=m\nCONFIG_IDPF=y\nCONFIG_A=y\nCONFIG_B=y\nCONFIG_C=y\nCONFIG_GCC_VERSION=120000\n',
  },
  {
    target: kernelTargetSchema.parse({
      ...provenance.target,
      release: '570.33.1.el9_6',
      kernelRelease: '5.14.0-570.33.1.el9_6.x86_64',
    }),
    source: {
      ...provenance.source,
      fileName: 'kernel-5.14.0-570.33.1.el9_6.src.rpm',
      sha256: digest('ef'),
    },
    settings: {
      ...provenance.settings,
      deviations: [{ what: 'patch', reason: '--patch fix.patch' }],
    },
    moduleNames: ['ext4', 'can-raw', 'nvme'],
    promotion: {
      ...report,
      promoted: [
        ...report.promoted.slice(0, 1),
        {
          symbol: 'IDPF',
          from: 'm',
          to: 'y',
          reason: 'in scope',
          location: 'drivers/net/Kconfig:8',
        },
      ],
      raised: [],
    },
  },
);

describe('two bundles', () => {
  test('are told apart, each symbol with its cause', () => {
    const difference = compareSides(before, erratum);
    const text = describeDifference(difference)
      .replace(before.manifest.id, 'OLD')
      .replace(erratum.manifest.id, 'NEW');
    expect(text).toBe(`OLD
-> NEW
  uname -r    5.14.0-570.32.1.el9_6.x86_64
              -> 5.14.0-570.33.1.el9_6.x86_64
  package     kernel-5.14.0-570.32.1.el9_6.x86_64
              -> kernel-5.14.0-570.33.1.el9_6.x86_64
  made from   kernel-5.14.0-570.32.1.el9_6.src.rpm
              -> kernel-5.14.0-570.33.1.el9_6.src.rpm
  source      abababababababab…
              -> efefefefefefefef…

Sizes
  kernel              28.9 MB, the same
  modules as compiled 87.3 MB, the same
  modules as packed   2.0 MB -> 3.0 MB (+1.0 MB, +50.0 %)
  all, unpacked       40.0 MB, the same
  archive             20.0 MB, the same

Drivers built in
  1 driver gained:
    IDPF
  1 driver lost:
    VIRTIO_NET

Modules
  2 modules gained:
    can_raw nvme
  1 module lost:
    dummy

Deviations that are new
  patch: --patch fix.patch

Config
  7 symbols differ because the stock configs do:
    absent -> y: as in stock
        A B C
    IDPF  absent -> y: stock has it absent -> m; in scope
    NR_CPUS  64 -> 128: as in stock
    OLD  y -> absent: stock has it y -> n
    VIRTIO_NET  y -> absent: stock has it m -> absent
  1 symbol differs though stock has it the same:
    CAN  y -> m: no longer: CAN_DEV depends on it
  1 symbol differs because the tools do:
    GCC_VERSION  110000 -> 120000: says what compiler and tools are and can do`);
  });

  test('that are one are said to be', () => {
    const difference = compareSides(before, before);
    expect(difference).toMatchObject({ facts: [], config: [], modules: { gained: [], lost: [] } });
    expect(describeDifference(difference)).toContain('They are the same bundle.');
  });

  test('are read from where they lie', async () => {
    const folder = scratchFolder();
    const parts = writeParts(folder);
    const one = await pack(parts, `${folder}/out`);
    const other = await pack(parts, `${folder}/out`, {
      provenance: {
        ...provenance,
        settings: { ...provenance.settings, scope: 'wired' },
      },
    });
    expect(await compareBundles(one.folder, other.archive)).toMatchObject({
      from: one.manifest.id,
      to: other.manifest.id,
      facts: [{ what: 'scope', from: 'network-devices', to: 'wired' }],
      config: [],
    });
    await expect(compareBundles(one.folder, folder)).rejects.toMatchObject({
      code: 'BW-BUNDLE-NOT',
    });
  });
});

test('firmware in the image: what came, what went, and what has other bytes', () => {
  const withBlobs = (blobs: Readonly<Record<string, string>>): Side =>
    side(
      { stock: '', netboot: '' },
      {
        firmware: {
          way: 'built-in',
          blobs: Object.entries(blobs).map(([path, sha256]) => ({
            ...{ driver: 'bnx2', file: '', path, need: 'link', consequence: 'no link' },
            ...{ state: 'embedded', bytes: 3, sha256 },
          })),
        },
      },
    );
  const difference = compareSides(
    withBlobs({ 'a.fw': digest('12'), 'b.fw': digest('34') }),
    withBlobs({ 'a.fw': digest('12'), 'b.fw': digest('56'), 'c.fw': digest('78') }),
  );
  expect(difference.firmware).toEqual({
    gained: ['b.fw (56565656)', 'c.fw (78787878)'],
    lost: ['b.fw (34343434)'],
  });
  expect(describeDifference(difference)).toContain(`Firmware in the image
  2 blobs gained:
    b.fw (56565656) c.fw (78787878)
  1 blob lost:
    b.fw (34343434)
`);
});
