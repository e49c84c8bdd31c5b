import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { z } from 'zod';
import { BootwrightError, toBootwrightError } from '../../system/errors/index.ts';
import type { Defaults } from './schema.ts';

/** The file of defaults in the folder where the command runs. */
const folderFileName = 'bootwright.json';

/** A file of defaults that is there. */
export interface DefaultsFile {
  /** Absolute. */
  readonly path: string;
  /** Whether it is that of the folder, which may be anybody's, and not that of the person. */
  readonly isOfFolder: boolean;
}

/**
 * The files of defaults that there are, the nearer one last. (The person's: XDG Base Directory
 * Specification, which wants a path that is not absolute to be ignored.)
 */
export function findDefaultsFiles(
  folder = process.cwd(),
  env: NodeJS.ProcessEnv = process.env,
): readonly DefaultsFile[] {
  const asked = env.XDG_CONFIG_HOME ?? '';
  const base = isAbsolute(asked) ? asked : join(homedir(), '.config');
  return [
    { path: join(base, 'bootwright', 'config.json'), isOfFolder: false },
    { path: resolve(folder, folderFileName), isOfFolder: true },
  ].filter(({ path }) => existsSync(path));
}

/**
 * A file in the folder where somebody happens to work could switch the sandbox off, or name macros
 * that run programs. So it counts only if nobody but this person (or root) can have written it.
 */
function requireTrusted(path: string): void {
  const { uid, mode } = statSync(path);
  const own = [process.getuid?.(), 0, Number(process.env.SUDO_UID ?? 0)];
  const isForeign = !own.includes(uid);
  if (!isForeign && (mode & 0o002) === 0) return;
  throw new BootwrightError(
    'BW-DEFAULTS-FOREIGN',
    `"${path}" ${isForeign ? `belongs to another user (id ${uid})` : 'can be written by everybody'}.`,
  );
}

function keyOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the file as a whole' : `"${path.map(String).join('.')}"`;
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return `${keyOf(issue.path)}: ${issue.message}.`;
  const key = keyOf([...issue.path, issue.keys[0] ?? '']);
  return `${key} is no command or option that a default can be given for.`;
}

/**
 * Reads a file of defaults.
 *
 * @throws BootwrightError `BW-DEFAULTS-INVALID` with the file and the key, `BW-DEFAULTS-FOREIGN`,
 *   `BW-FILE-ACCESS`
 */
export function readDefaultsFile(file: DefaultsFile, schema: z.ZodType<Defaults>): Defaults {
  let text: string;
  try {
    if (file.isOfFolder) requireTrusted(file.path);
    text = readFileSync(file.path, 'utf8');
  } catch (error) {
    throw toBootwrightError(error);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BootwrightError('BW-DEFAULTS-INVALID', `"${file.path}" is no JSON: ${why}.`, {
      cause: error,
    });
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BootwrightError(
    'BW-DEFAULTS-INVALID',
    `"${file.path}": ${issue === undefined ? parsed.error.message : problemOf(issue)}`,
  );
}
