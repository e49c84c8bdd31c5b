import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configPlaces } from '../../../src/bundle/reproduction/config.ts';
import { elfPlaces } from '../../../src/bundle/reproduction/elf.ts';
import { imagePlaces } from '../../../src/bundle/reproduction/image.ts';
import { jsonPlaces } from '../../../src/bundle/reproduction/json.ts';
import { manifestPlaces } from '../../../src/bundle/reproduction/manifest.ts';
import { modulePlaces } from '../../../src/bundle/reproduction/module.ts';
import type { Place } from '../../../src/bundle/reproduction/report.ts';
import { textPlaces } from '../../../src/bundle/reproduction/text.ts';
import { readBzImageLayout } from '../../../src/formats/bzimage/index.ts';
import { buildImage } from '../../formats/bzimage/build-image.ts';
import {
  appendSignature,
  buildModule,
  modinfoSection,
} from '../../formats/elf-kmod/build-module.ts';

const where = (places: readonly Place[]): readonly string[] => places.map((place) => place.where);

/** The same bytes, one of them another. */
function flipped(bytes: Uint8Array, at: number, bit = 1): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ bit;
  return copy;
}

const bit = fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128);

/** Sections with content, by names that kernels have. */
const sections = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(
      '.text',
      '.data',
      '.rodata',
      '.BTF',
      '.init.text',
      '__versions',
      '.notes',
    ),
    content: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  { selector: ({ name }) => name, minLength: 1 },
);

/** Made an executable, as vmlinux is. */
function executable(elf: Buffer): Buffer {
  elf.writeUInt16LE(2, 16);
  return elf;
}

describe('ELF files', () => {
  test('that are the same have no places', () => {
    fc.assert(
      fc.property(sections, (list) => {
        expect(elfPlaces(buildModule(list), buildModule(list), 'relocatable')).toEqual([]);
      }),
    );
  });

  test('with one byte changed differ in the section that has it', () => {
    fc.assert(
      fc.property(sections, fc.nat(), fc.nat(), bit, (list, which, at, changed) => {
        const section = list[which % list.length];
        if (section === undefined) return;
        const other = list.map((each) =>
          each === section
            ? { ...each, content: flipped(each.content, at % each.content.length, changed) }
            : each,
        );
        const places = elfPlaces(buildModule(list), buildModule(other), 'relocatable');
        expect(where(places)).toEqual([`section ${section.name}`]);
        expect(places[0]?.original).toMatch(`0x${(at % section.content.length).toString(16)}`);
      }),
    );
  });

  test('with a byte changed anywhere at all differ somewhere', () => {
    const elf = buildModule([{ name: '.text', content: Buffer.from('code') }]);
    for (let at = 0; at < elf.length; at += 1) {
      expect(elfPlaces(elf, flipped(elf, at), 'relocatable').length, `${at}`).toBeGreaterThan(0);
    }
  });

  test('tell of sections that only one has, of sizes, and of what is between and behind', () => {
    const text = { name: '.text', content: Buffer.from('code') };
    const one = buildModule([text]);
    const more = buildModule([text, { name: '.data', content: Buffer.from('data') }]);
    expect(elfPlaces(one, more, 'relocatable')).toContainEqual({
      where: 'section .data',
      original: 'none',
      rebuilt: '4 bytes',
    });
    const longer = buildModule([{ name: '.text', content: Buffer.from('codes') }]);
    expect(elfPlaces(one, longer, 'relocatable')[0]).toEqual({
      where: 'section .text',
      original: '4 bytes, its end at 0x4',
      rebuilt: '5 bytes, 73 at 0x4',
    });
    expect(where(elfPlaces(one, flipped(one, 8), 'relocatable'))).toEqual(['ELF header']);
    const behind = Buffer.concat([one, Buffer.from('relocations')]);
    expect(where(elfPlaces(behind, flipped(behind, behind.length - 1), 'relocatable'))).toEqual([
      'behind the last section',
    ]);
    expect(where(elfPlaces(Buffer.from('no ELF'), one, 'relocatable'))).toEqual(['its bytes']);
  });

  test('name two sections of one name, and the build id last', () => {
    const build = (id: string, data: string) =>
      buildModule([
        { name: '.note.gnu.build-id', content: Buffer.from(id) },
        { name: '.data', content: Buffer.from('first') },
        { name: '.data', content: Buffer.from(data) },
      ]);
    expect(where(elfPlaces(build('a', 'second'), build('b', 'zecond'), 'relocatable'))).toEqual([
      'section .data (2)',
      'section .note.gnu.build-id',
    ]);
  });
});

describe('modules', () => {
  const module = (vermagic: string) => buildModule([modinfoSection(`vermagic=${vermagic}`, 'a=1')]);

  test('differ by key of .modinfo', () => {
    expect(modulePlaces(module('6.1.0 SMP '), module('6.1.0 UP  '))).toEqual([
      { where: 'section .modinfo, vermagic', original: '6.1.0 SMP ', rebuilt: '6.1.0 UP  ' },
    ]);
  });

  test('differ in the signature alone', () => {
    const signed = appendSignature(module('6.1.0'), Buffer.alloc(16, 7));
    const other = appendSignature(module('6.1.0'), Buffer.alloc(16, 8));
    expect(where(modulePlaces(signed, other))).toEqual(['signature']);
    expect(where(modulePlaces(signed, module('6.1.0')))).toEqual(['signature']);
    expect(modulePlaces(signed, Buffer.from(signed))).toEqual([]);
  });
});

