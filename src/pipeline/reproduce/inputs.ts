import type { Manifest } from '../../bundle/manifest.ts';
import { readToolchain } from '../../kernel/compile/index.ts';
import { digestStock } from '../../kernel/stock/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, sha256File } from '../../system/files.ts';
import { toolVersions } from '../tool-versions.ts';

/** A program of which the bundle was made by another version than the one that is here. */
export interface OtherTool {
  readonly name: string;
  readonly original: string;
  readonly here: string;
}

function versions(tools: Manifest['toolchain']): ReadonlyMap<string, string> {
  return new Map(tools.map(({ name, version }) => [name, version]));
}

/** How two toolchains differ. */
export function otherTools(
  original: Manifest['toolchain'],
  here: Manifest['toolchain'],
): readonly OtherTool[] {
  const [before, now] = [versions(original), versions(here)];
  const names = [...new Set([...before.keys(), ...now.keys()])];
  return names
    .map((name) => ({
      name,
      original: before.get(name) ?? 'none',
      here: now.get(name) ?? 'none',
    }))
    .filter((tool) => tool.original !== tool.here);
}

/**
 * Makes sure that a source package is the one that a bundle was made from.
 *
 * @throws BootwrightError `BW-REPRODUCE-SOURCE`, `BW-FILE-MISSING`
 */
export async function requireSource({ source }: Manifest, srpm: string): Promise<void> {
  if (!(await exists(srpm))) {
    throw new BootwrightError('BW-FILE-MISSING', `There is no source package "${srpm}".`);
  }
  const found = await sha256File(srpm);
  if (found === source.sha256) return;
  throw new BootwrightError(
    'BW-REPRODUCE-SOURCE',
    `"${srpm}" has the SHA-256 ${found}; the bundle was made from ${source.fileName} with ${source.sha256}.`,
  );
}

/**
 * Makes sure that stock modules are those which a bundle was made with, if it was made with any.
 *
 * @param paths - what they are to be taken from
 * @throws BootwrightError `BW-REPRODUCE-STOCK`, `BW-USAGE`, and as digestStock() does
 */
export async function requireStock(
  { stock, target, settings }: Manifest,
  paths: readonly string[],
): Promise<void> {
  if (settings.modules !== 'stock') {
    if (paths.length === 0) return;
    throw new BootwrightError(
      'BW-USAGE',
      "The bundle's modules are not stock's: leave --stock out.",
    );
  }
  const wanted = stock?.sources ?? [];
  const found = await digestStock({ paths, release: target.kernelRelease });
  const digests = new Set(found.map(({ sha256 }) => sha256));
  const missing = wanted.filter(({ sha256 }) => !digests.has(sha256));
  if (missing.length === 0 && found.length === wanted.length) return;
  throw new BootwrightError(
    'BW-REPRODUCE-STOCK',
    `The bundle's modules were taken from ${wanted.map(({ name }) => name).join(', ')}; given: ${found.map(({ name }) => name).join(', ') || 'nothing'}.`,
    { excerpt: missing.map(({ name, sha256 }) => `missing: ${sha256}  ${name}`) },
  );
}

/**
 * Compares the tools of this host with those that made a bundle.
 *
 * @param any - whether others are good enough
 * @returns those that differ
 * @throws BootwrightError `BW-REPRODUCE-TOOLCHAIN`, `BW-TOOL-MISSING`
 */
export async function checkTools(
  { toolchain }: Manifest,
  any: boolean,
): Promise<readonly OtherTool[]> {
  const others = otherTools(toolchain, toolVersions(await readToolchain()));
  const [first] = others;
  if (first === undefined || any) return others;
  throw new BootwrightError(
    'BW-REPRODUCE-TOOLCHAIN',
    `The bundle's ${first.name} was "${first.original}", this host's is "${first.here}".`,
    {
      excerpt: others.map(
        ({ name, original, here }) => `${name}: the bundle's "${original}", here "${here}"`,
      ),
    },
  );
}
