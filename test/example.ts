import { chmodSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { makeExampleSrpm } from '../examples/make-srpm.ts';
import { compileKernel } from '../src/kernel/compile/index.ts';
import { installModules } from '../src/kernel/modules/index.ts';
import { type BuildOutcome, build } from '../src/pipeline/build.ts';
import { readSeal } from '../src/pipeline/seal.ts';
import { workspaceAt } from '../src/pipeline/workspace.ts';
import { unwatched } from '../src/system/progress.ts';

/** Where the example is built; kept between runs, so that only what changed is built again. */
const home = resolve('.cache/example');
const workspace = join(home, 'workspace');

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
      workspace,
      architecture: 'x86_64',
      defines: {},
      sandbox: 'auto',
      scope: 'network-devices',
      debugInfo: 'keep',
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

/** What the sealed stages of the example have left, for tests that go on from there. */
export async function exampleSeal(stage: string): Promise<unknown> {
  const seal = await readSeal(workspaceAt(workspace).seals, stage);
  if (seal === undefined) throw new Error(`The example's stage "${stage}" is not finished.`);
  return seal.result;
}

/** The example's kernel as its stock config has it, with its network drivers as modules. */
export async function exampleStockKernel(): Promise<{ image: string; modulesFolder: string }> {
  const { bundle } = await exampleBuild();
  const { target, timestamp } = bundle.manifest;
  const places = workspaceAt(workspace);
  const source = (await exampleSeal('source')) as {
    tree: string;
    baseVersion: string;
    kbuildArch: string;
  };
  const log = join(home, 'stock.log');
  const compiled = await compileKernel({
    tree: source.tree,
    config: join(places.configure, 'stock.config'),
    folder: join(home, 'stock-objects'),
    target,
    baseVersion: source.baseVersion,
    kbuildArch: source.kbuildArch,
    timestamp: new Date(timestamp * 1000),
    jobs: availableParallelism(),
    modules: 'none',
    ccache: 'auto',
    step: unwatched,
    log,
  });
  await installModules({
    compiled,
    tree: source.tree,
    folder: join(home, 'stock-modules'),
    modules: 'none',
    jobs: availableParallelism(),
    step: unwatched,
    log,
  });
  const modulesFolder = join(home, 'stock-modules', 'lib', 'modules', target.kernelRelease);
  await readFile(join(modulesFolder, 'modules.builtin'));
  return { image: compiled.image, modulesFolder };
}