describe('images', () => {
  const kernelOf = (text: string) =>
    executable(buildModule([{ name: '.text', content: Buffer.from(text) }]));
  const image = (kernel: Buffer, level = 6) => {
    const payload = gzipSync(kernel, { level });
    return { bytes: buildImage({ payload }), kernel };
  };
  const plain = image(kernelOf('kernel '.repeat(100)));

  test('differ in the section of the kernel proper', () => {
    const other = image(kernelOf('kernel '.repeat(99).concat('KERNEL ')));
    expect(where(imagePlaces(plain, other))[0]).toBe('vmlinux, section .text');
    expect(where(imagePlaces(plain, { ...other, kernel: undefined }))[0]).toBe('payload');
  });

  test('differ in the compression alone', () => {
    expect(where(imagePlaces(plain, image(plain.kernel, 1)))).toContain('payload, its compression');
  });

  test('with one byte changed outside of the payload differ in the part that has it', () => {
    const parts = readBzImageLayout(plain.bytes);
    fc.assert(
      fc.property(fc.nat(plain.bytes.length - 1), bit, (at, changed) => {
        const bytes = flipped(plain.bytes, at, changed);
        const places = imagePlaces(plain, { bytes, kernel: plain.kernel });
        const part = parts.find(({ start, end }) => start <= at && at < end);
        // Where the header no longer says what it said, the parts are others.
        const isLayout = /setup_sects|boot_flag|jump|, header|version|payload_/.test(
          `${part?.name}`,
        );
        expect(places.length).toBeGreaterThan(0);
        if (!isLayout) {
          expect(where(places)).toEqual([
            part?.name === 'payload' ? 'payload, its compression' : part?.name,
          ]);
        }
      }),
    );
  });

  test('that are the same, or none, are told so', () => {
    expect(imagePlaces(plain, { ...plain, bytes: Buffer.from(plain.bytes) })).toEqual([]);
    const none = { bytes: Buffer.from('none'), kernel: undefined };
    expect(where(imagePlaces(plain, none))).toEqual(['its bytes']);
  });
});

describe('configs', () => {
  test('differ by symbol, or else by line', () => {
    expect(configPlaces('CONFIG_A=y\nCONFIG_B=m\n', '# CONFIG_A is not set\nCONFIG_B=m\n')).toEqual(
      [{ where: 'CONFIG_A', original: 'y', rebuilt: 'n' }],
    );
    expect(configPlaces('CONFIG_A=y\n', 'CONFIG_A=y\nCONFIG_B="x"\n')).toEqual([
      { where: 'CONFIG_B', original: 'absent', rebuilt: 'x' },
    ]);
    expect(where(configPlaces('# 6.1\nCONFIG_A=y\n', '# 6.2\nCONFIG_A=y\n'))).toEqual(['line 1']);
  });
});

describe('texts', () => {
  test('differ in the line that was changed, and in no other', () => {
    const lines = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 });
    fc.assert(
      fc.property(lines, fc.nat(), (list, which) => {
        const at = which % list.length;
        const other = list.map((line, index) => (index === at ? `${line}!` : line));
        expect(textPlaces(list.join('\n'), other.join('\n'))).toEqual([
          { where: `line ${at + 1}`, original: list[at], rebuilt: `${list[at]}!` },
        ]);
        expect(textPlaces(list.join('\n'), list.join('\n'))).toEqual([]);
      }),
    );
  });

  test('differ in the order of their lines, in lines that come, and at the end', () => {
    expect(where(textPlaces('a\nb\nc', 'a\nc\nb'))).toEqual(['line 2, the order of lines']);
    expect(textPlaces('a\nc', 'a\nb\nc')).toEqual([
      { where: 'line 2', original: 'absent', rebuilt: 'b' },
    ]);
    expect(textPlaces('a', 'a\n')).toHaveLength(1);
  });
});

describe('JSON', () => {
  test('differs by key; lists of things with names by these', () => {
    const document = (sha256: string, count: number) =>
      JSON.stringify({
        files: [
          { path: 'boot/a', sha256 },
          { path: 'boot/b', sha256: '0' },
        ],
        counts: [1, count],
        empty: [],
      });
    expect(jsonPlaces(document('1', 2), document('2', 3))).toEqual([
      { where: 'files[boot/a].sha256', original: '"1"', rebuilt: '"2"' },
      { where: 'counts[1]', original: '2', rebuilt: '3' },
    ]);
    expect(jsonPlaces(document('1', 2), document('1', 2))).toEqual([]);
    expect(jsonPlaces('{', '{}')).toEqual([]);
  });

  test('of manifests leaves out what follows from the files', () => {
    const manifest = (sha256: string, scope: string) =>
      JSON.stringify({ id: sha256, settings: { scope }, files: [{ path: 'a', sha256 }] });
    expect(where(manifestPlaces(manifest('1', 'wired'), manifest('2', 'all')))).toEqual([
      'settings.scope',
    ]);
    expect(where(manifestPlaces(manifest('1', 'wired'), manifest('2', 'wired')))).toEqual(['id']);
  });
});
