import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyDefaults } from '../../src/cli/defaults/apply.ts';
import { createProgram } from '../../src/cli/program.ts';
import { BootwrightError } from '../../src/system/errors/index.ts';
import { mutateJson } from '../mutate/json.ts';
import type { Target } from '../target.ts';

const sound = {
  $schema: './docs/bootwright.schema.json',
  all: { quiet: true },
  build: { jobs: 4, scope: 'wired', define: ['dist .el9'], promote: ['E1000'], ccache: false },
  prove: { nic: 'e1000' },
  config: { promote: { scope: 'wired' } },
};

let folder: string | undefined;

/** A file of defaults: bootwright.json. */
export const defaultsTarget: Target = {
  name: 'defaults',
  words: [
    '"all"',
    '"build"',
    '"jobs"',
    '"__proto__"',
    'null',
    '[',
    '{',
    '}',
    ']',
    ',',
    '"no-ccache"',
  ],
  seeds: () => [Buffer.from(JSON.stringify(sound))],
  mutate: (input, random) => mutateJson(Buffer.from(input).toString(), random),
  async run(input) {
    if (folder === undefined) {
      const made = mkdtempSync(join(tmpdir(), 'bootwright-fuzz-'));
      process.once('exit', () => rmSync(made, { recursive: true, force: true }));
      folder = made;
    }
    const path = join(folder, 'bootwright.json');
    writeFileSync(path, input);
    applyDefaults(createProgram(), () => undefined, [{ path, isOfFolder: true }]);
  },
  isOwnError: (error) => error instanceof BootwrightError,
};
