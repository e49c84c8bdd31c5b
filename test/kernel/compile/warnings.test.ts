import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { compileKernel } from '../../../src/kernel/compile/index.ts';
import { kernelTargetSchema } from '../../../src/kernel/target.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { scratchFolder } from '../../scratch.ts';

/** A tree that stops at a warning where EL 8's does: in the kernel's Makefile and in tools/lib. */
const tree = {
  Makefile: `
ifneq ($(DISABLE_WERROR),1)
image-flags := -Werror
endif
olddefconfig:
include/config/kernel.release:
	mkdir -p $(O)/include/config
	echo 4.18.0$(EXTRAVERSION) > $(O)/$@
bzImage:
	$(MAKE) -C tools/lib/subcmd
	mkdir -p $(O)/arch/x86/boot
	gcc -Wall $(image-flags) -c -o $(O)/arch/x86/boot/bzImage init.c
	touch $(O)/System.map $(O)/vmlinux.symvers
.PHONY: olddefconfig include/config/kernel.release bzImage
`,
  'tools/lib/subcmd/Makefile': `
ifneq ($(WERROR),0)
  CFLAGS += -Werror
endif
all:
	gcc -Wall $(CFLAGS) -c -o $(O)/subcmd.o subcmd.c
`,
  'init.c': 'void start(void) { int unused; }\n',
  'tools/lib/subcmd/subcmd.c': 'void help(void) { int unused; }\n',
  config: 'CONFIG_64BIT=y\n',
};

test('a warning that this compiler has and the vendor’s has not does not stop the build', async () => {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, 'tree', name)), { recursive: true });
    writeFileSync(join(folder, 'tree', name), text);
  }
  const compiled = await compileKernel({
    tree: join(folder, 'tree'),
    config: join(folder, 'tree', 'config'),
    folder: join(folder, 'objects'),
    target: kernelTargetSchema.parse({
      distro: 'el8',
      name: 'kernel',
      version: '4.18.0',
      release: '1.el8',
      architecture: 'x86_64',
      kernelRelease: '4.18.0-1.el8.x86_64',
    }),
    baseVersion: '4.18.0',
    kbuildArch: 'x86_64',
    timestamp: new Date('2025-01-02T03:04:05Z'),
    jobs: 1,
    debugInfo: 'auto',
    modules: 'none',
    ccache: 'off',
    step: unwatched,
    log: join(folder, 'make.log'),
  });
  expect(compiled.makeVariables).toMatchObject({ DISABLE_WERROR: '1', WERROR: '0' });
});
