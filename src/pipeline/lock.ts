import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';

/** Who holds a workspace: for the message only; the lock itself is the database's. */
const holderSchema = z.object({ pid: z.number(), command: z.string(), since: z.string() });

function describeHolder(path: string): string {
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return `process ${holder.pid} (${holder.command}), since ${holder.since}`;
  } catch {
    // The holder has not written it yet.
    return 'another process';
  }
}

/**
 * Locks a workspace for this process. The lock is SQLite's exclusive lock, that
 * is an fcntl(2) lock of the operating system: it goes with the process, however
 * that ends, so there is no stale lock to clean up.
 *
 * @returns what gives the lock back
 * @throws BootwrightError `BW-WORKSPACE-BUSY` with the holder's process id
 */
export function lockWorkspace(folder: string): () => void {
  const holderFile = join(folder, 'lock.json');
  const database = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) {
      throw new BootwrightError(
        'BW-WORKSPACE-BUSY',
        `"${folder}" is held by ${describeHolder(holderFile)}.`,
        { cause: error },
      );
    }
    throw error;
  }
  try {
    writeFileSync(
      holderFile,
      `${JSON.stringify({
        pid: process.pid,
        command: ['bootwright', ...process.argv.slice(2)].join(' '),
        since: new Date().toISOString(),
      })}\n`,
    );
  } catch (error) {
    if (!isSystemError(error)) throw error;
    database.close();
    throw error;
  }
  return () => database.close();
}
