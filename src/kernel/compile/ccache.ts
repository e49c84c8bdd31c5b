import { mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSystemError } from '../../system/errors/index.ts';
import { findTool } from '../../system/tools.ts';

/** What ccache did for one build. */
export interface CcacheStatistics {
  readonly hits: number;
  readonly misses: number;
  /** Calls that cannot be cached: linking, preprocessing only, files with `.incbin`. */
  readonly uncacheable: number;
}

/** How make is to be run so that it compiles through ccache. */
export interface Ccache {
  readonly environment: Readonly<Record<string, string>>;
  /** File that ccache writes one word a call to. */
  readonly statisticsLog: string;
}

/** Compilers that a build may call; those that are not installed are left out. */
const compilers = ['gcc', 'cc', 'g++'];

/** What they are links to: a script that calls ccache. */
const wrapper = fileURLToPath(new URL('ccache-compiler.sh', import.meta.url));

/** Makes a symbolic link, or leaves the one that is there if it is the same. */
async function pointTo(link: string, target: string): Promise<void> {
  try {
    if ((await readlink(link)) === target) return;
    await rm(link);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
  await symlink(target, link);
}

/**
 * Puts ccache before the compiler by a folder of symbolic links at the head of
 * PATH, as distros do. The name of the compiler stays `gcc`, so that neither
 * the config nor kbuild's recorded commands depend on whether there is a ccache.
 *
 * @param folder - where the links and the statistics log go. It is not made anew: what is left of
 *   a killed run may still compile through it
 * @param baseFolder - folder above tree and objects: paths below it are hashed
 *   relative to the objects, so that another workspace of the same layout hits
 * @returns undefined if ccache is not installed
 */
export async function setUpCcache(folder: string, baseFolder: string): Promise<Ccache | undefined> {
  if (findTool('ccache') === undefined) return undefined;
  await mkdir(folder, { recursive: true });
  for (const compiler of compilers) {
    if (findTool(compiler) !== undefined) await pointTo(join(folder, compiler), wrapper);
  }
  const statisticsLog = join(folder, 'statistics.log');
  await rm(statisticsLog, { force: true });
  const path = process.env.PATH ?? '';
  return {
    environment: {
      PATH: `${folder}${delimiter}${path}`,
      // Where ccache finds the compiler itself, and not the link again: the one that the config
      // was made with, whatever the user's own CCACHE_PATH may lead to.
      CCACHE_PATH: path,
      CCACHE_BASEDIR: baseFolder,
      CCACHE_STATSLOG: statisticsLog,
      // In depend mode ccache does not see what .incbin takes in: the image could come out with
      // the certificate of another key. So not even if ccache.conf has it, but where the script
      // knows that there is none.
      CCACHE_NODEPEND: '1',
    },
    statisticsLog,
  };
}

/**
 * Counts the results in a log of ccache's statistics (`stats_log`, from 4.4 on).
 * One call may leave several words; only the one that tells its result counts.
 */
export function countCcacheResults(log: string): CcacheStatistics {
  let hits = 0;
  let misses = 0;
  let uncacheable = 0;
  for (const word of log.split('\n')) {
    if (word === 'direct_cache_hit' || word === 'preprocessed_cache_hit') hits += 1;
    else if (word === 'cache_miss') misses += 1;
    else if (
      /^(called_for|unsupported|no_input|multiple_source|could_not|compile_failed|preprocessor_error|bad_|disabled|recache|autoconf)/.test(
        word,
      )
    )
      uncacheable += 1;
  }
  return { hits, misses, uncacheable };
}

/** The statistics of the calls since {@link setUpCcache}; undefined for a ccache that does not log them. */
export async function readCcacheStatistics(ccache: Ccache): Promise<CcacheStatistics | undefined> {
  try {
    return countCcacheResults(await readFile(ccache.statisticsLog, 'utf8'));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
