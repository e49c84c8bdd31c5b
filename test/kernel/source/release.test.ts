import { describe, expect, it } from 'vitest';
import { builtRelease, makeTarget } from '../../../src/kernel/source/release.ts';

/** What the specs of EL 5 to 10 have in `BuildKernel`, macros replaced. */
const builds = {
  el10: `
    Variant=$1
    KernelVer=6.12.0-1.el10_0.x86_64\${Variant:++\${Variant}}
    ShortRel=$(perl -e "print \\"1.el10_0\\"")
    perl -p -i -e "s/^EXTRAVERSION.*/EXTRAVERSION = -\${ShortRel}.x86_64\${Variant:++\${Variant}}/" Makefile
`,
  el8: `
    Flavour=$4
    DoVDSO=$3
    Flav=\${Flavour:++\${Flavour}}
    KernelVer=6.12.0-1.el8_10.x86_64\${Flav}
`,
  el7: `
    Flavour=$3
    KernelVer=6.12.0-1.el7.x86_64\${Flavour:+.\${Flavour}}
`,
  el6: `
    BuildKernel() {
    MakeTarget=$1
    KernelImage=$2
    Flavour=$3
    InstallName=\${4:-vmlinuz}
    KernelVer=6.12.0-1.el6.x86_64\${Flavour:+.\${Flavour}}
    perl -p -i -e "s/^EXTRAVERSION.*/EXTRAVERSION = -1.el6.x86_64\${Flavour:+.\${Flavour}}/" Makefile
`,
  el5: `
    MakeTarget=$1
    KernelImage=$2
    Flavour=$3
    KernelVer=6.12.0-1.el5$Flavour
    perl -p -i -e "s/^EXTRAVERSION.*/EXTRAVERSION = -1.el5$Flavour/" Makefile
`,
  extraversion: `
    local Flavour=$3
    perl -p -i -e "s/^EXTRAVERSION.*/EXTRAVERSION = -1.el5$Flavour/" Makefile
`,
  simple: `
%build
sed -i 's@^EXTRAVERSION.*@EXTRAVERSION = -1.x86_64@' Makefile
`,
  unclear: `
    Flavour=$3
    KernelVer=$(make -s kernelrelease)
    perl -p -i -e "s/^EXTRAVERSION.*/EXTRAVERSION = -\${Unknown}\${Flavour}/" Makefile
`,
};

describe('builtRelease', () => {
  it.each([
    ['el10', undefined, '6.12.0-1.el10_0.x86_64'],
    ['el10', 'rt-debug', '6.12.0-1.el10_0.x86_64+rt-debug'],
    ['el8', undefined, '6.12.0-1.el8_10.x86_64'],
    ['el8', 'debug', '6.12.0-1.el8_10.x86_64+debug'],
    ['el7', undefined, '6.12.0-1.el7.x86_64'],
    ['el7', 'debug', '6.12.0-1.el7.x86_64.debug'],
    ['el6', undefined, '6.12.0-1.el6.x86_64'],
    ['el6', 'debug', '6.12.0-1.el6.x86_64.debug'],
    ['el5', undefined, '6.12.0-1.el5'],
    ['el5', 'xen', '6.12.0-1.el5xen'],
    ['el5', 'debug', '6.12.0-1.el5debug'],
    ['extraversion', undefined, '6.12.0-1.el5'],
    ['extraversion', 'xen', '6.12.0-1.el5xen'],
    ['simple', undefined, '6.12.0-1.x86_64'],
    ['simple', 'debug', undefined],
    ['unclear', undefined, undefined],
    ['unclear', 'debug', undefined],
  ] as const)('of %s, variant %s, is %s', (spec, variant, release) => {
    expect(builtRelease(builds[spec], variant, '6.12.0')).toBe(release);
  });

  it('does not run in circles', () => {
    expect(builtRelease('A=$B\nB=$A\nKernelVer=1-$A\n', undefined, '1')).toBeUndefined();
    expect(builtRelease('A=$A\nKernelVer=1-$A\n', undefined, '1')).toBeUndefined();
  });
});

describe('makeTarget', () => {
  const source = { name: 'kernel', version: '5.14.0', release: '570.32.1.el9_6', dist: '.el9_6' };
  const releaseOf = (
    packages: Readonly<Record<string, Readonly<Record<string, string>>>>,
    variant?: string,
    text = '',
  ) => {
    const provides = new Map(
      Object.entries(packages).map(([name, each]) => [name, new Map(Object.entries(each))]),
    );
    return makeTarget(source, { provides, text }, 'x86_64', variant, '5.14.0').kernelRelease;
  };

  it("follows EL's rule where the spec is silent", () => {
    expect(releaseOf({})).toBe('5.14.0-570.32.1.el9_6.x86_64');
    expect(releaseOf({}, 'rt')).toBe('5.14.0-570.32.1.el9_6.x86_64+rt');
    expect(releaseOf({}, 'rt-debug')).toBe('5.14.0-570.32.1.el9_6.x86_64+rt-debug');
  });

  it("goes by what the variant's own package provides", () => {
    const packages = {
      'kernel-core': { 'kernel-core-uname-r': '5.14.0-1.own', 'kernel-uname-r': '5.14.0-1.own' },
      'kernel-rt-core': { 'kernel-rt-core-uname-r': '5.14.0-1.own+realtime' },
      'kernel-debug-core': { 'kernel-uname-r': '5.14.0-1.own+debug' },
    };
    expect(releaseOf(packages)).toBe('5.14.0-1.own');
    expect(releaseOf(packages, 'rt')).toBe('5.14.0-1.own+realtime');
    expect(releaseOf(packages, 'debug')).toBe('5.14.0-1.own+debug');
  });

  it('is not misled where every variant provides the same name, as in EL 6 and 7', () => {
    const packages = {
      kernel: { 'kernel-uname-r': '5.14.0-1.x86_64' },
      'kernel-debug': { 'kernel-uname-r': '5.14.0-1.x86_64.debug' },
    };
    expect(releaseOf(packages)).toBe('5.14.0-1.x86_64');
    expect(releaseOf(packages, 'debug')).toBe('5.14.0-1.x86_64.debug');
  });

  it('believes what %build does before what a package says', () => {
    const packages = {
      'kernel-rt-core': { 'kernel-rt-core-uname-r': '5.14.0-1.x86_64++rt' },
    };
    const text = `Variant=$1\nKernelVer=5.14.0-1.x86_64\${Variant:++\${Variant}}\n`;
    expect(releaseOf(packages, 'rt', text)).toBe('5.14.0-1.x86_64+rt');
  });

  it('refuses a release that cannot be', () => {
    const core = (release: string) => ({ 'kernel-core': { 'kernel-core-uname-r': release } });
    expect(() => releaseOf(core('6.1.0-1'))).toThrow(/Makefile .* says 5\.14\.0/);
    expect(() => releaseOf(core(`5.14.0-${'x'.repeat(80)}`))).toThrow(/is not a kernel release/);
  });
});
