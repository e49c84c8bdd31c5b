import { Command } from 'commander';
import { expect, test } from 'vitest';
import { bundleFormats } from '../../src/bundle/format.ts';
import { visibleCommands } from '../../src/cli/command-tree.ts';
import { stageChoices } from '../../src/cli/commands/build.ts';
import { withMachineOptions } from '../../src/cli/commands/machine-options.ts';
import { createProgram } from '../../src/cli/program.ts';
import { exportFormats } from '../../src/export/export-bundle.ts';
import { mediumChoices } from '../../src/export/medium/grub.ts';
import { plainScopes } from '../../src/kernel/configure/scope.ts';
import { loaderNames, transportNames } from '../../src/lab/boot/loaders.ts';
import { bootMethodNames } from '../../src/lab/boot/method.ts';
import { cardNames, firmwareNames } from '../../src/lab/qemu/cards.ts';
import { mediumKinds } from '../../src/lab/qemu/medium.ts';
import { stageNames } from '../../src/pipeline/build.ts';
import { rootKinds } from '../../src/proof/guest/root.ts';
import { matrixNames } from '../../src/proof/matrix/machines.ts';
import { troubleNames } from '../../src/proof/trouble.ts';
import { compressions } from '../../src/wrap/initramfs/compress.ts';

test('the stages that --until offers are those of the pipeline', () => {
  expect(stageChoices).toEqual([...stageNames]);
});

test('the machines that --nic and --firmware offer are those of the lab', () => {
  const options = withMachineOptions(new Command()).options;
  const choices = (flag: string) => options.find(({ long }) => long === flag)?.argChoices;
  expect(choices('--nic')).toEqual(cardNames);
  expect(choices('--firmware')).toEqual(firmwareNames);
  expect(choices('--loader')).toEqual(loaderNames);
  expect(choices('--transport')).toEqual(transportNames);
  expect(choices('--boot')).toEqual(bootMethodNames);
  expect(choices('--root')).toEqual(rootKinds);
  expect(choices('--trouble')).toEqual(troubleNames);
});

test('the matrices that --matrix offers are those there are', () => {
  const prove = createProgram().commands.find((command) => command.name() === 'prove');
  expect(prove?.options.find(({ long }) => long === '--matrix')?.argChoices).toEqual(matrixNames);
});

test('the media that --medium offers are those of the lab', () => {
  const prove = createProgram().commands.find((command) => command.name() === 'prove');
  expect(prove?.options.find(({ long }) => long === '--medium')?.argChoices).toEqual(mediumKinds);
});

test('the forms that export offers are those there are', () => {
  const options = createProgram().commands.find((each) => each.name() === 'export')?.options ?? [];
  const choices = (flag: string) => options.find(({ long }) => long === flag)?.argChoices;
  expect(choices('--format')).toEqual(exportFormats);
  expect(choices('--first')).toEqual(mediumChoices);
});

test('the formats that build offers are those of a bundle', () => {
  const build = createProgram().commands.find((each) => each.name() === 'build');
  expect(build?.options.find(({ long }) => long === '--format')?.argChoices).toEqual(bundleFormats);
});

test('what wrap offers is what there is', () => {
  const options = createProgram().commands.find((each) => each.name() === 'wrap')?.options ?? [];
  const choices = (flag: string) => options.find(({ long }) => long === flag)?.argChoices;
  expect(choices('--scope')).toEqual(plainScopes);
  expect(choices('--compression')).toEqual(compressions);
  expect(choices('--format')).toEqual(bundleFormats);
});

test('every command says what it does, and has --json', () => {
  for (const command of visibleCommands(createProgram())) {
    expect(command.description(), command.name()).not.toBe('');
    if (command.commands.length > 0) continue;
    expect(
      command.options.map(({ long }) => long),
      command.name(),
    ).toContain('--json');
  }
});
