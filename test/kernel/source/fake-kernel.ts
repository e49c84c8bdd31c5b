import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildRpm } from '../../formats/rpm/build.ts';

/** How the source package of a fake kernel differs from a sound one. */
export interface FakeKernel {
  /** What stands in %prep after the tree has been unpacked and entered. */
  readonly prep?: string;
  /** The whole spec, instead of ours. */
  readonly spec?: string;
  readonly exclusiveArch?: string;
  /** Sources besides the tarball. */
  readonly sources?: Readonly<Record<string, string>>;
  readonly patches?: Readonly<Record<string, string>>;
  /** By what they are applied; the default is a shell function, as in EL 6 and later. */
  readonly patchedBy?: 'ApplyPatch' | '%patch';
  /** More lines for the head of the spec. */
  readonly preamble?: string;
  /** More lines of the spec, after its main package: sub-packages. */
  readonly packages?: string;
  /** The version in the Makefile; that of the package is 6.0.0. */
  readonly makefileVersion?: readonly [number, number, number];
}

const config = (arch: string): string =>
  `# ${arch}\n#\n# Automatically generated file; DO NOT EDIT.\n# Linux/${arch} 6.0.0 Kernel Configuration\n#\nCONFIG_64BIT=y\n`;

/** Configs as EL has them among its sources. */
export const fakeConfigs: Readonly<Record<string, string>> = {
  'kernel-x86_64-rhel.config': `${config('x86_64')}CONFIG_X86_64=y\n`,
  'kernel-x86_64-debug-rhel.config': `${config('x86_64')}CONFIG_DEBUG_KERNEL=y\n`,
  'kernel-aarch64-rhel.config': `${config('arm64')}CONFIG_ARM64=y\n`,
};

/** A tarball of a tree with no more than what makes it a kernel's; gives its path. */
function fakeTree(folder: string, [version, patchLevel, subLevel]: readonly number[]): string {
  const tree = join(folder, 'linux-6.0.0-1.el9');
  const files: Record<string, string> = {
    Makefile: `VERSION = ${version}\nPATCHLEVEL = ${patchLevel}\nSUBLEVEL = ${subLevel}\nEXTRAVERSION =\n`,
    Kconfig: 'config X\n\tbool "X"\n',
    'scripts/kconfig/conf.c': '',
    'scripts/tool.py': '#!/usr/bin/python\nprint()\n',
    'arch/x86/Kconfig': '',
    'drivers/net/card.c': 'one\ntwo\nthree\n',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), content);
  }
  const tarball = join(folder, 'SOURCES', 'linux-6.0.0-1.el9.tar.gz');
  mkdirSync(dirname(tarball), { recursive: true });
  execFileSync('tar', ['-czf', tarball, '-C', folder, 'linux-6.0.0-1.el9']);
  return tarball;
}

/** Makes the source package of a fake kernel, in EL 9's shape, in a folder; gives its path. */
export function fakeKernelSrpm(folder: string, fake: FakeKernel = {}): string {
  fakeTree(folder, fake.makefileVersion ?? [6, 0, 0]);
  const sources = fake.sources ?? fakeConfigs;
  const patches = fake.patches ?? {};
  const spec =
    fake.spec ??
    `%define with_configchecks %{?_without_configchecks: 0} %{?!_without_configchecks: 1}
%define KVERREL %{version}-%{release}.%{_target_cpu}
Name: kernel
Version: 6.0.0
Release: 1%{?dist}
Summary: A fake kernel
License: MIT
ExclusiveArch: ${fake.exclusiveArch ?? 'x86_64 aarch64'}
Source0: linux-6.0.0-1.el9.tar.gz
${Object.keys(sources)
  .map((name, i) => `Source${i + 1}: ${name}`)
  .join('\n')}
${Object.keys(patches)
  .map((name, i) => `Patch${i + 1}: ${name}`)
  .join('\n')}
${fake.preamble ?? ''}
%description
A fake kernel.
${fake.packages ?? ''}
%prep
ApplyPatch()
{
  local patch=$1
  patch -p1 -s < $RPM_SOURCE_DIR/$patch
}
%setup -q -n kernel-%{version}-%{release} -c
mv linux-6.0.0-1.el9 linux-%{KVERREL}
cd linux-%{KVERREL}
${Object.keys(patches)
  .map((name, i) => (fake.patchedBy === '%patch' ? `%patch${i + 1} -p1` : `ApplyPatch ${name}`))
  .join('\n')}
mkdir configs
for i in $RPM_SOURCE_DIR/kernel-*-rhel.config; do
  [[ -f $i ]] || continue
  new=\${i##*/kernel-}
  cp $i configs/kernel-%{version}-\${new%%-rhel.config}.config
done
${fake.prep ?? ''}
`;
  return buildRpm(folder, {
    spec,
    sources: { ...sources, ...patches },
    defines: { dist: '.el9', rhel: '9', _target_cpu: 'x86_64' },
  });
}
