import type { Provenance } from '../bundle/manifest.ts';
import type { Toolchain } from '../kernel/compile/index.ts';

/** A toolchain as manifests name it. */
export function toolVersions({
  compiler,
  linker,
  make,
  pahole,
}: Toolchain): Provenance['toolchain'] {
  return [
    { name: 'compiler', version: compiler },
    { name: 'linker', version: linker },
    { name: 'make', version: make },
    ...(pahole === undefined ? [] : [{ name: 'pahole', version: pahole }]),
  ];
}
