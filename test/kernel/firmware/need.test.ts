import { expect, test } from 'vitest';
import { askersOf, needOf, newestFirst, seriesOf } from '../../../src/kernel/firmware/need.ts';

const ask = (driver: string, path: string, file = `drivers/net/ethernet/x/${driver}`) => ({
  driver,
  file,
  path,
});

test.each([
  [ask('bnx2', 'bnx2/bnx2-mips-06-6.2.3.fw'), 'link'],
  [ask('tg3', 'tigon/tg3.bin'), 'link'],
  [ask('tg3', 'tigon/tg3_tso.bin'), 'optional'],
  [ask('e100', 'e100/d102e_ucode.bin'), 'link'],
  [ask('e100', 'e100/d101m_ucode.bin'), 'optional'],
  [ask('cxgb3', 'cxgb3/ael2005_opt_edc.bin'), 'depends'],
  [
    ask('iwlwifi', 'iwlwifi-7260-17.ucode', 'drivers/net/wireless/intel/iwlwifi/iwlwifi'),
    'no-netboot',
  ],
  [ask('softing_cs', 'softing-4.6/bcard.bin', 'drivers/net/can/softing/softing_cs'), 'no-netboot'],
  [ask('fore_200e', 'pca200e.bin', 'drivers/atm/fore_200e'), 'no-netboot'],
  [ask('cfg80211', 'regulatory.db', 'net/wireless/cfg80211'), 'no-netboot'],
  [ask('i915', 'i915/dmc.bin', 'drivers/gpu/drm/i915/i915'), 'no-netboot'],
  // A vendor's own, and one of a kernel that does not tell where its sources are.
  [ask('newnic', 'newnic.bin', 'drivers/net/added/newnic/newnic'), 'unknown'],
  [ask('newnic', 'newnic.bin', ''), 'unknown'],
] as const)('%j: %s', (request, need) => {
  expect(needOf(request).need).toBe(need);
  expect(needOf(request).consequence).toMatch(/^\S.*[^.]$/);
});

test('versions of one blob stand in for each other only where the driver takes the older one', () => {
  const newer = ask('bnx2x', 'bnx2x/bnx2x-e2-7.13.21.0.fw');
  const older = ask('bnx2x', 'bnx2x/bnx2x-e2-7.13.15.0.fw');
  expect(seriesOf(newer)).toBe(seriesOf(older));
  expect(seriesOf(newer)).not.toBe(seriesOf(ask('bnx2x', 'bnx2x/bnx2x-e1-7.13.21.0.fw')));
  expect(seriesOf(ask('bnx2', 'bnx2/bnx2-mips-06-6.2.3.fw'))).toBeUndefined();
  expect([older.path, newer.path, 'bnx2x/bnx2x-e2-7.9.1.0.fw'].sort(newestFirst)).toEqual([
    newer.path,
    older.path,
    'bnx2x/bnx2x-e2-7.9.1.0.fw',
  ]);
});

test('qede has its firmware by qed', () => {
  expect(askersOf('qede')).toEqual(['qede', 'qed']);
  expect(askersOf('bnx2')).toEqual(['bnx2']);
});
