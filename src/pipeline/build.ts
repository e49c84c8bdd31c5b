import { join } from 'node:path';
import { BootwrightError } from '../system/errors/index.ts';
import { exists } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import { type Given, readGiven } from './given.ts';
import { makeImage } from './image.ts';
import { lockWorkspace } from './lock.ts';
import { checkHost } from './preflight.ts';
import type { BuildRequest } from './request.ts';
import { type Plan, planStage, runStage, type Stage, type StageOutcome } from './stage.ts';
import { type BundleResult, bundleStage } from './stages/bundle.ts';
import { changedSource, changesStage } from './stages/changes.ts';
import { modulesStage } from './stages/modules.ts';
import { type ProofResult, proofStage } from './stages/proof.ts';
import { findSigningKey, type SigningResult } from './stages/signing.ts';
import { type SourceResult, sourceStage } from './stages/source.ts';
import { stockStage } from './stages/stock.ts';
import { stockIndexStage } from './stages/stock-index.ts';
import { vendorStage } from './stages/vendor.ts';
import { openWorkspace, type Workspace, workspaceAt } from './workspace.ts';

/** The stages of a build, in order. */
export const stageNames = ['source', 'configure', 'compile', 'modules', 'bundle', 'proof'] as const;
export type StageName = (typeof stageNames)[number];

/** What came of a build, as far as it went. */
export interface BuildOutcome {
  /** The last stage that was reached. */
  readonly until: StageName;
  readonly workspace: string;
  /** Absent if the build was to end earlier. */
  readonly bundle?: BundleResult;
  readonly proofs: readonly ProofResult[];
}

/** Does a stage, or says that it is not to be done (any more). */
export type Perform = <Result>(
  name: StageName,
  stage: Stage<Result>,
) => Promise<StageOutcome<Result> | undefined>;

/** Finds the key to sign with, given the netboot config. */
export type FindKey = (config: string) => Promise<SigningResult>;

/** The chain of stages: each gets what the earlier ones have made. It ends where `perform` gives nothing. */
async function chain(
  request: BuildRequest,
  { drivers }: Given,
  workspace: Workspace,
  first: Stage<SourceResult>,
  perform: Perform,
  findKey: FindKey,
): Promise<Omit<BuildOutcome, 'workspace'>> {
  const nothing = { proofs: [] };
  const prepared = await perform('source', first);
  if (prepared === undefined) return { until: 'source', ...nothing };
  const changing = await changesStage(request, workspace, prepared, drivers);
  const changes = changing === undefined ? undefined : await perform('source', changing);
  if (changing !== undefined && changes === undefined) return { until: 'source', ...nothing };
  const source = changes === undefined ? prepared : changedSource(prepared, changes);
  const finding = await stockStage(request, workspace, source);
  const stock = finding === undefined ? undefined : await perform('source', finding);
  if (finding !== undefined && stock === undefined) return { until: 'source', ...nothing };
  const image = await makeImage(
    { request, drivers, workspace, source, ...(stock === undefined ? {} : { stock }) },
    perform,
    findKey,
  );
  if ('until' in image) return { ...image, ...nothing };
  const { configured, compiled } = image;
  const asModules = drivers.filter(({ builtIn }) => !builtIn);
  const vendor =
    asModules.length === 0
      ? undefined
      : await perform('compile', vendorStage(request, workspace, source, compiled, asModules));
  if (asModules.length > 0 && vendor === undefined) return { until: 'configure', ...nothing };
  const modules = await perform(
    'modules',
    modulesStage(request, workspace, source, compiled, vendor, stock),
  );
  if (modules === undefined) return { until: 'compile', ...nothing };
  const indexing = await stockIndexStage(request, workspace, { source, configured, modules });
  const stockIndex = indexing === undefined ? undefined : await perform('bundle', indexing);
  if (indexing !== undefined && stockIndex === undefined) return { until: 'modules', ...nothing };
  const bundle = await perform(
    'bundle',
    await bundleStage(request, workspace, {
      ...image,
      source,
      modules,
      drivers,
      ...(stock === undefined ? {} : { stock }),
      ...(stockIndex === undefined ? {} : { stockIndex }),
    }),
  );
  if (bundle === undefined) return { until: 'modules', ...nothing };
  const proofs: ProofResult[] = [];
  for (const machine of request.proofs) {
    const proof = await perform('proof', proofStage(machine, bundle));
    if (proof === undefined) return { until: 'bundle', bundle: bundle.result, proofs };
    proofs.push(proof.result);
  }
  return { until: proofs.length > 0 ? 'proof' : 'bundle', bundle: bundle.result, proofs };
}

