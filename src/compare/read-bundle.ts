import { isModule } from '../bundle/check-module.ts';
import { layoutOf, type Manifest } from '../bundle/manifest.ts';
import type { Bundle } from '../bundle/open.ts';
import { readMembers } from '../bundle/read-members.ts';
import { ModuleFormatError, modinfoValue, readKernelModule } from '../formats/elf-kmod/index.ts';
import { parseSymvers, SymversFormatError } from '../formats/symvers/index.ts';
import { initcallOrder, symbolNames } from '../formats/system-map/index.ts';
import { parseModulesAlias } from '../hardware/index.ts';
import { parseModuleList, parseModulesDep } from '../kernel/modules/module-tree.ts';
import { BootwrightError } from '../system/errors/index.ts';
import type { BundleFacts } from './facts.ts';

/** The smallest module: any of them tells the vermagic. */
function sampleModule({ files }: Manifest): string | undefined {
  const [smallest] = files
    .filter(({ path }) => isModule(path) && path.endsWith('.ko'))
    .sort((a, b) => a.bytes - b.bytes);
  return smallest?.path;
}

function vermagicOf(bytes: Uint8Array, name: string): string {
  try {
    return modinfoValue(readKernelModule(bytes), 'vermagic') ?? '';
  } catch (error) {
    if (!(error instanceof ModuleFormatError)) throw error;
    throw new BootwrightError(
      'BW-MODULES-UNREADABLE',
      `"${name}" is no module: ${error.message}.`,
      {
        cause: error,
      },
    );
  }
}

/** Paths in the order of modules.order; those that it does not name come last, as depmod has it. */
function inOrder(paths: Iterable<string>, order: readonly string[]): readonly string[] {
  const places = new Map(order.map((path, index) => [path, index]));
  const placeOf = (path: string): number =>
    places.get(path.replace(/\.(gz|xz|zst)$/, '')) ?? order.length;
  return [...paths].sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
}

/**
 * Reads of a bundle what is compared.
 *
 * @throws BootwrightError `BW-COMPARE-SYMVERS`, and as `readMembers` does
 */
export async function readBundleFacts(bundle: Bundle, signal?: AbortSignal): Promise<BundleFacts> {
  const { manifest } = bundle;
  const layout = layoutOf(manifest.target.kernelRelease);
  const listed = new Set(manifest.files.map(({ path }) => path));
  const index = (name: string): string => `${layout.modules}/${name}`;
  const sample = sampleModule(manifest);
  const paths = [
    ...[layout.config, layout.stockConfig, layout.moduleSymvers, layout.systemMap],
    index('modules.builtin'),
    ...['modules.dep', 'modules.order', 'modules.alias']
      .map(index)
      .filter((path) => listed.has(path)),
    ...(sample === undefined ? [] : [sample]),
  ];
  const members = await readMembers(bundle, paths, signal);
  const text = (path: string): string => members.get(path)?.toString('utf8') ?? '';
  const sampled = sample === undefined ? undefined : members.get(sample);
  return {
    manifest,
    config: text(layout.config),
    stockConfig: text(layout.stockConfig),
    symvers: readSymvers(text(layout.moduleSymvers), layout.moduleSymvers),
    builtIn: parseModuleList(text(index('modules.builtin'))),
    modules: inOrder(
      parseModulesDep(text(index('modules.dep'))).keys(),
      parseModuleList(text(index('modules.order'))),
    ),
    aliases: parseModulesAlias(text(index('modules.alias'))),
    initcalls: initcallOrder(text(layout.systemMap)),
    imageSymbols: symbolNames(text(layout.systemMap)),
    ...(sampled === undefined || sample === undefined
      ? {}
      : { vermagic: vermagicOf(sampled, sample) }),
  };
}

/** @throws BootwrightError `BW-COMPARE-SYMVERS` */
export function readSymvers(text: string, where: string) {
  try {
    return parseSymvers(text);
  } catch (error) {
    if (!(error instanceof SymversFormatError)) throw error;
    throw new BootwrightError('BW-COMPARE-SYMVERS', `In "${where}", ${error.message}.`, {
      cause: error,
    });
  }
}
