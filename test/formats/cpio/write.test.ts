import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CpioMember, readCpio, writeCpio } from '../../../src/formats/cpio/index.ts';

const members: readonly CpioMember[] = [
  { type: 'folder', name: 'bin' },
  { type: 'file', name: 'bin/tool', data: Buffer.from('#!/bin/sh\n'), executable: true },
  { type: 'link', name: 'bin/other', target: 'tool' },
  { type: 'file', name: 'empty', data: new Uint8Array() },
  { type: 'file', name: 'odd', data: Buffer.from('12345') },
];

const archive = (of: readonly CpioMember[], time = 7): Buffer =>
  Buffer.concat([...writeCpio(of, time)]);

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe('writeCpio', () => {
  it('writes what cpio(1) unpacks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bootwright-test-cpio-'));
    try {
      execFileSync('cpio', ['-idm', '--quiet'], { cwd: folder, input: archive(members) });
      expect(readFileSync(join(folder, 'bin/tool'), 'utf8')).toBe('#!/bin/sh\n');
      expect(readlinkSync(join(folder, 'bin/other'))).toBe('tool');
      expect(readFileSync(join(folder, 'odd'), 'utf8')).toBe('12345');
      const tool = statSync(join(folder, 'bin/tool'));
      expect([tool.mode & 0o777, tool.mtimeMs]).toEqual([0o755, 7000]);
      expect(statSync(join(folder, 'empty')).mode & 0o777).toBe(0o644);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lists as cpio(1) does, a device with its numbers and root as the owner of all', () => {
    const device: CpioMember = { type: 'device', name: 'console', major: 5, minor: 1 };
    const list = execFileSync('cpio', ['-itvn', '--quiet'], {
      input: archive([...members, device]),
      encoding: 'utf8',
    });
    const lines = list.trim().split('\n');
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(line).toMatch(/^\S+ +\d+ 0 +0 /);
    expect(lines.at(-1)).toMatch(/^crw-------.*\b5, *1 .*console$/);
  });

  it('is read back by readCpio, whatever the bytes are', async () => {
    const data = fc.uint8Array({ maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(data, { maxLength: 6 }), async (contents) => {
        const files = contents.map(
          (each, index): CpioMember => ({
            type: 'file',
            name: `file-${'x'.repeat(index)}`,
            data: each,
          }),
        );
        const found: [string, Buffer][] = [];
        for await (const entry of readCpio(once(archive(files)))) {
          found.push([entry.name, Buffer.concat(await Array.fromAsync(entry.data()))]);
        }
        expect(found).toEqual(
          files.map((each) => [each.name, each.type === 'file' ? Buffer.from(each.data) : null]),
        );
      }),
    );
  });

  it('writes the same bytes for the same members', () => {
    expect(archive(members).equals(archive(members))).toBe(true);
  });

  it('refuses a name that the kernel would skip', () => {
    expect(() => archive([{ type: 'folder', name: 'x'.repeat(4096) }])).toThrow(RangeError);
  });
});
