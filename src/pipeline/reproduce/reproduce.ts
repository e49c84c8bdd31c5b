import { mkdir, rm, symlink } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Bundle, openBundle } from '../../bundle/open.ts';
import { compareFiles, type UnpackedBundle } from '../../bundle/reproduction/compare.ts';
import { unpackBundle } from '../../bundle/unpack.ts';
import type { SandboxMode } from '../../kernel/source/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, jail, sha256, sha256File, writeWhole } from '../../system/files.ts';
import { shellQuote } from '../../system/process.ts';
import type { Step } from '../../system/progress.ts';
import { build } from '../build.ts';
import { likeBundle, type RepeatedOption } from '../like.ts';
import type { BuildRequest } from '../request.ts';
import type { BundleResult } from '../stages/bundle.ts';
import { runDiffoscope } from './diffoscope.ts';
import { openReproduction, type ReproductionFolder } from './folder.ts';
import { checkTools, requireSource, requireStock } from './inputs.ts';
import type { Reproduction } from './report.ts';
import { findSigning, type Signing } from './signing.ts';
import { inOtherSurroundings, type Surroundings } from './surroundings.ts';

/** What `bootwright reproduce` is asked for. */
export interface ReproduceRequest {
  /** The bundle's folder, its archive, or its manifest.json. */
  readonly bundle: string;
  /** Path of the source package. */
  readonly srpm: string;
  /** Where; without it, a new folder below bootwright-work/. */
  readonly folder?: string;
  /** PEM file with the private key and certificate that the bundle was made with. */
  readonly signKey?: string;
  /** Where the bundle's modules are taken from, if they are stock's. */
  readonly stock: readonly string[];
  /** How many compilers run at once. */
  readonly jobs: number;
  /** Compile through the user's ccache. */
  readonly ccache: boolean;
  readonly sandbox: SandboxMode;
  /** Build with the tools that are here, whatever made the bundle. */
  readonly anyToolchain: boolean;
  /** Leave everything that was built, even if it is the same. */
  readonly keep: boolean;
}

/** Unpacks a bundle, with its manifest, in place of what an earlier run has left there. */
async function unpack(
  bundle: Bundle,
  folder: string,
  step: Step,
  signal?: AbortSignal,
): Promise<UnpackedBundle> {
  await rm(folder, { recursive: true, force: true });
  await unpackBundle(bundle, folder, { step, ...(signal === undefined ? {} : { signal }) });
  await writeWhole(`${folder}/manifest.json`, bundle.manifestText);
  return { manifest: bundle.manifest, manifestText: bundle.manifestText, folder };
}

/** What stands for all bytes of a bundle: its archive, or the manifest, which has the digests of all files. */
async function digestOf({ archive, format, manifestText }: Bundle): Promise<string> {
  return format === 'folder' ? sha256(manifestText) : sha256File(archive);
}

/** The source package under the name that the manifest has for it: the name is part of the bundle. */
async function nameSource(bundle: Bundle, srpm: string, folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const link = jail(folder, basename(bundle.manifest.source.fileName));
  await symlink(resolve(srpm), link);
  return link;
}

/** The request of the second build, as far as the bundle does not answer for it. */
function plainRequest(
  request: ReproduceRequest,
  srpm: string,
  places: ReproductionFolder,
  signing: Signing,
): BuildRequest {
  return {
    srpm,
    workspace: places.workspace,
    architecture: 'x86_64',
    defines: {},
    sandbox: request.sandbox,
    scope: 'network-devices',
    debugInfo: 'auto',
    modules: request.stock.length > 0 ? { stock: request.stock } : 'all',
    jobs: request.jobs,
    ccache: request.ccache ? 'auto' : 'off',
    ...signing.request,
    format: 'tar.zst',
    proofs: [],
  };
}

/** Builds a bundle anew by its own settings. */
async function rebuild(
  request: BuildRequest,
  bundle: string,
  step: Step,
  signal?: AbortSignal,
): Promise<BundleResult> {
  const options = { step, ...(signal === undefined ? {} : { signal }) };
  const given = new Set<RepeatedOption>(typeof request.modules === 'object' ? ['modules'] : []);
  const outcome = await likeBundle(bundle, request, given, options, (asked) =>
    build(asked, 'bundle', step, signal),
  ).catch((error: unknown) => {
    if (!(error instanceof BootwrightError) || error.code !== 'BW-LIKE-INCOMPLETE') throw error;
    throw new BootwrightError('BW-LIKE-INCOMPLETE', error.message, {
      cause: error,
      hint: 'It cannot be built the same from itself alone. Build it anew with this version of Bootwright; that bundle can.',
    });
  });
  if (outcome.bundle === undefined) throw new Error('a build up to the bundle made none');
  return outcome.bundle;
}