/**
 * Builds and proves a netboot bundle, or as much of it as is asked for. What an
 * earlier run has finished and nothing has changed since is kept.
 *
 * @param until - the last stage to do
 * @throws BootwrightError whatever the stages throw, `BW-WORKSPACE-…`
 */
export async function build(
  request: BuildRequest,
  until: StageName,
  step: Step,
  signal?: AbortSignal,
): Promise<BuildOutcome> {
  const workspace = workspaceAt(request.workspace);
  const last = stageNames.indexOf(until);
  checkHost(stageNames.slice(0, last + 1));
  // A bad package or patch is told before anything is made.
  const given = await readGiven(request);
  const first = await sourceStage(request, workspace, signal);
  await openWorkspace(workspace);
  const unlock = lockWorkspace(workspace.folder);
  try {
    const perform: Perform = async (name, stage) => {
      if (stageNames.indexOf(name) > last) return undefined;
      return runStage(stage, workspace.seals, step, {
        log: join(workspace.logs, `${stage.name}.log`),
        ...(signal === undefined ? {} : { signal }),
      });
    };
    const findKey: FindKey = (config) => findSigningKey(request, workspace, config, step, signal);
    const outcome = await chain(request, given, workspace, first, perform, findKey);
    return { ...outcome, workspace: workspace.folder };
  } finally {
    unlock();
  }
}

/**
 * Says which stages a build would run and why, without touching anything.
 *
 * @throws BootwrightError if the source package or the workspace's path is bad
 */
export async function planBuild(
  request: BuildRequest,
  until: StageName,
  step: Step,
  signal?: AbortSignal,
): Promise<readonly Plan[]> {
  const workspace = workspaceAt(request.workspace);
  const wanted = stageNames.slice(0, stageNames.indexOf(until) + 1);
  const plans: Plan[] = [];
  const reached = new Set<StageName>();
  const perform: Perform = async (name, stage) => {
    if (!wanted.includes(name)) return undefined;
    reached.add(name);
    const { plan, outcome } = await planStage(stage, workspace.seals);
    plans.push(plan);
    return outcome;
  };
  // A key that is not there yet is not made for a plan: then nothing has been compiled with it either.
  const hasKey = request.signKey !== undefined || (await exists(workspace.keys));
  const findKey: FindKey = (config) =>
    hasKey ? findSigningKey(request, workspace, config, step, signal) : Promise.resolve({});
  const given = await readGiven(request);
  const first = await sourceStage(request, workspace, signal);
  await chain(request, given, workspace, first, perform, findKey);
  for (const name of wanted) {
    if (reached.has(name)) continue;
    plans.push({ stage: name, title: titles[name], action: 'run', why: 'an earlier stage runs' });
  }
  return plans;
}

/** What the stages are called before their inputs are known. */
const titles: Readonly<Record<StageName, string>> = {
  source: 'Prepare the source',
  configure: 'Configure for netboot',
  compile: 'Compile the kernel',
  modules: 'Install the modules',
  bundle: 'Pack the bundle',
  proof: 'Prove by a PXE boot',
};

/**
 * Parses the name of a stage.
 *
 * @throws BootwrightError `BW-STAGE-UNKNOWN`
 */
export function parseStageName(text: string): StageName {
  const name = stageNames.find((stage) => stage === text);
  if (name !== undefined) return name;
  throw new BootwrightError('BW-STAGE-UNKNOWN', `"${text}" is none of ${stageNames.join(', ')}.`);
}
