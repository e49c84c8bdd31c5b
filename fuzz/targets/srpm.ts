import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { inspectSourcePackage } from '../../src/kernel/source/index.ts';
import { BootwrightError } from '../../src/system/errors/index.ts';
import { craftRpm } from '../../test/formats/rpm/build.ts';
import { mutateJson } from '../mutate/json.ts';
import type { Target } from '../target.ts';

const membersSchema = z.array(
  z.object({ name: z.string(), content: z.string(), mode: z.int().min(0).max(0xffff) }),
);
const recipeSchema = z.object({ members: membersSchema, listed: membersSchema });

const files = [
  { name: 'kernel.spec', content: 'Name: kernel\n', mode: 0o100644 },
  { name: 'linux.tar.xz', content: 'x', mode: 0o100644 },
];

let folder: string | undefined;

/** A whole source package, whose digests hold whatever its header lists and its payload has. */
export const srpmTarget: Target = {
  name: 'srpm',
  words: ['"name"', '"mode"', '../', '/', './', '\\u0000', 'TRAILER!!!', '.spec', '40960', '16877'],
  seeds: () => [Buffer.from(JSON.stringify({ members: files, listed: files }))],
  mutate: (input, random) => mutateJson(Buffer.from(input).toString(), random),
  async run(input) {
    let recipe: z.infer<typeof recipeSchema>;
    try {
      recipe = recipeSchema.parse(JSON.parse(Buffer.from(input).toString()));
    } catch {
      // No package can be made of it.
      return;
    }
    if (folder === undefined) {
      const made = mkdtempSync(join(tmpdir(), 'bootwright-fuzz-'));
      process.once('exit', () => rmSync(made, { recursive: true, force: true }));
      folder = made;
    }
    const path = join(folder, 'kernel.src.rpm');
    writeFileSync(path, craftRpm(recipe.members, recipe.listed));
    await inspectSourcePackage(path);
  },
  isOwnError: (error) => error instanceof BootwrightError,
};
