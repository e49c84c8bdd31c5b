import type { KnownErrorCode } from '../system/errors/index.ts';

/** One thing that is not as it should be in a bundle. */
export interface Finding {
  readonly code: Extract<KnownErrorCode, `BW-BUNDLE-${string}`>;
  /** The file that it is about: a name in the archive, or in the bundle's folder. */
  readonly file: string;
  /** What is the matter with the file, as the end of a sentence that begins with its name. */
  readonly problem: string;
  readonly expected?: string;
  readonly found?: string;
}

/** A finding in one line. */
export function describeFinding({ file, problem, expected, found }: Finding): string {
  const words = [`${file} ${problem}`];
  if (expected !== undefined) words.push(`expected ${expected}`);
  if (found !== undefined) words.push(`found ${found}`);
  return words.join(', ');
}
