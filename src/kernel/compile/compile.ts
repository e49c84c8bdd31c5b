import { mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, readTextFile } from '../../system/files.ts';
import { requireTool } from '../../system/tools.ts';
import type { KernelTarget } from '../target.ts';
import { type Build, ownFolder } from './build.ts';
import { assertBuildPath } from './build-path.ts';
import { type Ccache, readCcacheStatistics, setUpCcache } from './ccache.ts';
import { compileObjects } from './compile-objects.ts';
import { readConfigValues } from './config-values.ts';
import { debugInfoPlan, readDebugInfoMeans } from './debug-info.ts';
import { requireOwnStart } from './hypervisor.ts';
import {
  type MakeVariables,
  makeEnvironment,
  prefixMapFlags,
  warningVariables,
} from './make-kernel.ts';
import { buildTimestamp, buildVersion, releaseVariables } from './release.ts';
import type { CompiledKernel, CompileRequest } from './request.ts';
import { requiredTools } from './required-tools.ts';
import { fixedVersionPart, settleConfig } from './settle.ts';
import { placeSigningKey, placeTrustedKeys, signsModules } from './signing.ts';
import { readToolchain } from './toolchain.ts';

/** The image of each architecture: make's goal, and where it lands in the folder of the objects. */
const images: Readonly<Record<KernelTarget['architecture'], { goal: string; path: string }>> = {
  x86_64: { goal: 'bzImage', path: 'arch/x86/boot/bzImage' },
};

/** Without modules modpost writes the image's list under a name of its own, from 5.8 on. */
async function symversName(folder: string, modules: 'all' | 'none'): Promise<string> {
  const imageOnly = 'vmlinux.symvers';
  return modules === 'none' && (await exists(join(folder, imageOnly)))
    ? imageOnly
    : 'Module.symvers';
}

async function checkOutput(paths: readonly string[], log: string): Promise<void> {
  for (const path of paths) {
    if (!(await exists(path))) {
      throw new BootwrightError('BW-COMPILE-OUTPUT', `There is no "${path}".`, { log });
    }
  }
}

/** The deepest folder that holds both. */
function commonFolder(one: string, other: string): string {
  let folder = dirname(one);
  while (folder !== '/' && !`${other}/`.startsWith(`${folder}/`)) folder = dirname(folder);
  return folder;
}

/**
 * Compiles image and modules out of tree, in one make call. A killed build goes
 * on from the objects that are there when it is called again.
 *
 * The same tree, config, timestamp, key and toolchain give the same image,
 * whatever the folders are called.
 *
 * @throws BootwrightError `BW-COMPILE-PATH`, `BW-COMPILE-HYPERVISOR`, `BW-TOOL-MISSING`,
 *   `BW-COMPILE-SIGNING-KEY`, `BW-COMPILE-SIGNING-MEANS`,
 *   `BW-COMPILE-CONFIG-CHANGED`, `BW-COMPILE-RELEASE`, `BW-COMPILE-FAILED` with the first error,
 *   `BW-COMPILE-MEMORY`, `BW-COMPILE-OUTPUT`, `BW-DISK-FULL`, `BW-INTERRUPTED`
 */
export async function compileKernel(request: CompileRequest): Promise<CompiledKernel> {
  const started = performance.now();
  const tree = resolve(request.tree);
  const folder = resolve(request.folder);
  assertBuildPath(tree, 'kernel tree');
  assertBuildPath(folder, 'folder of the objects');

  const config = await readTextFile(request.config, 'netboot config');
  const asked = readConfigValues(config);
  requireOwnStart(asked);
  for (const { name, purpose } of requiredTools(asked)) requireTool(name, purpose);
  await mkdir(join(folder, ownFolder), { recursive: true });
  if (signsModules(asked) && request.signing !== undefined) {
    await placeSigningKey(tree, folder, request.signing.keyFile, asked);
  }
  if (request.trustedKeys !== undefined) {
    await placeTrustedKeys(folder, request.trustedKeys, asked);
  }

  const wanted = request.target.kernelRelease;
  const release = releaseVariables(
    wanted,
    request.baseVersion,
    await fixedVersionPart(tree, folder, asked),
  );
  if (release === undefined) {
    throw new BootwrightError(
      'BW-COMPILE-RELEASE',
      `"${wanted}" cannot be made of the tree's version ${request.baseVersion} and CONFIG_LOCALVERSION=${asked.get('LOCALVERSION') ?? '""'}.`,
    );
  }
  const toolchain = await readToolchain();
  const debugInfo = debugInfoPlan(
    config,
    request.debugInfo,
    await readDebugInfoMeans(tree, toolchain.pahole),
  );
  const variables: MakeVariables = {
    ARCH: request.kbuildArch,
    ...request.toolVariables,
    ...warningVariables,
    ...release,
    KBUILD_BUILD_USER: 'bootwright',
    KBUILD_BUILD_HOST: 'netboot',
    KBUILD_BUILD_TIMESTAMP: buildTimestamp(request.timestamp),
    KBUILD_BUILD_VERSION: buildVersion,
    ...debugInfo.variables,
    KCPPFLAGS: prefixMapFlags(tree, folder, relative(folder, tree)),
  };
  const ccache: Ccache | undefined =
    request.ccache === 'off'
      ? undefined
      : await setUpCcache(join(folder, ownFolder, 'ccache'), commonFolder(tree, folder));
  const build: Build = {
    request,
    tree,
    folder,
    asked,
    variables,
    environment: makeEnvironment(ccache?.environment),
  };

  await request.step.step('Check config and release', () => settleConfig(build, config));
  const image = images[request.target.architecture];
  const goals = request.modules === 'all' ? [image.goal, 'modules'] : [image.goal];
  const objectsCompiled = await request.step.step('Compile', async (step) => {
    const count = await compileObjects({ ...build, request: { ...request, step } }, goals);
    step.note(`${count} objects`);
    return count;
  });

  const compiled = {
    image: join(folder, image.path),
    systemMap: join(folder, 'System.map'),
    moduleSymvers: join(folder, await symversName(folder, request.modules)),
    config: join(folder, '.config'),
  };
  await checkOutput(Object.values(compiled), request.log);
  const statistics = ccache === undefined ? undefined : await readCcacheStatistics(ccache);
  return {
    ...compiled,
    kernelRelease: wanted,
    objects: folder,
    makeVariables: variables,
    toolchain,
    debugInfo: { spared: debugInfo.spared, kept: debugInfo.kept },
    elapsed: performance.now() - started,
    objectsCompiled,
    ...(statistics === undefined ? {} : { ccache: statistics }),
  };
}
