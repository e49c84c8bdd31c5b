import { InvalidArgumentError } from 'commander';

/** Reads the value of `--jobs`. */
export function parseJobs(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 1024) {
    throw new InvalidArgumentError('It has to be a whole number from 1 to 1024.');
  }
  return jobs;
}
