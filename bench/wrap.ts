import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unwatched } from '../src/system/progress.ts';
import { wrapStock } from '../src/wrap/wrap.ts';
import { stockKernelPackage } from '../test/stock-package.ts';
import { parseRuns } from './arguments.ts';
import { bootInTurn, renderBoots } from './boots.ts';
import { dracutContenders, wrapContender } from './stock-contenders.ts';

/**
 * A stock kernel from power-on to the init of its NFS root, with the initramfs of `bootwright wrap`
 * and with dracut's, by turns. Needs root, and dracut with its network module.
 */
export async function benchWrap(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string' },
      stock: { type: 'string', multiple: true },
      nic: { type: 'string' },
    },
  });
  const runs = parseRuns(values.runs, 3);
  const nic = values.nic === 'e1000e' ? 'e1000e' : 'virtio';
  const folder = await mkdtemp(join(tmpdir(), 'bootwright-bench-'));
  try {
    const wrapped = await wrapStock(
      {
        paths: values.stock ?? [await stockKernelPackage()],
        ...{ scope: 'wired', modules: 'all', format: 'folder', folder },
      },
      unwatched,
    );
    const contenders = [await wrapContender(wrapped), ...(await dracutContenders(wrapped, folder))];
    const boots = await bootInTurn(contenders, { nic, firmware: 'bios', nfs: 3 }, runs, folder);
    for (const rival of boots.slice(1)) console.log(`${renderBoots(boots, rival)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
