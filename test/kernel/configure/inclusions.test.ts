import { describe, expect, it } from 'vitest';
import { findInclusions } from '../../../src/kernel/configure/inclusions.ts';

const texts: Readonly<Record<string, string>> = {
  Kconfig: 'mainmenu "Test"\nsource "arch/$(SRCARCH)/Kconfig"\nsource "net/Kconfig"\n',
  'arch/x86/Kconfig': 'rsource "kvm/*.kconfig"\n',
  'arch/x86/kvm/amd.kconfig': '',
  'net/Kconfig': 'if NET\n  osource "net/ipv4/Kconfig"\nendif\n# source "net/Kconfig.off"\n',
  'net/ipv4/Kconfig': '',
};

describe('the lines that have files read', () => {
  it('are found by name, by variable and by pattern', () => {
    const found = findInclusions(Object.keys(texts), (file) => texts[file]);
    expect([...found].map(([file, at]) => `${file} < ${at.file}:${at.line}`)).toEqual([
      'arch/x86/Kconfig < Kconfig:2',
      'net/Kconfig < Kconfig:3',
      'arch/x86/kvm/amd.kconfig < arch/x86/Kconfig:1',
      'net/ipv4/Kconfig < net/Kconfig:2',
    ]);
  });
});
