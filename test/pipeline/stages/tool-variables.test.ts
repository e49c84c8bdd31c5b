import { expect, test } from 'vitest';
import { toolVariables } from '../../../src/pipeline/stages/tool-variables.ts';

test('Rust is out of sight unless the kernel has some', () => {
  const without = ['', '# CONFIG_RUST is not set\n', 'CONFIG_RUST_IS_AVAILABLE=y\n'];
  for (const config of without) {
    expect(toolVariables(`CONFIG_A=y\n${config}CONFIG_B=y\n`)).toEqual({
      RUSTC: 'rustc-is-not-used',
    });
  }
  expect(toolVariables('CONFIG_A=y\nCONFIG_RUST=y\n')).toEqual({});
});
