import type { Command } from 'commander';

/** The commands below a command that a person is told of, without commander's own `help`. */
export function visibleSubcommands(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((sub) => command.commands.includes(sub));
}

/** The command and all below it that a person is told of. */
export function visibleCommands(command: Command): readonly Command[] {
  return [command, ...visibleSubcommands(command).flatMap(visibleCommands)];
}
