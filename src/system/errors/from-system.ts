import { BootwrightError } from './bootwright-error.ts';

/** An error of the operating system as Node throws it. */
interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

/** Whether a thrown value is an operating-system error, with one of the codes if any are given. */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is SystemError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^E[A-Z0-9]+$/.test(error.code) &&
    (codes.length === 0 || codes.includes(error.code))
  );
}

/**
 * Turns whatever was thrown into an error that a person can read. Errors of
 * the table pass through; the common system errors get their row; the rest is
 * reported as a defect, with its stack in the excerpt.
 */
export function toBootwrightError(error: unknown): BootwrightError {
  if (error instanceof BootwrightError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new BootwrightError('BW-INTERRUPTED', 'The run was stopped.', { cause: error });
  }
  if (isSystemError(error)) {
    const where = error.path === undefined ? '' : ` "${error.path}"`;
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
      return new BootwrightError('BW-DISK-FULL', `No space is left for${where || ' a file'}.`, {
        cause: error,
      });
    }
    if (error.code === 'ENOENT') {
      return new BootwrightError('BW-FILE-MISSING', `There is no file${where}.`, { cause: error });
    }
    if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) {
      return new BootwrightError('BW-FILE-ACCESS', `Access to${where} is denied (${error.code}).`, {
        cause: error,
      });
    }
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 8) : [];
  return new BootwrightError('BW-INTERNAL', message, { cause: error, excerpt: stack });
}
