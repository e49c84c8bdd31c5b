import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for what is kept between runs and can be made again (XDG Base
 * Directory Specification: `$XDG_CACHE_HOME`, else `~/.cache`).
 *
 * @param name - what is kept there
 */
export function cacheFolder(name: string): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'bootwright', name);
}
