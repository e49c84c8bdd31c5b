import { expect, test } from 'vitest';
import type { BuildRequest } from '../../../src/pipeline/request.ts';
import { type BundleInputs, bundleStage } from '../../../src/pipeline/stages/bundle.ts';
import { workspaceAt } from '../../../src/pipeline/workspace.ts';

/** What the earlier stages have made, as far as this stage's key hangs on it. */
function inputs(supplied: readonly string[]): BundleInputs {
  const outcome = (result: object) => ({ digest: 'the same', result });
  return {
    source: outcome({
      package: { fileName: 'k.src.rpm', sha256: 'a', spec: 'kernel.spec', buildTime: 1 },
      target: {},
      supplied: supplied.map((name) => ({ name, value: '', reason: 'missing' })),
    }),
    configured: outcome({ shippedToStock: [] }),
    compiled: outcome({
      toolchain: { compiler: 'gcc', linker: 'ld', make: 'make' },
      debugInfo: { spared: [], kept: [] },
    }),
    modules: outcome({ totals: {}, tree: '/tree' }),
  } as unknown as BundleInputs;
}

test('a bundle whose files are the same and whose story is another is packed again', async () => {
  const request = {
    format: 'tar.zst',
    scope: 'wired',
    debugInfo: 'keep',
    modules: 'all',
    defines: {},
  } as unknown as BuildRequest;
  const key = async (supplied: readonly string[], asked = request): Promise<unknown> =>
    (await bundleStage(asked, workspaceAt('/w'), inputs(supplied))).determinants;
  const before = await key(['dist']);
  expect(await key(['dist'])).toEqual(before);
  expect(await key(['dist', 'bash as sh'])).not.toEqual(before);
  expect(await key(['dist'], { ...request, defines: { dist: '.el9' } })).not.toEqual(before);
});