/** Unpacks the bundle and finds what to sign with; leaves nothing if that fails. */
async function prepare(
  bundle: Bundle,
  { signKey }: ReproduceRequest,
  places: ReproductionFolder,
  step: Step,
  signal?: AbortSignal,
): Promise<{ readonly original: UnpackedBundle; readonly signing: Signing }> {
  try {
    const original = await step.step('Unpack the bundle', (part) =>
      unpack(bundle, places.original, part, signal),
    );
    const home = bundle.folder === undefined ? undefined : resolve(bundle.folder);
    const signing = await findSigning(original, home, signKey, places.signing, step, signal);
    return { original, signing };
  } catch (error) {
    // Nothing has been built yet that anybody could go on with.
    if (!(await exists(places.workspace))) {
      await rm(places.folder, { recursive: true, force: true });
    }
    throw error;
  }
}

/** Builds the bundle in other surroundings; says how to go on if it is stopped. */
async function rebuildElsewhere(
  bundle: Bundle,
  request: ReproduceRequest,
  places: ReproductionFolder,
  signing: Signing,
  step: Step,
  signal?: AbortSignal,
): Promise<{ readonly made: BundleResult; readonly surroundings: Surroundings }> {
  const srpm = await nameSource(bundle, request.srpm, places.input);
  const plain = plainRequest(request, srpm, places, signing);
  try {
    return await inOtherSurroundings(places.home, request.ccache, async (surroundings) => ({
      surroundings,
      made: await rebuild(plain, request.bundle, step, signal),
    }));
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    const occasion = error instanceof BootwrightError ? error.occasion : { cause: error };
    throw new BootwrightError('BW-INTERRUPTED', 'The build was stopped.', {
      ...occasion,
      hint: `To go on, run the same command with --workspace ${shellQuote(places.folder)}; or delete that folder.`,
    });
  }
}

/**
 * Builds a bundle a second time, from its source package and its own settings, in another folder,
 * with another number of jobs, umask, user name and home, and compares the two byte for byte.
 *
 * What was built is removed when it is the same, and left to be looked at otherwise. A run that was
 * stopped goes on where it was if it is given the same folder.
 *
 * @returns what came out; see reproductionError()
 * @throws BootwrightError `BW-REPRODUCE-SOURCE`, `BW-REPRODUCE-STOCK`, `BW-REPRODUCE-TOOLCHAIN`,
 *   `BW-REPRODUCE-KEY`, `BW-REPRODUCE-FOLDER`, `BW-LIKE-INCOMPLETE`, and as openBundle(),
 *   unpackBundle() and build() do
 */
export async function reproduce(
  request: ReproduceRequest,
  step: Step,
  signal?: AbortSignal,
): Promise<Reproduction> {
  const bundle = await openBundle(request.bundle);
  const { manifest } = bundle;
  const otherTools = await checkTools(manifest, request.anyToolchain);
  await step.step('Check the source package', async () => {
    await requireSource(manifest, request.srpm);
    await requireStock(manifest, request.stock);
  });
  const places = await openReproduction(request.folder, manifest.contentKey);
  step.info(`Builds in ${places.folder}.`);
  const { original, signing } = await prepare(bundle, request, places, step, signal);
  const { made, surroundings } = await rebuildElsewhere(
    bundle,
    request,
    places,
    signing,
    step,
    signal,
  );

  const second = await openBundle(made.folder);
  const [before, after] = [await digestOf(bundle), await digestOf(second)];
  const isSame = before === after;
  const differences = isSame
    ? []
    : await step.step('Compare the two', async (part) =>
        compareFiles(original, await unpack(second, places.rebuilt, part, signal), part, signal),
      );
  const diffoscope = await runDiffoscope(differences, places, step, signal);
  const keeps = request.keep || !isSame;
  const reproduction: Reproduction = {
    schema: 'bootwright/reproduction',
    version: 1,
    bundle: manifest.id,
    verdict: isSame ? 'same' : 'different',
    original: { path: bundle.archive, sha256: before },
    rebuilt: { path: second.archive, sha256: after },
    signedWith: signing.signedWith,
    build: {
      folder: places.workspace,
      jobs: request.jobs,
      ccache: request.ccache,
      ...surroundings,
    },
    otherTools,
    differences,
    diffoscope,
    ...(keeps ? { kept: places.folder } : {}),
  };
  if (keeps) await writeWhole(places.report, `${JSON.stringify(reproduction, undefined, 2)}\n`);
  else await rm(places.folder, { recursive: true, force: true });
  return reproduction;
}
