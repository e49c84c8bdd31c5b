import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstCompileError } from '../../../src/kernel/compile/first-error.ts';

const lines = (text: string): string[] => text.split('\n').slice(1, -1);

/** What make says after any failure, in each folder on the way up. */
const chain = lines(`
make[4]: *** [/src/linux/scripts/Makefile.build:234: drivers/net/tun.o] Error 1
make[4]: *** Waiting for unfinished jobs....
  CC      drivers/net/veth.o
make[3]: *** [/src/linux/scripts/Makefile.build:471: drivers/net] Error 2
make[2]: *** [/src/linux/Makefile:2008: .] Error 2
make[1]: *** [/src/linux/Makefile:236: __sub-make] Error 2
make: *** [Makefile:236: __sub-make] Error 2
`);

describe('firstCompileError', () => {
  test('finds the compiler error, not what follows it', () => {
    const error = firstCompileError([
      ...lines(`
  CC      drivers/net/loopback.o
/src/linux/drivers/net/tun.c: In function ‘tun_init’:
/src/linux/drivers/net/tun.c:3727:9: error: implicit declaration of function ‘pr_infoo’ [-Werror=implicit-function-declaration]
 3727 |         pr_infoo("%s, %s", DRV_DESCRIPTION, DRV_VERSION);
      |         ^~~~~~~~
  CC      drivers/net/dummy.o
cc1: some warnings being treated as errors
/src/linux/drivers/net/dummy.c:1:1: error: a second one
`),
      ...chain,
    ]);
    expect(error).toMatchObject({
      kind: 'compiler',
      file: '/src/linux/drivers/net/tun.c',
      line: 3727,
      message:
        'implicit declaration of function ‘pr_infoo’ [-Werror=implicit-function-declaration]',
    });
    expect(error?.excerpt.slice(0, 4)).toEqual([
      '/src/linux/drivers/net/tun.c: In function ‘tun_init’:',
      expect.stringContaining(':3727:9: error:'),
      ' 3727 |         pr_infoo("%s, %s", DRV_DESCRIPTION, DRV_VERSION);',
      '      |         ^~~~~~~~',
    ]);
    expect(error?.excerpt.some((line) => line.includes('veth.o'))).toBe(false);
  });

  test('does not take a warning for an error', () => {
    expect(
      firstCompileError(
        lines(`
/src/a.c:12:5: warning: unused variable ‘x’ [-Wunused-variable]
ld: warning: vmlinux.o: missing .note.GNU-stack section implies executable stack
ld: warning: cannot find entry symbol _start; defaulting to 0000000000401000
vmlinux.o: warning: objtool: do_one_initcall+0x12: unreachable instruction
`),
      ),
    ).toBeUndefined();
  });

  test('finds an undefined reference with its source line', () => {
    expect(
      firstCompileError([
        ...lines(`
  LD      .tmp_vmlinux1
ld: drivers/net/tun.o: in function 'tun_init':
/src/linux/drivers/net/tun.c:3727: undefined reference to 'nosuch_function'
make[2]: *** [/src/linux/scripts/Makefile.vmlinux:34: vmlinux] Error 1
`),
      ]),
    ).toMatchObject({
      kind: 'linker',
      file: '/src/linux/drivers/net/tun.c',
      line: 3727,
      message: "undefined reference to 'nosuch_function'",
    });
  });

  test('finds an undefined reference without debug information', () => {
    expect(
      firstCompileError(["ld: tun.c:(.init.text+0x1a): undefined reference to `nosuch_function'"]),
    ).toMatchObject({ kind: 'linker', file: 'tun.c' });
  });

  test('finds the object of an undefined reference in the line above', () => {
    const words = lines(`
ld: drivers/virtio/virtio_dma_buf.o: in function \`virtio_dma_buf_export':
(.text+0x67): undefined reference to \`dma_buf_export'
make[1]: *** [/src/linux/Makefile:1102: vmlinux] Error 1
`);
    expect(firstCompileError(words)).toMatchObject({
      kind: 'linker',
      file: 'drivers/virtio/virtio_dma_buf.o',
      message: "(.text+0x67): undefined reference to `dma_buf_export'",
      excerpt: words.slice(0, 2),
    });
  });

  test.each([
    ['/bin/sh: 1: bc: not found', 'bc'],
    ['/bin/sh: line 1: flex: command not found', 'flex'],
    ['make[2]: bison: No such file or directory', 'bison'],
    ['/src/linux/scripts/link-vmlinux.sh: line 118: pahole: command not found', 'pahole'],
    ['BTF: .tmp_vmlinux.btf: pahole (pahole) is not available', 'pahole'],
    ['sh: 1: zstd: not found', 'zstd'],
  ])('names the missing tool: %s', (line, tool) => {
    expect(firstCompileError([line, ...chain])).toMatchObject({ kind: 'missing-tool', tool });
  });

  test.each([
    ['openssl/opensslv.h', /libssl-dev/],
    ['gelf.h', /libelf-dev/],
  ])('names the package of the missing header %s', (header, hint) => {
    const error = firstCompileError([
      `/src/linux/scripts/sign-file.c:27:10: fatal error: ${header}: No such file or directory`,
      ...chain,
    ]);
    expect(error).toMatchObject({ kind: 'missing-header', line: 27 });
    expect(error?.hint).toMatch(hint);
  });

  test('says nothing of packages for a header of the tree itself', () => {
    const error = firstCompileError([
      '/src/linux/drivers/x.c:3:10: fatal error: linux/nosuch.h: No such file or directory',
    ]);
    expect(error).toMatchObject({ kind: 'missing-header', file: '/src/linux/drivers/x.c' });
    expect(error?.hint).toBeUndefined();
  });

  test('explains a certificate that the config names and the tree lacks', () => {
    const error = firstCompileError([
      "make[3]: *** No rule to make target 'certs/rhel.pem', needed by 'certs/x509_certificate_list'.  Stop.",
      'make[3]: *** Waiting for unfinished jobs....',
      ...chain,
    ]);
    expect(error).toMatchObject({ kind: 'missing-file', file: 'certs/rhel.pem' });
    expect(error?.hint).toMatch(/SYSTEM_TRUSTED_KEYS/);
  });

  test('finds an undefined symbol of modpost', () => {
    expect(
      firstCompileError([
        '  MODPOST Module.symvers',
        'WARNING: modpost: missing MODULE_DESCRIPTION() in lib/crc7.o',
        'ERROR: modpost: "nosuch_symbol" [drivers/net/tun.ko] undefined!',
        'make[2]: *** [/src/linux/scripts/Makefile.modpost:145: Module.symvers] Error 1',
      ]),
    ).toMatchObject({
      kind: 'modpost',
      file: 'drivers/net/tun.ko',
      message: '"nosuch_symbol" [drivers/net/tun.ko] undefined!',
      hint: expect.stringContaining('EXPORT_SYMBOL'),
    });
  });

  test('finds an error of objtool, of the assembler and of Kconfig', () => {
    expect(
      firstCompileError(['kernel/fork.o: error: objtool: can’t find jump dest instruction']),
    ).toMatchObject({ kind: 'objtool', file: 'kernel/fork.o' });
    expect(
      firstCompileError([
        '/src/linux/arch/x86/lib/memcpy_64.S: Assembler messages:',
        '/src/linux/arch/x86/lib/memcpy_64.S:18: Error: no such instruction: `foo %rax`',
      ]),
    ).toMatchObject({ kind: 'compiler', line: 18, message: 'no such instruction: `foo %rax`' });
    expect(firstCompileError(['drivers/net/Kconfig:12: syntax error'])).toMatchObject({
      kind: 'kconfig',
      file: 'drivers/net/Kconfig',
      line: 12,
    });
  });

  test.each([
    ['disk-full', "/tmp/ccX.s: Fatal error: can't write 11 bytes: 'No space left on device'"],
    ['memory', 'gcc: fatal error: Killed signal terminated program cc1'],
  ])('%s counts even behind another error', (kind, line) => {
    const consequence = '/src/a.c:1:1: error: expected ‘;’ at end of input';
    expect(firstCompileError([consequence, ...chain, line])?.kind).toBe(kind);
  });

  test.each([
    ['Error 139', 'segmentation fault'],
    ['Segmentation fault (core dumped)', 'segmentation fault'],
    ['Error 134', 'abort'],
  ])('knows a crash by %s, and the tool that crashes on old kernels', (reason, signal) => {
    const error = firstCompileError([
      '  CC      init/calibrate.o',
      'Segmentation fault',
      `make[2]: *** [scripts/Makefile.build:318: init/calibrate.o] ${reason}`,
      'make[1]: *** [Makefile:1121: init] Error 2',
    ]);
    expect(error).toMatchObject({
      kind: 'crash',
      file: 'init/calibrate.o',
      message: `a program of the build crashed while making it (${signal})`,
      hint: expect.stringContaining('objtool'),
    });
  });

  test('names what make could not make once', () => {
    expect(firstCompileError(chain)).toMatchObject({
      file: 'drivers/net/tun.o',
      message: 'Error 1',
    });
  });

  test('falls back to what make says, with the lines before it', () => {
    expect(
      firstCompileError(['  GEN     something', 'a script has its own words', ...chain]),
    ).toMatchObject({
      kind: 'make',
      file: 'drivers/net/tun.o',
      excerpt: ['a script has its own words', chain[0]],
    });
  });

  test('has nothing to say about a build that went well', () => {
    expect(firstCompileError(['  CC      init/main.o', '  LD      vmlinux'])).toBeUndefined();
    expect(firstCompileError([])).toBeUndefined();
  });

  test('finds the same error wherever other jobs print between', () => {
    const error = '/src/linux/fs/ext4/inode.c:10:2: error: unknown type name ‘foo’';
    const progress = fc.constantFrom('  CC      a.o', '  AR      b.a', '  CC [M]  c.o');
    fc.assert(
      fc.property(fc.array(progress), fc.array(progress), (before, after) => {
        expect(firstCompileError([...before, error, ...after, ...chain])).toMatchObject({
          file: '/src/linux/fs/ext4/inode.c',
          line: 10,
          excerpt: [error],
        });
      }),
    );
  });
});
