import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { z } from 'zod';
import { buildCommand } from './commands/build.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { proveCommand } from './commands/prove.ts';
import { showCommand } from './commands/show.ts';
import { verifyCommand } from './commands/verify.ts';

const packageSchema = z.object({ version: z.string() });

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return packageSchema.parse(JSON.parse(text)).version;
}

/** The whole command line: one verb a file. */
export function createProgram(): Command {
  return new Command('bootwright')
    .description(
      "Builds, out of a distro's own kernel source package, the kernel that a " +
        'bare-metal machine boots from the network: every network driver built in, ' +
        'root over NFS.',
    )
    .version(version())
    .addCommand(buildCommand())
    .addCommand(proveCommand())
    .addCommand(verifyCommand())
    .addCommand(showCommand())
    .addCommand(configCommand())
    .addCommand(completionCommand())
    .addCommand(completeCommand(), { hidden: true })
    .addHelpText(
      'after',
      `
Examples:
  bootwright build kernel-5.14.0-570.32.1.el9_6.src.rpm
  bootwright build --until configure kernel-5.14.0-570.32.1.el9_6.src.rpm
  bootwright prove --firmware uefi --nic e1000e bootwright-work/…/bundles/kernel-…
  bootwright verify kernel-…-netboot-….tar.zst

Exit status: 0 done, 2 usage, 3 bad input, 4 host lacks something, 5 build failed,
6 proof or check failed, 7 workspace busy, 70 defect, 130 interrupted.`,
    );
}
