import { copyFile, mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { compileKernel } from '../src/kernel/compile/index.ts';
import { installModules } from '../src/kernel/modules/index.ts';
import { type KernelRelease, kernelTargetSchema } from '../src/kernel/target.ts';
import { readSeal } from '../src/pipeline/seal.ts';
import { workspaceAt } from '../src/pipeline/workspace.ts';
import { unwatched } from '../src/system/progress.ts';

/** What is needed of the prepared source, and of its configs. */
const sourceSchema = z.object({
  package: z.object({ buildTime: z.int() }),
  target: kernelTargetSchema,
  tree: z.string(),
  baseVersion: z.string(),
});
const configureSchema = z.object({
  kbuildArch: z.string(),
  stockConfig: z.string(),
  toolVariables: z.record(z.string(), z.string()),
});

/** A kernel as its stock config has it, and where it lies. */
export interface StockKernel {
  /** The root that its package would have: `boot/` and `lib/modules/`. */
  readonly root: string;
  readonly image: string;
  readonly modulesFolder: string;
  readonly kernelRelease: KernelRelease;
}

/**
 * Compiles the kernel that a vendor would ship of a source package: its network drivers are modules,
 * and all modules are signed by a key that the kernel's own Makefile makes and nobody keeps.
 *
 * @param workspace - one in which the package has been built, at least until its configs were made
 * @param objects - folder for the objects, kept for a next time
 * @param home - folder for the root, and for the log
 */
export async function makeStockKernel(
  workspace: string,
  objects: string,
  home: string,
): Promise<StockKernel> {
  const { seals } = workspaceAt(workspace);
  const source = sourceSchema.parse((await readSeal(seals, 'source'))?.result);
  const configured = configureSchema.parse((await readSeal(seals, 'configure'))?.result);
  const { target, tree, baseVersion } = source;
  const common = {
    tree,
    jobs: availableParallelism(),
    modules: 'all',
    step: unwatched,
    log: join(home, 'stock.log'),
  } as const;
  const compiled = await compileKernel({
    ...common,
    config: configured.stockConfig,
    folder: objects,
    target,
    baseVersion,
    kbuildArch: configured.kbuildArch,
    toolVariables: configured.toolVariables,
    timestamp: new Date(source.package.buildTime * 1000),
    debugInfo: 'auto',
    ccache: 'auto',
  });
  const root = join(home, 'stock');
  await installModules({ ...common, compiled, folder: root });
  const image = join(root, 'boot', `vmlinuz-${target.kernelRelease}`);
  await mkdir(dirname(image), { recursive: true });
  await copyFile(compiled.image, image);
  return {
    root,
    image,
    modulesFolder: join(root, 'lib', 'modules', target.kernelRelease),
    kernelRelease: target.kernelRelease,
  };
}
