import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { visibleCommands } from '../../../src/cli/command-tree.ts';
import { defaultsSchema, settableOptions } from '../../../src/cli/defaults/schema.ts';
import { createProgram } from '../../../src/cli/program.ts';

const partSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
});

test('docs/bootwright.schema.json knows every option that can have a default', () => {
  const whole: unknown = JSON.parse(readFileSync('docs/bootwright.schema.json', 'utf8'));
  const keysAt = (path: readonly string[]): readonly string[] => {
    let part = partSchema.parse(whole);
    for (const name of path) part = partSchema.parse(part.properties?.[name] ?? {});
    return Object.keys(part.properties ?? {});
  };
  for (const command of visibleCommands(createProgram()).slice(1)) {
    const parent = command.parent?.parent ? [command.parent.name()] : [];
    const keys = [...keysAt([...parent, command.name()]), ...keysAt(['all'])];
    for (const option of settableOptions(command)) {
      expect(keys, command.name()).toContain(option.long?.replace(/^--(no-)?/, ''));
    }
  }
  expect(keysAt(['all'])).toEqual(['quiet', 'verbose']);
  expect(keysAt(['build'])).not.toContain('dry-run');
  expect(keysAt([])).not.toContain('complete');
});

test('the program takes what its own schema takes', () => {
  const schema = defaultsSchema(createProgram());
  const good = {
    $schema: 'docs/bootwright.schema.json',
    all: { quiet: true },
    build: { scope: 'wired', jobs: 8, ccache: false, define: ['dist .el9'] },
    prove: { firmware: 'uefi' },
    config: { promote: { tree: 'linux' } },
  };
  expect(schema.parse(good)).toEqual(good);
});

test('the example in the README can be used', () => {
  const [, example = ''] = /```json\n(.*?)```/s.exec(readFileSync('README.md', 'utf8')) ?? [];
  expect(() => defaultsSchema(createProgram()).parse(JSON.parse(example))).not.toThrow();
});
