import {
  describeMediumPart,
  findMediumPart,
  type MediumPart,
  mediumParts,
} from '../../export/medium/parts.ts';
import { missingHeaderPackage } from '../../kernel/compile/required-tools.ts';
import { describePart, findPart, type PartName, partNames } from '../../lab/parts.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { run } from '../../system/process.ts';
import { findTool, knownTool, packagesHere, toolNames } from '../../system/tools.ts';
import type { StageName } from '../build.ts';
import { toolsOf } from '../preflight.ts';
import type { Finding, Job } from './finding.ts';

const jobOf: Readonly<Record<StageName, Job>> = {
  source: 'build',
  configure: 'build',
  compile: 'build',
  modules: 'bundle',
  bundle: 'bundle',
  proof: 'proof',
};

/**
 * What a build asks for only when it knows the kernel or the machine (see `requiredTools` of the
 * compile stage, and the lab), but a usual one cannot do without.
 */
const usual: Readonly<Record<string, Job>> = {
  pahole: 'build',
  python3: 'build',
  xz: 'build',
  gzip: 'build',
  rpcbind: 'proof',
};

/** Files of the default machine of a proof (virtio, BIOS: pxelinux, by HTTP); the others are of choice. */
const usualParts: readonly PartName[] = ['lpxelinux.0', 'ldlinux.c32'];

/** Headers that host programs of every distro kernel include: objtool, sign-file, modpost. */
const headers = ['stdio.h', 'gelf.h', 'openssl/opensslv.h'];

/** A program that does not tell its version in this time is not waited for, in milliseconds. */
const patience = 5_000;

/** The number in what a program prints when it is asked for its version. */
export function versionIn(text: string): string | undefined {
  return /\d+(?:\.\d+)+/.exec(text)?.[0] ?? /\bversion (\d+)\b/i.exec(text)?.[1];
}

async function versionOf(name: string, path: string): Promise<string> {
  const args = knownTool(name)?.version;
  if (args === null) return 'there';
  try {
    const { stdout, stderr } = await run(path, args ?? ['--version'], {
      timeout: patience,
      accept: [0, 1, 2],
    });
    return versionIn(stdout) ?? versionIn(stderr) ?? 'there';
  } catch (error) {
    if (error instanceof BootwrightError && error.code === 'BW-INTERRUPTED') throw error;
    return 'there, but does not tell its version';
  }
}

/** The first of the jobs that a program's absence prevents. */
function neededFor(name: string): Job | undefined {
  const stages = Object.entries(toolsOf) as [StageName, readonly string[]][];
  const stage = stages.find(([, names]) => names.includes(name))?.[0];
  return stage === undefined ? usual[name] : jobOf[stage];
}

async function lookAtProgram(name: string): Promise<Finding> {
  const tool = knownTool(name);
  const base = {
    group: 'programs' as const,
    name,
    ...(tool === undefined ? {} : { packages: packagesHere(tool) }),
  };
  const path = findTool(name);
  const purpose = tool?.purpose ?? 'work';
  if (path !== undefined) {
    return { ...base, state: 'ok', detail: await versionOf(name, path), purpose };
  }
  const job = neededFor(name);
  const lost = tool?.lost === undefined ? '' : `; without it, ${tool.lost}`;
  return {
    ...base,
    state: job === undefined ? 'poor' : 'missing',
    detail: 'missing',
    purpose: purpose + lost,
    ...(job === undefined ? {} : { prevents: job }),
  };
}

/** Every program that Bootwright runs, with its version, or what its absence means. */
export async function lookAtPrograms(): Promise<readonly Finding[]> {
  const asked = Object.values(toolsOf).flat();
  return Promise.all([...new Set([...toolNames, ...asked])].map(lookAtProgram));
}

async function lookAtHeader(header: string): Promise<Finding | undefined> {
  const base = { group: 'files' as const, name: `<${header}>` };
  const purpose = "compile the tree's host programs";
  try {
    await run('gcc', ['-E', '-x', 'c', '-o', '-', '-'], {
      input: `#include <${header}>\n`,
      timeout: patience,
    });
    return { ...base, state: 'ok', detail: 'there', purpose };
  } catch (error) {
    if (!(error instanceof BootwrightError) || error.code === 'BW-INTERRUPTED') throw error;
    // A missing compiler has been told already.
    if (error.code === 'BW-TOOL-MISSING') return undefined;
    const packages = missingHeaderPackage(header);
    return {
      ...base,
      state: 'missing',
      detail: 'missing',
      purpose,
      prevents: 'build',
      ...(packages === undefined ? {} : { remedy: `Install ${packages}.` }),
    };
  }
}

/** Files of a boot medium: nothing but that hangs on them. */
function lookAtMediumPart(name: MediumPart): Finding {
  const { what, packages } = describeMediumPart(name);
  const base = { group: 'files' as const, name, packages: packagesHere(packages) };
  try {
    return { ...base, state: 'ok', detail: findMediumPart(name), purpose: what };
  } catch (error) {
    if (!(error instanceof BootwrightError)) throw error;
    const purpose = `${what}; without it, no export --format iso`;
    return { ...base, state: 'poor', detail: 'missing', purpose };
  }
}

function lookAtPart(name: PartName): Finding {
  const { what, packages } = describePart(name);
  const base = { group: 'files' as const, name, packages: packagesHere(packages) };
  try {
    return { ...base, state: 'ok', detail: findPart(name), purpose: what };
  } catch (error) {
    if (!(error instanceof BootwrightError)) throw error;
    const isUsual = usualParts.includes(name);
    return {
      ...base,
      state: isUsual ? 'missing' : 'poor',
      detail: 'missing',
      purpose: `${what}${isUsual ? '' : '; without it, no proof that takes it'}`,
      ...(isUsual ? { prevents: 'proof' as const } : {}),
    };
  }
}

/** Headers for the compiler, loaders and firmware for a proof, what a boot medium is made of. */
export async function lookAtFiles(): Promise<readonly Finding[]> {
  const found = await Promise.all(headers.map(lookAtHeader));
  return [
    ...found.filter((each) => each !== undefined),
    ...partNames.map(lookAtPart),
    ...mediumParts.map(lookAtMediumPart),
  ];
}
