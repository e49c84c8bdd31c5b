import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type KeptFile, keptFiles, layoutOf, type Manifest } from '../bundle/manifest.ts';
import { type Bundle, openBundle } from '../bundle/open.ts';
import { readMembers } from '../bundle/read-members.ts';
import { plainScopes, type WantedScope } from '../kernel/configure/scope.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { jail } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import type { BuildRequest } from './request.ts';

/** The options of `build` that a bundle answers for, as on the command line. */
export const repeatedOptions = [
  'arch',
  'variant',
  'config',
  'define',
  'scope',
  'promote',
  'exclude',
  'fragment',
  'patch',
  'with-module',
  'debug-info',
  'modules',
  'firmware-as',
  'format',
] as const;
export type RepeatedOption = (typeof repeatedOptions)[number];

/**
 * What a bundle's words tell of deviations that it has not kept for a machine, and that no option
 * of this call replaces.
 */
function missingParts({ settings }: Manifest, given: ReadonlySet<RepeatedOption>): string[] {
  const stock =
    settings.modules === 'stock' && !given.has('modules')
      ? ['the stock modules (--modules stock=PATH)']
      : [];
  if (settings.wishes !== undefined) return stock;
  const known: readonly RepeatedOption[] = ['debug-info', 'modules'];
  const lost = settings.deviations.flatMap(({ what, reason }) => {
    const option = repeatedOptions.find((name) => reason.startsWith(`--${name}`));
    const isCovered = option !== undefined && (known.includes(option) || given.has(option));
    return isCovered ? [] : [`${what}: ${reason}`];
  });
  return [...lost, ...stock];
}

/** A scope as a bundle has it; it may be of a newer version. */
function knownScope(name: string, fleet: string | undefined): WantedScope {
  const scope = plainScopes.find((known) => known === name);
  if (scope !== undefined) return scope;
  if (name === 'fleet' && fleet !== undefined) return { fleet };
  throw new BootwrightError(
    'BW-LIKE-INCOMPLETE',
    `The bundle's scope "${name}" is not known here.`,
    {
      hint: `Give another one (--scope ${plainScopes.join('|')}|fleet=FILE), or use a newer Bootwright.`,
    },
  );
}

/** Writes the files that a bundle keeps to a folder; gives their paths by their names in the archive. */
async function unpackKept(
  bundle: Bundle,
  folder: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const kept = keptFiles(bundle.manifest);
  const root = layoutOf(bundle.manifest.target.kernelRelease).kept;
  const contents = await readMembers(
    bundle,
    kept.map(({ path }) => path),
    signal,
  );
  const places = new Map<string, string>();
  for (const [path, content] of contents) {
    const place = jail(folder, path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content);
    places.set(path, place);
  }
  return places;
}

/**
 * Asks for the same again: a request with the settings of an earlier build's bundle, but for those
 * options that are given this time. Signing key, workspace, sandbox, jobs and proofs are not part
 * of it.
 *
 * @param path - the bundle's folder, its archive, or its manifest.json
 * @param given - the options that this call has itself: they count
 * @param folder - an empty folder; gets the files that the bundle has kept
 * @throws BootwrightError `BW-LIKE-INCOMPLETE`, and as openBundle() and readMembers() do
 */
async function requestLike(
  path: string,
  request: BuildRequest,
  given: ReadonlySet<RepeatedOption>,
  folder: string,
  signal?: AbortSignal,
): Promise<BuildRequest> {
  const bundle = await openBundle(path);
  const { target, settings, firmware: embedded } = bundle.manifest;
  const missing = missingParts(bundle.manifest, given);
  // Blobs are not kept a second time: whoever repeats the build has newer ones.
  const hasBlobs = embedded !== undefined && embedded.way !== null;
  if (hasBlobs && (request.firmware?.collections ?? []).length === 0) {
    missing.push('where its firmware came from (--firmware PATH)');
  }
  if (missing.length > 0) {
    throw new BootwrightError(
      'BW-LIKE-INCOMPLETE',
      `${bundle.manifest.id} does not hold: ${missing.join('; ')}.`,
    );
  }
  const places = await unpackKept(bundle, folder, signal);
  const place = (file: KeptFile | undefined): string | undefined =>
    file === undefined ? undefined : places.get(file.path);
  /** What this call gives, or else what the bundle has. */
  const either = <Value>(option: RepeatedOption, own: Value, theirs: Value): Value =>
    given.has(option) ? own : theirs;

  const { wishes } = settings;
  const { promote = [], exclude = [], fragment: ownFragment } = request.wishes ?? {};
  const fragment = either('fragment', ownFragment, place(wishes?.fragment));
  const variant = either('variant', request.variant, target.variant);
  const config = either('config', request.config, place(wishes?.config));
  const { variant: _, config: __, ...rest } = request;
  const { firmware } = request;
  const way = either('firmware-as', firmware?.way ?? 'auto', embedded?.way ?? 'auto');
  return {
    ...rest,
    ...(firmware === undefined ? {} : { firmware: { ...firmware, way } }),
    ...(variant === undefined ? {} : { variant }),
    ...(config === undefined ? {} : { config }),
    architecture: either('arch', request.architecture, target.architecture),
    defines: either('define', request.defines, wishes?.defines ?? {}),
    scope: given.has('scope')
      ? request.scope
      : knownScope(settings.scope, place(settings.fleet?.file)),
    wishes: {
      promote: either('promote', promote, wishes?.promote ?? []),
      exclude: either('exclude', exclude, wishes?.exclude ?? []),
      ...(fragment === undefined ? {} : { fragment }),
    },
    patches: either(
      'patch',
      request.patches ?? [],
      (wishes?.patches ?? []).flatMap((file) => place(file) ?? []),
    ),
    drivers: either(
      'with-module',
      request.drivers ?? [],
      (wishes?.drivers ?? []).flatMap(({ builtIn, files: [first] }) => {
        const file = place(first);
        if (first === undefined || file === undefined) return [];
        return [{ folder: file.slice(0, -first.name.length - 1), builtIn }];
      }),
    ),
    debugInfo: either('debug-info', request.debugInfo, settings.debugInfo),
    // One of stock modules is incomplete without them: it does not come here.
    modules: either(
      'modules',
      request.modules,
      settings.modules === 'stock' ? 'all' : settings.modules,
    ),
    format: either('format', request.format, bundle.format),
  };
}

/**
 * Does some work with the request that {@link requestLike} makes. The files that the bundle has kept
 * are there for as long.
 */
export async function likeBundle<Result>(
  path: string,
  request: BuildRequest,
  given: ReadonlySet<RepeatedOption>,
  { step, signal }: { readonly step: Step; readonly signal?: AbortSignal },
  work: (request: BuildRequest) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'bootwright-like-'));
  try {
    const repeated = await requestLike(path, request, given, folder, signal);
    const { manifest } = await openBundle(path);
    const deviations = manifest.settings.deviations.map(({ what }) => what).join(', ');
    step.info(`Asks for what ${manifest.id} was asked for; deviations: ${deviations || 'none'}.`);
    return await work(repeated);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
