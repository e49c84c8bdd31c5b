import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyModules } from '../../../src/kernel/stock/read-modules.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { buildModule } from '../../formats/elf-kmod/build-module.ts';
import { scratchFolder } from '../../scratch.ts';

/** A module, but for `EM_AARCH64`. */
const forArm = buildModule([]);
forArm.writeUInt16LE(183, 18);

test.each([
  ['a.ko.xz', '\xfd7zXZ\0\0', /a\.ko\.xz/],
  ['a.ko', 'no ELF at all', /"kernel\/a\.ko" is no module/],
  ['a.ko', forArm.toString('latin1'), /for another processor than x86-64 \(ELF machine 183\)/],
])(
  '%s that is damaged, or for another machine, is to be had again, not built again',
  async (name, content, told) => {
    const stock = scratchFolder();
    mkdirSync(join(stock, 'kernel'));
    writeFileSync(join(stock, 'kernel', name), content, 'latin1');
    const error: unknown = await copyModules(
      ...([stock, [`kernel/${name}`], scratchFolder(), [], unwatched] as const),
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'BW-MODULES-UNREADABLE',
      hint: expect.stringMatching(/^Get it again/),
    });
    const { message, occasion } = error as { message: string; occasion: { excerpt?: string[] } };
    expect([message, ...(occasion.excerpt ?? [])].join('\n')).toMatch(told);
  },
);
