import { join } from 'node:path';
import { initcallModules } from '../../formats/system-map/index.ts';
import { parseModuleList } from '../../kernel/modules/module-tree.ts';
import type { KernelParameter } from '../../lab/boot/command-line.ts';
import { type CardName, cards } from '../../lab/qemu/cards.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, readTextFile, writeWhole } from '../../system/files.ts';
import type { Step } from '../../system/progress.ts';
import { readModulesFile } from '../inputs.ts';
import {
  type BundleProof,
  type BundleProofOptions,
  combinationName,
  proveUnpacked,
  type UnpackedBundle,
  withUnpacked,
  writeLatest,
} from '../prove-bundle.ts';
import { requirePassed } from '../prove-kernel.ts';
import type { Proof } from '../record.ts';
import type { StageTimes } from '../stages.ts';
import { blacklistOf, type IdleStart, idleStarts } from './idle-starts.ts';
import {
  type Initcall,
  initcallDebug,
  longestInitcalls,
  parseInitcalls,
  sumOfInitcalls,
} from './initcalls.ts';
import { partTimes, stageTime, timesOf } from './parts.ts';
import { type Profile, profileSchema, profileSchemaVersion } from './record.ts';

/** A proof, and where the time of its boot went; none if it failed. */
export interface ProfiledProof extends BundleProof {
  readonly profile?: { readonly profile: Profile; readonly record: string };
}

/** How many of the longest initcalls are kept. */
const kept = 12;

/** The name of a profile in a bundle's `proofs/`: not among the proofs, since it is none. */
function profileName(options: BundleProofOptions): string {
  return join('profile', combinationName(options));
}

/** Boots once more, with further parameters, for its console and times alone. */
async function bootWith(
  bundle: UnpackedBundle,
  options: BundleProofOptions,
  mark: string,
  parameters: readonly KernelParameter[],
  step: Step,
): Promise<{ readonly times: StageTimes; readonly console: string }> {
  const name = join(profileName(options), mark);
  const told = { ...options, parameters: [...(options.parameters ?? []), ...parameters] };
  const { proof, record } = await proveUnpacked(bundle, told, step, name);
  requirePassed(proof, record);
  const logs = join(bundle.folder, 'proofs', name);
  return {
    times: timesOf(proof),
    console: await readTextFile(join(logs, 'console.log'), 'console'),
  };
}

/** Finds the drivers in a bundle's image that only keep a machine with that card waiting. */
export async function idleStartsIn(
  { systemMap, modulesFolder }: Pick<UnpackedBundle, 'systemMap' | 'modulesFolder'>,
  calls: readonly Initcall[],
  nic: CardName,
): Promise<readonly IdleStart[]> {
  const map = (await exists(systemMap)) ? await readTextFile(systemMap, 'System.map') : '';
  return idleStarts(calls, {
    modules: initcallModules(map),
    builtIn: parseModuleList(await readModulesFile(modulesFolder, 'modules.builtin')),
    used: cards[nic].drivers,
  });
}

async function profileUnpacked(
  bundle: UnpackedBundle,
  options: BundleProofOptions,
  proof: Proof,
  step: Step,
): Promise<Profile> {
  const times = timesOf(proof);
  const { console } = await step.step('Boot again: initcalls', (booting) =>
    bootWith(bundle, options, 'initcalls', initcallDebug, booting),
  );
  const calls = parseInitcalls(console);
  if (calls.length === 0) {
    throw new BootwrightError(
      'BW-PROOF-LACKS',
      'This kernel does not tell of its initcalls, though it was told initcall_debug.',
      { hint: 'Prove without --profile: nothing but the profile needs it.' },
    );
  }
  const idle = await idleStartsIn(bundle, calls, options.nic);
  const blacklist = blacklistOf(idle);
  const without =
    idle.length === 0
      ? undefined
      : await step.step('Boot again: without what only waits', (booting) =>
          bootWith(bundle, options, 'without-idle', [blacklist], booting),
        );
  return profileSchema.parse({
    schemaVersion: profileSchemaVersion,
    time: new Date().toISOString(),
    title: proof.title,
    kernelRelease: proof.kernelRelease,
    bundle: bundle.manifest.id,
    initAt: stageTime(times, 'init'),
    parts: partTimes(times),
    initcalls: {
      count: calls.length,
      microseconds: sumOfInitcalls(calls),
      longest: longestInitcalls(calls, kept),
    },
    idle,
    without:
      without === undefined
        ? null
        : {
            parameter: `${blacklist.name}=${blacklist.value}`,
            initAt: stageTime(without.times, 'init'),
          },
  } satisfies Profile);
}

/**
 * Boots a bundle as `proveBundle()` does; then once more to see what its kernel does at its start,
 * and once more without the drivers that only kept it waiting, if there are any.
 *
 * @param path - the bundle's folder or archive
 * @returns the proof; with it the profile, which lies in the bundle's `proofs/profile/`, if it has passed
 * @throws BootwrightError as `proveBundle()` does; `BW-PROOF-FAILED` if one of the further boots
 *   fails; `BW-PROOF-LACKS` for a kernel that cannot tell
 */
export function profileBundle(
  path: string,
  options: BundleProofOptions,
  step: Step,
): Promise<ProfiledProof> {
  return withUnpacked(path, combinationName(options), options.signal, step, async (bundle) => {
    const { proof, record } = await step.step('Boot as it is', (booting) =>
      proveUnpacked(bundle, options, booting),
    );
    await writeLatest(bundle, options, proof);
    if (proof.verdict !== 'passed') return { proof, record };
    const profile = await profileUnpacked(bundle, options, proof, step);
    const file = join(bundle.folder, 'proofs', `${profileName(options)}.json`);
    await writeWhole(file, `${JSON.stringify(profile, undefined, 2)}\n`);
    return { proof, record, profile: { profile, record: file } };
  });
}
