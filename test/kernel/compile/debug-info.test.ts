import { describe, expect, test } from 'vitest';
import { debugInfoAbiRisk, debugInfoSettings } from '../../../src/kernel/compile/index.ts';

const dwarf = `CONFIG_DEBUG_INFO=y
# CONFIG_DEBUG_INFO_NONE is not set
CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y
# CONFIG_DEBUG_INFO_BTF is not set
`;
/** As RHEL 9 has it: 5.14, before the choice, with BTF. */
const rhel9 = `CONFIG_DEBUG_INFO=y
CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y
CONFIG_DEBUG_INFO_BTF=y
CONFIG_DEBUG_INFO_BTF_MODULES=y
`;

describe('debugInfoSettings', () => {
  const plain = (config: string, mode: 'keep' | 'off') =>
    debugInfoSettings(config, mode).map(({ symbol, value }) => `${symbol}=${value}`);

  test('keeps what stock has', () => {
    expect(plain(rhel9, 'keep')).toEqual([]);
  });

  test('turns the member of the choice on where there is one', () => {
    expect(plain(dwarf, 'off')).toEqual([
      'DEBUG_INFO_NONE=y',
      'DEBUG_INFO=n',
      'DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=n',
    ]);
  });

  test('turns the bool off on older trees, and declares what falls with it', () => {
    expect(plain(rhel9, 'off')).toEqual([
      'DEBUG_INFO=n',
      'DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=n',
      'DEBUG_INFO_BTF=n',
      'DEBUG_INFO_BTF_MODULES=n',
    ]);
  });

  test('has nothing to do where stock has none', () => {
    expect(plain('# CONFIG_DEBUG_INFO is not set\n', 'off')).toEqual([]);
  });
});

describe('debugInfoAbiRisk', () => {
  test('sees BTF', () => {
    expect(debugInfoAbiRisk(rhel9)?.symbols).toEqual(['DEBUG_INFO_BTF', 'DEBUG_INFO_BTF_MODULES']);
  });

  test('sees no risk in DWARF alone', () => {
    expect(debugInfoAbiRisk(dwarf)).toBeUndefined();
  });
});
