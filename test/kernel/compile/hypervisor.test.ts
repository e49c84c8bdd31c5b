import { expect, it } from 'vitest';
import { readConfigValues } from '../../../src/kernel/compile/config-values.ts';
import { requireOwnStart } from '../../../src/kernel/compile/hypervisor.ts';

it("refuses EL 5's kernels for Xen, and no later ones", () => {
  const check = (config: string) => () => requireOwnStart(readConfigValues(config));
  expect(check('CONFIG_X86_64_XEN=y\nCONFIG_XEN=y\n')).toThrow(/CONFIG_X86_64_XEN=y.*Xen only/);
  expect(check('CONFIG_X86_XEN=y\n')).toThrow(
    expect.objectContaining({ code: 'BW-COMPILE-HYPERVISOR' }),
  );
  expect(check('CONFIG_XEN=y\nCONFIG_XEN_DOM0=y\n')).not.toThrow();
});
