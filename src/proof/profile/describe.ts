import { noise } from '../../bundle/profile-record.ts';
import { field, plural } from '../../bundle/text-layout.ts';
import type { Profile } from './record.ts';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** What the boot without the drivers that only wait came to. */
function describeWithout({ idle, initAt, without }: Profile): readonly string[] {
  if (without === null) {
    return field(
      'waiting',
      'none: no network driver in the image waits for a card that is not there',
    );
  }
  const after = `${seconds(initAt)} from power-on to init without it, ${seconds(without.initAt)} with it`;
  const told =
    initAt - without.initAt > noise
      ? `${after}, both booted here`
      : `it takes nothing off that can be told: ${after}`;
  return [
    ...field(
      'waiting',
      ...idle.map(
        ({ driver, initcall, microseconds }) =>
          `${driver} waited ${seconds(microseconds / 1000)} (${initcall}), ` +
          'though this machine has no card for it',
      ),
    ),
    ...field(
      'to skip it',
      `on machines without such a card, tell the kernel ${without.parameter}`,
      told,
    ),
  ];
}

/**
 * A profile as a person reads it: the parts of the boot's way, the longest initcalls, and what can
 * be taken off.
 *
 * @param record - where the profile lies
 */
export function describeProfile(profile: Profile, record: string): string {
  const { parts, initcalls } = profile;
  const row = (milliseconds: number, title: string): string =>
    `  ${seconds(milliseconds).padStart(8)}  ${title}`;
  return [
    'Where the time goes',
    '',
    ...parts.map(({ milliseconds, title }) => row(milliseconds, title)),
    '',
    `  ${plural(initcalls.count, 'initcall')}, ${seconds(initcalls.microseconds / 1000)} in all; the longest:`,
    '',
    ...initcalls.longest.map(({ name, module, microseconds }) =>
      row(microseconds / 1000, module === undefined ? name : `${name} [${module}]`),
    ),
    '',
    ...describeWithout(profile),
    '',
    ...field('profile', record),
  ].join('\n');
}
