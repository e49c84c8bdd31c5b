import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, test } from 'vitest';
import { checkConfig } from '../../src/bundle/check-kernel.ts';
import { type Manifest, nameManifest } from '../../src/bundle/manifest.ts';
import { renderSbom } from '../../src/bundle/sbom/document.ts';
import { describeBundle } from '../../src/bundle/show.ts';
import { renderCopyright } from '../../src/export/describe-package.ts';
import { renderSpec } from '../../src/export/rpm.ts';
import { config, provenance, release, report } from './parts.ts';

const sha256 = '12'.repeat(32);

function manifestWith(firmware: Manifest['firmware']): Manifest {
  return nameManifest({
    schemaVersion: 1,
    ...provenance,
    ...(firmware === undefined ? {} : { firmware }),
    kernel: {
      ...{ image: `boot/vmlinuz-${release}`, sha256, bytes: 28_900_000 },
      version: `${release} (mockbuild@host) #1 SMP netboot`,
    },
    promotion: { report: `boot/promotion-${release}.json`, ...report },
    files: [{ path: `boot/vmlinuz-${release}`, bytes: 28_900_000, mode: '0644', sha256 }],
    bytes: 28_900_000,
    timestamp: 1_700_000_000,
  });
}

const bnx2 = { driver: 'bnx2', file: 'drivers/net/ethernet/broadcom/bnx2' } as const;

const manifest = manifestWith({
  way: 'built-in',
  blobs: [
    {
      ...{ ...bnx2, path: 'bnx2/one.fw', need: 'link', consequence: 'no link' },
      ...{ state: 'embedded', bytes: 92_824, sha256, source: 'linux-firmware' },
      ...{ sourceFile: 'bnx2/one.fw.xz', licence: 'Redistributable. See LICENCE.bnx2' },
    },
    { ...bnx2, path: 'bnx2/two.fw', need: 'link', consequence: 'no link', state: 'missing' },
    {
      ...{ driver: 'iwlwifi', file: 'drivers/net/wireless/intel/iwlwifi/iwlwifi' },
      ...{ path: 'iwlwifi-1.ucode', need: 'no-netboot', consequence: 'x', state: 'left-out' },
    },
  ],
});

test('a bundle shows its firmware: what is in it, under which licences, and what is missing', () => {
  expect(describeBundle(manifest, [])).toContain(`
Firmware that the drivers in the image ask for
  in it       1 blob, 92.8 kB, linked in
              bnx2: bnx2/one.fw, 92.8 kB, of linux-firmware
  licences    Redistributable. See LICENCE.bnx2
  missing     bnx2  1 of 2 missing  no link
  left out    1 blob on which no netboot hangs
`);
});

test('one of before there was this, or that asks for nothing, shows none', () => {
  for (const firmware of [undefined, { way: null, blobs: [] }]) {
    expect(describeBundle(manifestWith(firmware), [])).not.toContain('Firmware');
  }
});

test('the config has to have in it what the manifest lists', () => {
  const check = (text: string, of = manifest) => checkConfig(`${config}${text}`, 'c', of);
  expect(check('CONFIG_EXTRA_FIRMWARE="bnx2/one.fw"\n')).toEqual([]);
  for (const other of ['', 'CONFIG_EXTRA_FIRMWARE=""\n', 'CONFIG_EXTRA_FIRMWARE="bnx2/two.fw"\n']) {
    expect(check(other)).toEqual([
      expect.objectContaining({ code: 'BW-BUNDLE-KERNEL', expected: 'bnx2/one.fw' }),
    ]);
  }
  const { firmware } = manifest;
  const other = manifestWith({ way: 'initramfs', blobs: firmware?.blobs ?? [] });
  expect(check('CONFIG_INITRAMFS_SOURCE="../firmware/firmware.cpio"\n', other)).toEqual([]);
  expect(check('CONFIG_INITRAMFS_SOURCE=""\n', other)).toHaveLength(1);
});

test('packages of it say that there is more than the kernel in it, under which licences', () => {
  expect(renderSpec(manifest)).toContain('License: GPL-2.0-only AND LicenseRef-Firmware\n');
  expect(renderCopyright(manifest)).toContain(` .
 The image holds firmware for network cards, each under a licence of its own:
  bnx2/one.fw: Redistributable. See LICENCE.bnx2
`);
  const without = manifestWith({ way: null, blobs: [] });
  expect(renderSpec(without)).toContain('License: GPL-2.0-only\n');
  expect(renderCopyright(without)).not.toContain('firmware');
});

test('the bill of materials has what is in the image, as firmware that the kernel depends on', async () => {
  const text = renderSbom(manifest);
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(text)).toBeNull();
  const { components, dependencies } = JSON.parse(text);
  expect(components.filter(({ type }: { type: string }) => type === 'firmware')).toEqual([
    {
      type: 'firmware',
      'bom-ref': 'firmware/bnx2/one.fw',
      name: 'bnx2/one.fw',
      description: 'Firmware for bnx2, in the image',
      hashes: [{ alg: 'SHA-256', content: sha256 }],
      licenses: [{ license: { name: 'Redistributable. See LICENCE.bnx2' } }],
      properties: [{ name: 'bootwright:collection', value: 'linux-firmware' }],
    },
  ]);
  expect(dependencies).toContainEqual({ ref: 'kernel', dependsOn: ['firmware/bnx2/one.fw'] });
});
