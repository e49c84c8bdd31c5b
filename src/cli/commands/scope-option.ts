import { InvalidArgumentError, Option } from 'commander';
import type { WantedScope } from '../../kernel/configure/scope.ts';

/** What `--scope` asks for; undefined if it is no scope. */
function parseScope(text: string): WantedScope | undefined {
  if (text === 'network-devices' || text === 'wired') return text;
  const [, file] = /^fleet=(.+)$/s.exec(text) ?? [];
  return file === undefined ? undefined : { fleet: file };
}

/** The scope of an option that {@link scopeOption} has looked at. */
export function scopeOf(text: string): WantedScope {
  return parseScope(text) ?? 'network-devices';
}

/** The option that says which drivers are built in; its value is the text, as it was given. */
export function scopeOption(): Option {
  return new Option(
    '--scope <network-devices|wired|fleet=file>',
    'which network drivers are built in: all, those that a cable leads to, or what the machines of a fleet need (a file that "coverage --suggest" writes)',
  )
    .argParser((text: string) => {
      if (parseScope(text) !== undefined) return text;
      throw new InvalidArgumentError('Allowed are network-devices, wired, and fleet=FILE.');
    })
    .default('network-devices');
}
