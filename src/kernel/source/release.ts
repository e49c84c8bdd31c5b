import { BootwrightError } from '../../system/errors/index.ts';
import { type Architecture, type KernelTarget, kernelTargetSchema } from '../target.ts';
import type { SourcePackage } from './package.ts';
import type { ExpandedSpec } from './rpmbuild.ts';

/** How often a shell variable of a spec may be defined by another one. */
const maxDepth = 5;

/** How many variables of a spec are looked up: those of EL need a dozen. */
const maxLookups = 500;

/** Longer lines, in characters, set no release. */
const maxLine = 2000;

/** `$name`, `${name}`, or `${name:+text}`, where the text may have variables of its own. */
const shellVariable = /\$(?:(\w+)|\{(\w+)(?::\+((?:[^${}]|\$\w+|\$\{\w+\})*))?\})/g;

/**
 * What a text of a spec's shell function stands for, with its variables: the one that is a
 * parameter of the function (`Variant=$1`) is the kernel's variant, as in
 * `KernelVer=6.12.0-1.el10.x86_64${Variant:++${Variant}}`.
 *
 * @param before - the lines of the spec above, the nearest last: where variables are assigned
 * @returns undefined if it is made by other means (`$(…)`, a variable from elsewhere)
 */
function resolveShell(
  text: string,
  before: readonly string[],
  variant: string,
  lookups: { left: number },
  depth = maxDepth,
): string | undefined {
  if (depth === 0) return undefined;
  const shellValue = (name: string): string | undefined => {
    if (--lookups.left < 0) return undefined;
    const assigned = new RegExp(`^\\s*(?:local\\s+)?${name}=(.*)$`, 's');
    const line = before.findLast((each) => assigned.test(each)) ?? '';
    const value = assigned.exec(line)?.[1]?.trimEnd();
    if (value === undefined) return undefined;
    if (/^"?\$\{?\d\}?"?$/.test(value)) return variant;
    return resolveShell(value, before, variant, lookups, depth - 1);
  };
  let known = true;
  const resolved = text
    .replace(/^(["'])(.*)\1$/, '$2')
    .replace(shellVariable, (_, bare?: string, braced?: string, alternative?: string) => {
      const value = shellValue(bare ?? braced ?? '');
      if (value === undefined) known = false;
      if (alternative === undefined || value === '' || value === undefined) return value ?? '';
      const inner = resolveShell(alternative, before, variant, lookups, depth - 1);
      if (inner === undefined) known = false;
      return inner ?? '';
    });
  return known && !/[$`\s]/.test(resolved) ? resolved : undefined;
}

/**
 * The release that a spec's `%build` gives to the kernel of a variant: what it sets `KernelVer` to
 * (all of EL's specs, and those derived from them, name the folder of the modules by it), else
 * what it writes as the Makefile's `EXTRAVERSION`.
 *
 * The spec's Provides are no match for it: they cannot have a hyphen (the release of `rt-debug` is
 * `…+rt-debug`, provided as `…+rt_debug`), and EL 10 provides `…++rt` for `…+rt`.
 *
 * @param spec - the text of the spec with its macros expanded
 * @param baseVersion - the version in the tree's Makefile
 */
export function builtRelease(
  spec: string,
  variant: string | undefined,
  baseVersion: string,
): string | undefined {
  const lines = spec.split('\n').filter((line) => line.length <= maxLine);
  const lookups = { left: maxLookups };
  for (const [pattern, prefix] of [
    [/^\s*KernelVer=(\S+)\s*$/, ''],
    [/s[/@]\^EXTRAVERSION\S*[/@]EXTRAVERSION = (\S+?)[/@]/, baseVersion],
  ] as const) {
    for (const [i, line] of lines.entries()) {
      const text = pattern.exec(line)?.[1];
      if (text === undefined) continue;
      const resolved = resolveShell(text, lines.slice(0, i), variant ?? '', lookups);
      // An older spec takes no variants: its one release is the plain kernel's.
      const tells = variant === undefined || resolved?.includes(variant) === true;
      if (resolved !== undefined && tells) return `${prefix}${resolved}`;
    }
  }
  return undefined;
}

/** The release that the packages of a variant provide: `kernel-core-uname-r`, `kernel-uname-r`. */
function providedRelease(
  name: string,
  provides: ExpandedSpec['provides'],
  variant: string | undefined,
): string | undefined {
  const base = variant === undefined ? name : `${name}-${variant}`;
  // From EL 8 on the kernel itself is in kernel-core.
  for (const provider of [`${base}-core`, base]) {
    const provided = provides.get(provider);
    for (const capability of [`${base}-core-uname-r`, `${name}-uname-r`, 'kernel-uname-r']) {
      const release = provided?.get(capability);
      if (release !== undefined) return release;
    }
  }
  return undefined;
}

/**
 * The kernel target with the `uname -r` that the stock kernel has: as the spec's `%build` makes it,
 * else as its packages provide it, else by EL's rule.
 *
 * @param baseVersion - the version in the tree's Makefile
 * @throws BootwrightError `BW-SOURCE-RELEASE`
 */
export function makeTarget(
  source: Pick<SourcePackage, 'name' | 'version' | 'release' | 'dist'>,
  spec: Pick<ExpandedSpec, 'provides' | 'text'>,
  architecture: Architecture,
  variant: string | undefined,
  baseVersion: string,
): KernelTarget {
  const suffix = variant === undefined ? '' : `+${variant}`;
  const release =
    builtRelease(spec.text, variant, baseVersion) ??
    providedRelease(source.name, spec.provides, variant) ??
    `${source.version}-${source.release}.${architecture}${suffix}`;
  if (!release.startsWith(baseVersion)) {
    throw new BootwrightError(
      'BW-SOURCE-RELEASE',
      `The package's kernel is ${release}, but the Makefile of its tree says ${baseVersion}.`,
    );
  }
  const target = kernelTargetSchema.safeParse({
    distro: source.dist?.slice(1) ?? 'unknown',
    name: source.name,
    version: source.version,
    release: source.release,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    kernelRelease: release,
  });
  if (!target.success) {
    const [issue] = target.error.issues;
    throw new BootwrightError(
      'BW-SOURCE-RELEASE',
      `"${release}": ${issue?.path.join('.')} ${issue?.message}.`,
    );
  }
  return target.data;
}
