import { expect, test } from 'vitest';
import { mergedModules } from '../../src/compare/merged.ts';
import { bundle, exported, stockModule } from './world.ts';

const functions = ['brcmf_wcc_set_sae_pwd', 'brcmf_wcc_alloc_fweh_info'];
const brcmfmac = stockModule('drivers/net/brcmfmac.ko', { exports: ['brcmf_register'] });
const wcc = stockModule('drivers/net/brcmfmac-wcc.ko', {
  functions,
  imports: { brcmf_register: 7 },
});
const kernel = {
  ...bundle,
  builtIn: [...bundle.builtIn, 'kernel/drivers/net/brcmfmac.ko'],
  imageSymbols: new Set([...functions, 'probe', 'remove']),
};
const merged = (modules: Parameters<typeof mergedModules>[0]['modules'], other = kernel) =>
  mergedModules({ modules: [brcmfmac, ...modules] }, other);

test('a module whose provider is in the image and exports no more, and whose functions are there', () => {
  expect(merged([wcc])).toEqual(['brcmfmac_wcc']);
});

test('not one of which a function is nowhere, or whose provider still exports', () => {
  expect(merged([wcc], { ...kernel, imageSymbols: new Set(functions.slice(1)) })).toEqual([]);
  const symvers = [...kernel.symvers, exported('brcmf_register', 7)];
  expect(merged([wcc], { ...kernel, symvers })).toEqual([]);
});

test('not one that only has functions called as others are, or that the bundle has', () => {
  const common = ['probe', 'remove'];
  const imports = { brcmf_register: 7 };
  expect(
    merged([
      stockModule('fs/chance.ko', { functions: common, imports: { kmalloc: 1 } }),
      stockModule('fs/one.ko', { functions: ['probe'], imports }),
      stockModule('fs/none.ko', { imports }),
      stockModule('fs/ext4/ext4.ko', { functions: common, imports }),
      { module: 'unknown', path: 'kernel/fs/unknown.ko' },
    ]),
  ).toEqual([]);
});
