import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CpioFormatError, readCpio } from '../../../src/formats/cpio/index.ts';
import { writeCpio } from './archive.ts';

/** Bytes in pieces of the given sizes, over and over. */
async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function readAll(bytes: Uint8Array, sizes: readonly number[] = [7]) {
  const found: { name: string; mode: number; content: string }[] = [];
  for await (const entry of readCpio(pieces(bytes, sizes))) {
    const parts: Uint8Array[] = [];
    for await (const part of entry.data()) parts.push(part);
    found.push({
      name: entry.name,
      mode: entry.mode,
      content: Buffer.concat(parts).toString('latin1'),
    });
  }
  return found;
}

describe('readCpio', () => {
  it('gives back what was written, however the bytes are cut', async () => {
    const name = fc.stringMatching(/^[\w.-]{1,40}$/).filter((each) => each !== 'TRAILER!!!');
    const member = fc.record({ name, content: fc.uint8Array({ maxLength: 64 }) });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 5 }), sizes, async (members, cuts) => {
        const expected = members.map((each) => ({
          name: each.name,
          mode: 0o100644,
          content: Buffer.from(each.content).toString('latin1'),
        }));
        expect(await readAll(writeCpio(members), cuts)).toEqual(expected);
      }),
    );
  });

  it('reads what cpio(1) has written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bootwright-cpio-'));
    try {
      writeFileSync(join(folder, 'one'), 'first');
      writeFileSync(join(folder, 'two'), 'x'.repeat(100_000));
      const bytes = execFileSync('cpio', ['-o', '-H', 'newc', '--quiet'], {
        cwd: folder,
        input: 'one\ntwo\n',
      });
      const found = await readAll(bytes, [4096]);
      expect(found.map(({ name, content }) => [name, content.length])).toEqual([
        ['one', 5],
        ['two', 100_000],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('skips what is not read of a member', async () => {
    const names: string[] = [];
    const archive = writeCpio([{ name: 'a', content: 'long enough' }, { name: 'b' }]);
    for await (const entry of readCpio(pieces(archive, [3]))) names.push(entry.name);
    expect(names).toEqual(['a', 'b']);
  });

  it("reads rpm's stripped form, whose members are numbers", async () => {
    const bytes = Buffer.concat([Buffer.from('07070X00000001\0\0data'), writeCpio([])]);
    const list = [
      { name: 'zero', mode: 0, size: 0 },
      { name: 'one', mode: 0o100644, size: 4 },
    ];
    const names: string[] = [];
    let content = '';
    for await (const entry of readCpio(pieces(bytes, [5]), (index) => list[index])) {
      names.push(entry.name);
      for await (const part of entry.data()) content += Buffer.from(part).toString();
    }
    expect(names).toEqual(['one']);
    expect(content).toBe('data');
  });

  it('says where an archive ends too early', async () => {
    const archive = writeCpio([{ name: 'a', content: 'some content' }]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: archive.length - 3 }), async (length) => {
        // The last bytes are padding; without the trailer's name the archive is not whole.
        const error = await readAll(archive.subarray(0, length)).catch((each: unknown) => each);
        expect(error).toBeInstanceOf(CpioFormatError);
        expect(error).toMatchObject({ problem: 'truncated' });
      }),
    );
  });

  it('throws nothing but its own error for any bytes', async () => {
    const seed = writeCpio([{ name: 'kernel.spec', content: 'Name: kernel' }]);
    const flipped = fc
      .tuple(fc.integer({ min: 0, max: seed.length - 1 }), fc.integer({ min: 1, max: 255 }))
      .map(([at, mask]) => {
        const copy = Buffer.from(seed);
        copy[at] = (copy[at] ?? 0) ^ mask;
        return copy;
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(flipped, fc.uint8Array({ maxLength: 300 })), async (bytes) => {
        try {
          await readAll(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CpioFormatError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
