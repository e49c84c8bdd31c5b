import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ask, rendered } from './questions.ts';

const kconfig = `menu "File systems"
config MISC_FILESYSTEMS
	bool "Miscellaneous filesystems"
if MISC_FILESYSTEMS
config ZLIB
	tristate
config SQUASHFS
	tristate "SquashFS 4.0 - Squashed file system support"
	select ZLIB
	help
	  Saying Y here includes support for SquashFS 4.0 (a Compressed Read-Only
	  File System).

	  If unsure, say N.
endif
endmenu
`;

describe('the explanation', () => {
  it('reads from what it is over why it is so to what would change it', async () => {
    expect(
      rendered(
        await ask(kconfig, 'CONFIG_SQUASHFS=m\n# CONFIG_MISC_FILESYSTEMS is not set\n', 'SQUASHFS'),
      ),
    ).toBe(`SQUASHFS is n
  what     SquashFS 4.0 - Squashed file system support (tristate)
  where    File systems > Miscellaneous filesystems
           Kconfig:11
  help     Saying Y here includes support for SquashFS 4.0 (a Compressed
           Read-Only File System).

Why it is n
  - the file says m (line 2), which has no effect: its prompt is hidden
  - it depends on MISC_FILESYSTEMS, which is n  Kconfig:8
    - the file has MISC_FILESYSTEMS off (line 3)

To build it in (y)
  set SQUASHFS               n -> y
  set MISC_FILESYSTEMS       n -> y
      File systems > Miscellaneous filesystems  Kconfig:7
  brings ZLIB=y (selected by SQUASHFS)

To have it as a module (m)
  set SQUASHFS               m, as the file says already
  set MISC_FILESYSTEMS       n -> y
      File systems > Miscellaneous filesystems  Kconfig:7
  brings ZLIB=m (selected by SQUASHFS)
`);
  });

  it('says in one line what nothing stands in the way of', async () => {
    const text = rendered(
      await ask(kconfig, 'CONFIG_SQUASHFS=m\nCONFIG_MISC_FILESYSTEMS=y\n', 'SQUASHFS'),
    );
    expect(text).toContain('To build it in (y): set it to y, nothing else is needed\n');
    expect(text).toContain(
      'To switch it off (n): set it to n, nothing else is needed\n  costs ZLIB=n (',
    );
  });

  it('says where nothing helps', async () => {
    const text = rendered(await ask('config D\n\tbool "D"\n\tdepends on ARM\n', '', 'D'));
    expect(text).toContain(`To switch it on (y): no way found
  - it depends on ARM, which is not defined here  Kconfig:7`);
  });

  it('shows a text as such', async () => {
    const name = 'config NAME\n\tstring "Name"\n\tdefault "none"\n';
    expect(rendered(await ask(name, 'CONFIG_NAME=""\n', 'NAME'))).toBe(`NAME is ""
  what     Name (string)
  where    main menu
           Kconfig:5

Why it is ""
  - the file says "" (line 2)

To change it: set another value, nothing else is needed
`);
  });

  it('keeps within the width, and names but a few of many', async () => {
    const drivers = Array.from(
      { length: 30 },
      (_, index) => `config A_RATHER_LONG_NAME_OF_A_DRIVER_${index}
	tristate "Driver number ${index} of a family with quite a long name to be read"
	select LIB
`,
    );
    const config = drivers
      .map((_, index) => `CONFIG_A_RATHER_LONG_NAME_OF_A_DRIVER_${index}=m\n`)
      .join('');
    const text = rendered(await ask(`config LIB\n\ttristate\n${drivers.join('')}`, config, 'LIB'));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain('selected by 26 more: ');
  });

  it('says the same in colour, and of several symbols one after the other', async () => {
    const report = await ask(kconfig, '', 'SQUASHFS', 'CONFIG_ZLIB', 'SQUASFS');
    const coloured = rendered(report, true);
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(rendered(report));
    expect(rendered(report).match(/^\w+ (is|does)/gm)).toEqual([
      'SQUASHFS is',
      'ZLIB is',
      'SQUASFS does',
    ]);
  });
});
