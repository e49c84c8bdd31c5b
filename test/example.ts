import { chmodSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { makeExampleSrpm } from '../examples/make-srpm.ts';
import { makeStockKernel } from '../examples/stock-kernel.ts';
import { openBundle } from '../src/bundle/open.ts';
import { unpackBundle } from '../src/bundle/unpack.ts';
import { type BuildOutcome, build } from '../src/pipeline/build.ts';
import { unwatched } from '../src/system/progress.ts';
import type { BootSubject } from './proof/boots.ts';

const home = resolve('.cache/example');

/** Where the example is built; kept between runs, so that only what changed is built again. */
export const exampleWorkspace = join(home, 'workspace');

/**
 * All kernels of the tests are compiled through one ccache that every user may
 * write to: the second build of the same sources, by whomever, need not cost
 * what the first did.
 */
const ccache = resolve('.cache/ccache');
mkdirSync(ccache, { recursive: true });
chmodSync(ccache, 0o777);
Object.assign(process.env, { CCACHE_DIR: ccache, CCACHE_UMASK: '000', CCACHE_MAXSIZE: '5G' });

/** The example source package. */
export function exampleSrpm(): Promise<string> {
  mkdirSync(home, { recursive: true });
  return makeExampleSrpm(home);
}

/** The example, built up to the bundle. */
export async function exampleBuild(): Promise<
  Required<Pick<BuildOutcome, 'bundle'>> & BuildOutcome
> {
  const outcome = await build(
    {
      srpm: await exampleSrpm(),
      workspace: exampleWorkspace,
      architecture: 'x86_64',
      defines: {},
      sandbox: 'auto',
      scope: 'network-devices',
      debugInfo: 'auto',
      modules: 'all',
      jobs: availableParallelism(),
      ccache: 'auto',
      format: 'tar.zst',
      proofs: [],
    },
    'bundle',
    unwatched,
  );
  if (outcome.bundle === undefined) throw new Error('The example has no bundle.');
  return { ...outcome, bundle: outcome.bundle };
}

/** The example's netboot kernel, as its bundle has it. */
export async function exampleKernel(): Promise<BootSubject> {
  const { bundle } = await exampleBuild();
  const { target, kernel, modules } = bundle.manifest;
  const folder = join(home, 'unpacked');
  await rm(folder, { recursive: true, force: true });
  await unpackBundle(await openBundle(bundle.folder), folder);
  return {
    image: join(folder, kernel.image),
    modulesFolder: join(folder, 'lib', 'modules', target.kernelRelease),
    kernelRelease: target.kernelRelease,
    signed: modules.signed,
  };
}

/**
 * The example's kernel as its stock config has it ({@link makeStockKernel}).
 *
 * @returns beside the kernel the root that its package would have: `boot/` and `lib/modules/`
 */
export async function exampleStock(): Promise<{ kernel: BootSubject; root: string }> {
  await exampleBuild();
  // Its objects lie beside the others: the same way to the tree, so the same entries of ccache.
  const objects = join(exampleWorkspace, 'stock-objects');
  const { root, ...kernel } = await makeStockKernel(exampleWorkspace, objects, home);
  return { kernel: { ...kernel, signed: true }, root };
}
