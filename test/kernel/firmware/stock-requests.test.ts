import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readStockRequests } from '../../../src/kernel/firmware/index.ts';
import { buildModule, modinfoSection } from '../../formats/elf-kmod/build-module.ts';
import { scratchFolder } from '../../scratch.ts';

test('what the modules of drivers in the image declare, packed or not', async () => {
  const folder = scratchFolder();
  const write = (name: string, content: Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  const asking = (...blobs: readonly string[]) =>
    buildModule([modinfoSection('license=GPL', ...blobs.map((blob) => `firmware=${blob}`))]);
  write('kernel/drivers/net/ethernet/broadcom/bnx2.ko', asking('bnx2/two.fw', 'bnx2/one.fw'));
  write('kernel/drivers/net/ethernet/3com/ty-phoon.ko.gz', gzipSync(asking('3com/typhoon.bin')));
  write('kernel/drivers/net/wireless/iwlwifi.ko', asking('iwlwifi-1.ucode'));
  write('kernel/drivers/net/ethernet/intel/e1000e.ko', asking());
  const builtIn = new Set(['bnx2', 'ty_phoon', 'e1000e']);
  await expect(readStockRequests(folder, builtIn)).resolves.toEqual([
    {
      driver: 'bnx2',
      file: 'drivers/net/ethernet/broadcom/bnx2',
      path: 'bnx2/one.fw',
    },
    {
      driver: 'bnx2',
      file: 'drivers/net/ethernet/broadcom/bnx2',
      path: 'bnx2/two.fw',
    },
    {
      driver: 'ty_phoon',
      file: 'drivers/net/ethernet/3com/ty-phoon',
      path: '3com/typhoon.bin',
    },
  ]);
  write('kernel/drivers/net/ethernet/intel/e1000e.ko', Buffer.from('no module'));
  await expect(readStockRequests(folder, builtIn)).rejects.toThrow(
    expect.objectContaining({ code: 'BW-MODULES-UNREADABLE' }),
  );
});
