import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { blacklistOf } from '../src/proof/profile/idle-starts.ts';
import {
  type Initcall,
  initcallDebug,
  longestInitcalls,
  parseInitcalls,
  sumOfInitcalls,
} from '../src/proof/profile/initcalls.ts';
import { idleStartsIn } from '../src/proof/profile/profile-bundle.ts';
import { withUnpacked } from '../src/proof/prove-bundle.ts';
import { unwatched } from '../src/system/progress.ts';
import { wrapStock } from '../src/wrap/wrap.ts';
import { parseRuns } from './arguments.ts';
import {
  type BenchMachine,
  type BootContender,
  bootInTurn,
  bootOnce,
  renderBoots,
  renderParts,
} from './boots.ts';
import { markdownTable } from './markdown.ts';
import { dracutContenders, wrapContender } from './stock-contenders.ts';

/** How many of the longest initcalls are told. */
const told = 20;

/** Boots once, has the kernel tell of its initcalls, and reads them. */
async function initcallsOf(
  contender: BootContender,
  machine: BenchMachine,
  logs: string,
): Promise<readonly Initcall[]> {
  await bootOnce(contender, machine, logs, initcallDebug);
  return parseInitcalls(await readFile(join(logs, 'boot', 'console.log'), 'utf8'));
}

function renderInitcalls(name: string, calls: readonly Initcall[]): string {
  const rows = longestInitcalls(calls, told).map(({ name: call, module, microseconds }) => [
    module === undefined ? call : `${call} [${module}]`,
    (microseconds / 1000).toFixed(0),
  ]);
  return [
    `${name}: ${calls.length} initcalls, ${(sumOfInitcalls(calls) / 1e6).toFixed(1)} s in all; the longest:`,
    markdownTable(['initcall', 'ms'], rows),
  ].join('\n\n');
}

/**
 * A netboot bundle from power-on to the init of its NFS root, beside the stock kernel that it was
 * made from: that with dracut's initramfs, and with `bootwright wrap`'s; by turns, over the same
 * iPXE and HTTP. Then where the time goes. Needs root, and dracut with its network module.
 */
export async function benchBoot(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string' },
      bundle: { type: 'string' },
      stock: { type: 'string', multiple: true },
      nic: { type: 'string' },
    },
  });
  const { bundle: path, stock } = values;
  if (path === undefined || stock === undefined) {
    throw new Error('Both the bundle (--bundle) and the stock kernel of it (--stock) are needed.');
  }
  const runs = parseRuns(values.runs, 3);
  const nic = values.nic === 'e1000e' ? 'e1000e' : 'virtio';
  const machine = { nic, firmware: 'bios', nfs: 3 } as const;
  const folder = await mkdtemp(join(tmpdir(), 'bootwright-bench-'));
  try {
    await withUnpacked(path, 'bench', undefined, unwatched, async (bundle) => {
      const wrapped = await wrapStock(
        { paths: stock, ...{ scope: 'wired', modules: 'all', format: 'folder', folder } },
        unwatched,
      );
      const built = {
        name: 'bootwright build',
        kernelRelease: bundle.manifest.target.kernelRelease,
        image: bundle.image,
        imageBytes: (await stat(bundle.image)).size,
        modulesFolder: bundle.modulesFolder,
      };
      const calls = await initcallsOf(built, machine, join(folder, 'logs', 'idle'));
      const idle = await idleStartsIn(bundle, calls, nic);
      const contenders: readonly BootContender[] = [
        built,
        ...(idle.length === 0
          ? []
          : [
              {
                ...built,
                name: `bootwright build, ${idle.map(({ driver }) => driver).join(', ')} left out`,
                parameters: [blacklistOf(idle)],
              },
            ]),
        await wrapContender(wrapped),
        ...(await dracutContenders(wrapped, folder)),
      ];
      const boots = await bootInTurn(contenders, machine, runs, folder);
      for (const rival of boots.filter(({ name }) => name.startsWith('dracut'))) {
        console.log(`${renderBoots(boots, rival)}\n`);
      }
      console.log(`${renderParts(boots)}\n`);
      for (const [index, contender] of contenders.entries()) {
        const found = await initcallsOf(contender, machine, join(folder, 'logs', `p${index}`));
        console.log(`${renderInitcalls(contender.name, found)}\n`);
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
