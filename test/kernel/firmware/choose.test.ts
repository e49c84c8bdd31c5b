import { expect, test } from 'vitest';
import {
  type BlobFacts,
  chooseBlobs,
  embeddedBlobs,
  wantedBlobs,
} from '../../../src/kernel/firmware/choose.ts';
import { describeGaps, firmwareGaps } from '../../../src/kernel/firmware/gaps.ts';
import type { FirmwareRequest } from '../../../src/kernel/firmware/request.ts';

const ask = (driver: string, path: string, folder = 'ethernet/x'): FirmwareRequest => ({
  driver,
  file: `drivers/net/${folder}/${driver}`,
  path,
});

const requests = [
  ask('bnx2', 'bnx2/one.fw'),
  ask('bnx2', 'bnx2/two.fw'),
  ask('bnx2x', 'bnx2x/bnx2x-e2-7.13.15.0.fw'),
  ask('bnx2x', 'bnx2x/bnx2x-e2-7.13.21.0.fw'),
  ask('iwlwifi', 'iwlwifi-1.ucode', 'wireless/intel/iwlwifi'),
  ask('newnic', 'newnic-*.bin'),
  ask('netxen_nic', 'phanfw.bin'),
  ask('qlcnic', 'phanfw.bin'),
];

const found = (...paths: readonly string[]): ReadonlyMap<string, BlobFacts> =>
  new Map(
    paths.map((path) => [
      path,
      { bytes: 10, sha256: 'ab'.repeat(32), source: 'linux-firmware', sourceFile: `${path}.xz` },
    ]),
  );

const states = (facts: ReadonlyMap<string, BlobFacts>) =>
  Object.fromEntries(
    chooseBlobs(requests, facts).map(({ driver, path, state }) => [`${driver} ${path}`, state]),
  );

test('what is looked for: no patterns, nothing for wireless, each name once', () => {
  expect(wantedBlobs(requests)).toEqual([
    'bnx2/one.fw',
    'bnx2/two.fw',
    'bnx2x/bnx2x-e2-7.13.15.0.fw',
    'bnx2x/bnx2x-e2-7.13.21.0.fw',
    'phanfw.bin',
  ]);
});

test('what is found comes in; of a series one is enough, the newest that there is', () => {
  expect(states(found('bnx2/one.fw', 'bnx2x/bnx2x-e2-7.13.15.0.fw', 'phanfw.bin'))).toEqual({
    'bnx2 bnx2/one.fw': 'embedded',
    'bnx2 bnx2/two.fw': 'missing',
    'bnx2x bnx2x/bnx2x-e2-7.13.15.0.fw': 'embedded',
    'bnx2x bnx2x/bnx2x-e2-7.13.21.0.fw': 'left-out',
    'iwlwifi iwlwifi-1.ucode': 'left-out',
    'newnic newnic-*.bin': 'missing',
    'netxen_nic phanfw.bin': 'embedded',
    'qlcnic phanfw.bin': 'embedded',
  });
  const both = found('bnx2x/bnx2x-e2-7.13.15.0.fw', 'bnx2x/bnx2x-e2-7.13.21.0.fw');
  expect(states(both)).toMatchObject({
    'bnx2x bnx2x/bnx2x-e2-7.13.15.0.fw': 'left-out',
    'bnx2x bnx2x/bnx2x-e2-7.13.21.0.fw': 'embedded',
  });
  expect(states(found())).toMatchObject({
    'bnx2x bnx2x/bnx2x-e2-7.13.15.0.fw': 'left-out',
    'bnx2x bnx2x/bnx2x-e2-7.13.21.0.fw': 'missing',
  });
});

test('a blob that two drivers ask for is in the image once', () => {
  const blobs = chooseBlobs(requests, found('phanfw.bin', 'bnx2/two.fw'));
  expect(embeddedBlobs(blobs).map(({ path }) => path)).toEqual(['bnx2/two.fw', 'phanfw.bin']);
  expect(embeddedBlobs(blobs)[0]).toMatchObject({
    bytes: 10,
    source: 'linux-firmware',
    sourceFile: 'bnx2/two.fw.xz',
  });
});

test('the gaps, the worst first, a line for each driver', () => {
  const gaps = firmwareGaps(chooseBlobs(requests, found('bnx2/one.fw')));
  expect(gaps.map(({ driver, need }) => [driver, need])).toEqual([
    ['bnx2', 'link'],
    ['bnx2x', 'link'],
    ['newnic', 'unknown'],
    ['netxen_nic', 'optional'],
    ['qlcnic', 'optional'],
  ]);
  expect(describeGaps(gaps)).toEqual([
    'bnx2        1 of 2 missing  no link',
    'bnx2x       1 of 1 missing  no link',
    'newnic      1 of 1 missing  not known: there may be no link',
    'netxen_nic  1 of 1 missing  the firmware in the flash of the card is used',
    'qlcnic      1 of 1 missing  the firmware in the flash of the card is used',
  ]);
  expect(describeGaps([])).toEqual([]);
});
