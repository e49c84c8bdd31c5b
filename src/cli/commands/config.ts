import { Command } from 'commander';
import { diffCommand } from './config/diff.ts';
import { explainCommand } from './config/explain.ts';
import { olddefconfigCommand } from './config/olddefconfig.ts';
import { promoteCommand } from './config/promote.ts';

/** `bootwright config …`: the Kconfig engine by itself. */
export function configCommand(): Command {
  return new Command('config')
    .description("work on a kernel config with the tree's own Kconfig files")
    .addCommand(olddefconfigCommand())
    .addCommand(promoteCommand())
    .addCommand(explainCommand())
    .addCommand(diffCommand());
}
