import { Command } from 'commander';
import { newKeyCommand } from './key/new.ts';

/** `bootwright key …`: the keys that bundles are signed by. */
export function keyCommand(): Command {
  return new Command('key').description('keys to sign bundles with').addCommand(newKeyCommand());
}
