import { chmodSync, mkdirSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { makeExampleSrpm } from '../examples/make-srpm.ts';
import { openBundle } from '../src/bundle/open.ts';
import { unpackBundle } from '../src/bundle/unpack.ts';
import { compileKernel } from '../src/kernel/compile/index.ts';
import { installModules } from '../src/kernel/modules/index.ts';
import { type BuildOutcome, build } from '../src/pipeline/build.ts';
import { readSeal } from '../src/pipeline/seal.ts';
import { workspaceAt } from '../src/pipeline/workspace.ts';
import { unwatched } from '../src/system/progress.ts';
import type { BootSubject } from './proof/boots.ts';

/** What is needed of the example's prepared source, and of its configs. */
const sourceSchema = z.object({ tree: z.string(), baseVersion: z.string() });
const configureSchema = z.object({
  kbuildArch: z.string(),
  stockConfig: z.string(),
  toolVariables: z.record(z.string(), z.string()),
});

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
 * The example's kernel as its stock config has it: its network drivers are modules, and all are signed
 * by a key that the kernel's own Makefile makes and nobody keeps, as with a vendor's.
 *
 * @returns beside the kernel the root that its package would have: `boot/` and `lib/modules/`
 */
export async function exampleStock(): Promise<{ kernel: BootSubject; root: string }> {
  const { bundle } = await exampleBuild();
  const { target, timestamp } = bundle.manifest;
  const places = workspaceAt(exampleWorkspace);
  const source = sourceSchema.parse((await readSeal(places.seals, 'source'))?.result);
  const { kbuildArch, stockConfig, toolVariables } = configureSchema.parse(
    (await readSeal(places.seals, 'configure'))?.result,
  );
  const log = join(home, 'stock.log');
  const common = { jobs: availableParallelism(), modules: 'all', step: unwatched, log } as const;
  const compiled = await compileKernel({
    ...common,
    tree: source.tree,
    config: stockConfig,
    // Beside the other objects: the same way to the tree, so the same entries of ccache.
    folder: join(exampleWorkspace, 'stock-objects'),
    target,
    baseVersion: source.baseVersion,
    kbuildArch,
    toolVariables,
    timestamp: new Date(timestamp * 1000),
    debugInfo: 'auto',
    ccache: 'auto',
  });
  const root = join(home, 'stock');
  await installModules({ ...common, compiled, tree: source.tree, folder: root });
  const image = join(root, 'boot', `vmlinuz-${target.kernelRelease}`);
  await mkdir(dirname(image), { recursive: true });
  await copyFile(compiled.image, image);
  return {
    kernel: {
      image,
      modulesFolder: join(root, 'lib', 'modules', target.kernelRelease),
      kernelRelease: target.kernelRelease,
      signed: true,
    },
    root,
  };
}
