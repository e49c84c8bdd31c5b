import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exists } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import { unpackImage } from './unpack-image.ts';

/** The types (`.BTF`) that a kernel describes; nothing for one that describes none. */
async function typesOf(kernel: string, folder: string): Promise<Buffer> {
  const section = join(folder, 'types');
  await run('objcopy', ['--output-target=binary', '--only-section=.BTF', kernel, section]);
  return (await exists(section)) ? await readFile(section) : Buffer.alloc(0);
}

/**
 * Whether two kernels describe the same types in the same order: then the types of one's modules, which
 * go on counting where the image's end, hold for the other, too.
 *
 * @param image - bzImage of the stock kernel
 * @param vmlinux - the other kernel, not packed
 * @throws as {@link unpackImage} does
 */
export async function haveSameTypes(image: string, vmlinux: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'bootwright-types-'));
  try {
    const stock = join(folder, 'vmlinux');
    await writeFile(stock, await unpackImage(image));
    const stockTypes = await typesOf(stock, folder);
    await rm(join(folder, 'types'), { force: true });
    return stockTypes.length > 0 && stockTypes.equals(await typesOf(vmlinux, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
