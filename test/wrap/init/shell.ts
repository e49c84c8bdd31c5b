import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../src/wrap/init/', import.meta.url));

/** The scripts of init, in the order in which they are read. */
export const scripts = [
  'command-line',
  'drivers',
  'network',
  'root',
  'init',
  'lease',
  'modprobe',
].map((name) => `${folder}${name}.sh`);

/** Runs a few lines in the shell of the initramfs, with init's functions at hand. */
export function runShell(parts: readonly string[], lines: string): string {
  const sources = parts.map((part) => `. "${folder}${part}.sh"`).join('\n');
  return execFileSync('busybox', ['sh', '-eu', '-c', `set +e +u\n${sources}\n${lines}`], {
    encoding: 'utf8',
  }).trimEnd();
}
