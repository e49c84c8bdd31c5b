import { expect, test } from 'vitest';
import type { BuildRequest } from '../../../src/pipeline/request.ts';
import { modulesStage } from '../../../src/pipeline/stages/modules.ts';
import { workspaceAt } from '../../../src/pipeline/workspace.ts';

test('other stock modules are placed anew, though they are signed by the same certificates', () => {
  const request = { modules: { stock: ['kernel.rpm'] }, debugInfo: 'auto' } as unknown;
  const determinants = (sha256: string): unknown => {
    const stock = { digest: 'the same', result: { sources: [{ name: 'kernel.rpm', sha256 }] } };
    const [source, compiled] = [
      { digest: 'source', result: {} },
      { digest: 'kernel', result: {} },
    ];
    const outcomes = [source, compiled, undefined, stock] as unknown as readonly [
      Parameters<typeof modulesStage>[2],
      Parameters<typeof modulesStage>[3],
      undefined,
      Parameters<typeof modulesStage>[5],
    ];
    return modulesStage(request as BuildRequest, workspaceAt('/w'), ...outcomes).determinants;
  };
  expect(determinants('a')).toEqual(determinants('a'));
  expect(determinants('b')).not.toEqual(determinants('a'));
});
