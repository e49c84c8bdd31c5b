import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  buildFirmwareOption,
  type FirmwareOptions,
  firmwareOf,
  withFirmwareWay,
} from '../../src/cli/commands/firmware-options.ts';
import { firmwareWays } from '../../src/kernel/firmware/index.ts';
import { firmwareNames } from '../../src/lab/qemu/cards.ts';

function parse(...words: readonly string[]) {
  const command = withFirmwareWay(new Command().addOption(buildFirmwareOption()));
  return firmwareOf(command.parse(words, { from: 'user' }).opts<FirmwareOptions>());
}

test('paths, and words that are none', () => {
  expect(parse()).toEqual({
    wish: { collections: [], strict: false, way: 'auto' },
    machine: 'bios',
  });
  const options = ['/lib/firmware', 'strict', 'a.rpm', 'uefi', './strict'];
  expect(parse(...options.flatMap((word) => ['--firmware', word]))).toEqual({
    wish: { collections: ['/lib/firmware', 'a.rpm', './strict'], strict: true, way: 'auto' },
    machine: 'uefi',
  });
});

test('the last word about the machine counts, as in prove', () => {
  expect(parse('--firmware', 'uefi', '--firmware', 'bios').machine).toBe('bios');
  for (const name of firmwareNames) {
    expect(parse('--firmware', name)).toMatchObject({ machine: name, wish: { collections: [] } });
  }
});

test('the ways that --firmware-as offers are those there are', () => {
  const option = withFirmwareWay(new Command()).options.find(
    ({ long }) => long === '--firmware-as',
  );
  expect(option?.argChoices).toEqual(['auto', ...firmwareWays]);
  expect(parse('--firmware-as', 'initramfs').wish.way).toBe('initramfs');
});
