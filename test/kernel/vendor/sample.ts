import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A network driver with nothing to drive, as vendors ship theirs: a Makefile that is both. */
export const sampleDriver: Readonly<Record<string, string>> = {
  'README.md': '# samplenic\n',
  'src/Makefile': `ifneq ($(KERNELRELEASE),)
obj-m := samplenic.o
samplenic-objs := main.o \\
	hardware.o
ccflags-y += -I$(src)/include -DSAMPLE=1
else
KDIR ?= /lib/modules/$(shell uname -r)/build
default:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules
endif
`,
  'src/include/samplenic.h': '#define DRV_VERSION "3.8.7-sample"\nint samplenic_answer(void);\n',
  'src/hardware.c':
    '#include "samplenic.h"\nint samplenic_answer(void)\n{\n\treturn SAMPLE + 41;\n}\n',
  'src/main.c': `#include <linux/module.h>
#include <linux/printk.h>
#include "samplenic.h"

static int __init samplenic_init(void)
{
	pr_info("samplenic: %d at %s\\n", samplenic_answer(), __FILE__);
	return 0;
}

static void __exit samplenic_exit(void)
{
}

module_init(samplenic_init);
module_exit(samplenic_exit);
MODULE_DESCRIPTION("Sample");
MODULE_LICENSE("GPL");
MODULE_VERSION(DRV_VERSION);
`,
};

/** The same driver under another name. */
export function sampleDriverCalled(name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(sampleDriver).map(([path, text]) => [
      path.replaceAll('samplenic', name),
      text.replaceAll('samplenic', name),
    ]),
  );
}

/** Writes a driver's files into a folder; gives that folder. */
export function writeDriver(
  folder: string,
  files: Readonly<Record<string, string>> = sampleDriver,
): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
