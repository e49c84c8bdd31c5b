import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf } from '../src/bundle/manifest.ts';
import { run } from '../src/system/process.ts';
import type { WrappedBundle } from '../src/wrap/wrap.ts';
import type { BootContender } from './boots.ts';

/** The stock kernel of a wrapped bundle, with an initramfs of one's choice. */
async function stockContender(
  name: string,
  { bundle }: WrappedBundle,
  initramfs: string,
): Promise<BootContender> {
  const { kernelRelease } = bundle.manifest.target;
  const layout = layoutOf(kernelRelease);
  return {
    name,
    kernelRelease,
    image: join(bundle.folder, layout.image),
    imageBytes: bundle.manifest.kernel.bytes,
    modulesFolder: join(bundle.folder, layout.modules),
    initramfs: { path: initramfs, bytes: (await stat(initramfs)).size },
  };
}

/** The stock kernel with the initramfs that `bootwright wrap` has made. */
export function wrapContender(wrapped: WrappedBundle): Promise<BootContender> {
  const { folder, manifest } = wrapped.bundle;
  const { initramfs } = layoutOf(manifest.target.kernelRelease);
  return stockContender('bootwright wrap', wrapped, join(folder, initramfs));
}

/**
 * The ways in which dracut is asked for an initramfs. With systemd-networkd, which it would take for
 * `network` where systemd is, dracut 059 does not come to an NFS root.
 */
const dracutWays = {
  'dracut, its own choice, network and nfs': ['--add', 'network-legacy nfs'],
  // No more than a root over NFS takes.
  'dracut, only what NFS takes': ['--modules', 'base network-legacy kernel-network-modules nfs'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The stock kernel with each initramfs of dracut's, that for any machine (`--no-hostonly`). */
export async function dracutContenders(
  wrapped: WrappedBundle,
  folder: string,
): Promise<readonly BootContender[]> {
  const { kernelRelease } = wrapped.bundle.manifest.target;
  const modules = join(wrapped.bundle.folder, layoutOf(kernelRelease).modules);
  const contenders: BootContender[] = [];
  for (const [name, args] of Object.entries(dracutWays)) {
    const initramfs = join(folder, `${name.replaceAll(/\W+/g, '-')}.img`);
    await run('dracut', [
      ...['--no-hostonly', '--no-hostonly-cmdline', '--force', '--kver', kernelRelease],
      ...['--kmoddir', modules, ...args, initramfs],
    ]);
    contenders.push(await stockContender(name, wrapped, initramfs));
  }
  return contenders;
}
