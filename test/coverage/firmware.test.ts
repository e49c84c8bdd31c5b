import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeCoverageReport } from '../../src/coverage/describe.ts';
import { driverFirmware } from '../../src/coverage/driver-firmware.ts';
import { readStock } from '../../src/coverage/read-stock.ts';
import { coverageError, coverageReport } from '../../src/coverage/report.ts';
import type { StockIndex } from '../../src/coverage/stock-index.ts';
import { readHardware } from '../../src/hardware/index.ts';
import type { FirmwareBlob } from '../../src/kernel/firmware/index.ts';
import { unwatched } from '../../src/system/progress.ts';
import { release } from '../bundle/parts.ts';
import { coverageBundle } from './bundle.ts';
import { makeStock } from './stock.ts';

let home = '';
let bundle: Awaited<ReturnType<typeof coverageBundle>>;
let stock: StockIndex;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  bundle = await coverageBundle(home);
  stock = await readStock([await makeStock(join(home, 'stock'), release)], bundle, unwatched);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const blob = (
  driver: string,
  path: string,
  state: FirmwareBlob['state'],
  need: FirmwareBlob['need'] = 'link',
): FirmwareBlob => ({ driver, file: '', path, need, consequence: 'no link', state });

/** The drivers of the bundle, with that firmware. */
const netbootWith = (...firmware: readonly FirmwareBlob[]) => ({ ...bundle.netboot, firmware });

const card = '02:00.0 Ethernet controller [0200]: Intel Corporation Device [8086:1572]\n';

function machineWith(...firmware: readonly FirmwareBlob[]) {
  const machine = readHardware(Buffer.from(card));
  return coverageReport(bundle.manifest, netbootWith(...firmware), stock, machine);
}

test('a card whose driver lacks all that a link hangs on does not netboot', () => {
  const report = machineWith(blob('i40e', 'i40e/a.fw', 'missing'), blob('i40e', 'b.fw', 'missing'));
  expect(report.machine?.devices[0]).toMatchObject({ state: 'built-in', netboots: false });
  expect(coverageError(report)).toMatchObject({ code: 'BW-COVERAGE-NOT-SERVED' });
  expect(describeCoverageReport(report)).toContain(
    'firmware missing in the image: b.fw, i40e/a.fw: no link',
  );
});

test('one that lacks some of it netboots, if its chip does not ask for that', () => {
  const report = machineWith(blob('i40e', 'a.fw', 'embedded'), blob('i40e', 'b.fw', 'missing'));
  expect(report.machine?.devices[0]).toMatchObject({
    netboots: true,
    note: 'firmware missing in the image: b.fw: no link, if its chip asks for that',
    firmware: { embedded: ['a.fw'], forbidsLink: false },
  });
});

test('one that lacks only what a link does not hang on netboots', () => {
  const report = machineWith(blob('i40e', 'a.fw', 'missing', 'optional'));
  expect(report.machine?.devices[0]).toMatchObject({ netboots: true });
});

test('one that has all of it is told with it; one that asks for nothing, without', () => {
  const whole = machineWith(blob('i40e', 'a.fw', 'embedded'));
  expect(whole.machine?.devices[0]).toMatchObject({
    netboots: true,
    note: 'with firmware: a.fw',
  });
  expect(machineWith().machine?.devices[0]).not.toHaveProperty('firmware');
});

test('what no netboot hangs on, and drivers that are modules, are passed over', () => {
  const netboot = netbootWith(
    blob('iwlwifi', 'iwlwifi.ucode', 'left-out', 'no-netboot'),
    blob('r8169', 'rtl.fw', 'missing'),
  );
  expect(driverFirmware('iwlwifi', netboot)).toBeUndefined();
  expect(driverFirmware('r8169', netboot)).toBeUndefined();
});

test('a bundle: a table of the drivers that lack some, with the ids of their devices', () => {
  const netboot = netbootWith(
    blob('i40e', 'a.fw', 'missing'),
    blob('bnxt_en', 'b.fw', 'missing', 'optional'),
    blob('bnxt_en', 'c.fw', 'embedded'),
  );
  const report = coverageReport(bundle.manifest, netboot, stock, undefined);
  const text = describeCoverageReport(report);
  expect(text).toContain(`Built in, and firmware is missing in the image
  bnxt_en  1 of 2 missing  no link
      pci 14e4:16d8, pci 14e4:d800 board 14e4:1234
  i40e     1 of 1 missing  no link
      pci 8086:1572
`);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  const own = describeCoverageReport(
    coverageReport(bundle.manifest, netboot, undefined, undefined),
  );
  expect(own).toContain(`Firmware is missing in the image for 2 drivers
  i40e     1 of 1 missing  no link
  bnxt_en  1 of 2 missing  no link
`);
});
