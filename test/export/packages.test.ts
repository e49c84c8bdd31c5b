import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundleIdSchema } from '../../src/bundle/manifest.ts';
import { renderChangelog, renderControl } from '../../src/export/deb.ts';
import { renderCopyright, renderReadme } from '../../src/export/describe-package.ts';
import { debName, rpmName } from '../../src/export/package-name.ts';
import { renderSpec } from '../../src/export/rpm.ts';
import { kernelTargetSchema } from '../../src/kernel/target.ts';
import { id, madeUpManifest } from './manifest.ts';

const manifest = madeUpManifest();
const folder = `/usr/lib/bootwright/${id}`;
const rpm = 'netboot-kernel-5.14.0-570.32.1.el9_6.x86_64-0123456789';
const deb = 'netboot-kernel-5.14.0-570.32.1.el9-6.x86-64-0123456789';

describe('names', () => {
  test('are of the bundle, in the letters that each packager takes', () => {
    expect(rpmName(manifest)).toEqual({
      name: rpm,
      version: '5.14.0',
      release: '570.32.1.el9_6',
      fileName: `${rpm}-5.14.0-570.32.1.el9_6.noarch.rpm`,
    });
    expect(debName(manifest)).toEqual({
      name: deb,
      version: '5.14.0-570.32.1.el9.6',
      fileName: `${deb}_5.14.0-570.32.1.el9.6_all.deb`,
    });
  });

  test('are valid for every package name that a bundle can have, and tell bundles apart', () => {
    const part = fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z._+~^-]{0,12}$/);
    fc.assert(
      fc.property(
        part,
        part,
        part,
        fc.stringMatching(/^[0-9a-f]{10}$/),
        (name, version, release, digits) => {
          const named = {
            id: bundleIdSchema.parse(`${name}-${version}-${release}.x86_64-netboot-${digits}`),
            target: kernelTargetSchema.parse({
              distro: 'unknown',
              name,
              version,
              release,
              architecture: 'x86_64',
              kernelRelease: '5.14.0',
            }),
          };
          const rpmNamed = rpmName(named);
          expect(rpmNamed.name).toMatch(/^netboot-[A-Za-z0-9._+-]+$/);
          expect(rpmNamed.version).not.toContain('-');
          expect(rpmNamed.release).not.toContain('-');
          const debNamed = debName(named);
          // deb-control(5), deb-version(7)
          expect(debNamed.name).toMatch(/^[a-z0-9][a-z0-9.+-]+$/);
          expect(debNamed.version).toMatch(/^[A-Za-z0-9.+~-]+$/);
          for (const each of [rpmNamed.name, debNamed.name])
            expect(each.endsWith(digits)).toBe(true);
        },
      ),
    );
  });
});

const description = `This kernel boots machines over the network and mounts their root over NFS.
It belongs on a boot server, whatever distribution that runs: it is not the
kernel of the host on which it is installed, and touches nothing of that host's
boot, /boot or /lib/modules.`;
const second = `Version, patches and configuration are those of el9_6's own kernel
5.14.0-570.32.1.el9_6.x86_64, but its network drivers are built in.
The kernel, its modules and a manifest that tells every difference are in
${folder}.`;

describe('texts', () => {
  test('the spec', () => {
    expect(renderSpec(manifest)).toBe(`Name: ${rpm}
Version: 5.14.0
Release: 570.32.1.el9_6
Summary: Kernel 5.14.0-570.32.1.el9_6.x86_64 for booting machines over the network
License: GPL-2.0-only
URL: https://www.kernel.org/
Group: System Environment/Kernel
BuildArch: noarch
AutoReqProv: no
Provides: netboot-kernel = 5.14.0-570.32.1.el9_6

%description
${description}

${second}

%install
mkdir -p "$RPM_BUILD_ROOT"
mv "$RPM_SOURCE_DIR"/root/usr "$RPM_BUILD_ROOT"/

%files
%defattr(0644,root,root,0755)
%dir /usr/lib/bootwright
${folder}
%dir /usr/share/doc/${rpm}
%doc /usr/share/doc/${rpm}/README
%doc /usr/share/doc/${rpm}/copyright
`);
  });

  test('the control file', () => {
    const indented = (text: string) => text.replaceAll(/^/gm, ' ');
    expect(renderControl(manifest, 1234)).toBe(`Package: ${deb}
Version: 5.14.0-570.32.1.el9.6
Architecture: all
Maintainer: Bootwright <root@localhost>
Installed-Size: 1234
Provides: netboot-kernel
Section: kernel
Priority: optional
Homepage: https://www.kernel.org/
Description: Kernel 5.14.0-570.32.1.el9_6.x86_64 for booting machines over the network
${indented(description)}
 .
${indented(second)}
`);
  });

  test("the changelog, as Debian's own parser reads it", ({ skip }) => {
    const changelog = renderChangelog(manifest);
    expect(changelog).toBe(`${deb} (5.14.0-570.32.1.el9.6) unstable; urgency=medium

  * Made from the bundle ${id}.

 -- Bootwright <root@localhost>  Tue, 14 Nov 2023 22:13:20 +0000
`);
    let parsed = '';
    try {
      parsed = execFileSync('dpkg-parsechangelog', ['-l-'], { input: changelog, encoding: 'utf8' });
    } catch {
      skip('dpkg-dev is not installed');
    }
    expect(parsed).toContain('Timestamp: 1700000000');
  });

  test('the README', () => {
    expect(renderReadme(manifest)).toBe(`${id}

${description}

${second}

To serve it over HTTP or TFTP, point the server at the folder, or copy it there:
    cp -a ${folder} /srv/tftp/

and in pxelinux.cfg/default:
    LABEL netboot
      KERNEL ${id}/boot/vmlinuz-5.14.0-570.32.1.el9_6.x86_64
      APPEND root=/dev/nfs nfsroot=SERVER:/srv/root,vers=3,tcp,nolock ip=dhcp ro

The NFS root (/srv/root here) needs the modules that belong to this kernel:
    cp -a ${folder}/lib/modules/5.14.0-570.32.1.el9_6.x86_64 /srv/root/lib/modules/

To check that all of it is as it was packed:
    cd ${folder} && sha256sum --check --quiet SHA256SUMS

What differs from the stock kernel and why stands in manifest.json;
"bootwright show" explains it.

Made from kernel-5.14.0-570.32.1.el9_6.src.rpm
  SHA-256 ${'ab'.repeat(32)}
`);
  });

  test('the copyright, in which a file name stays in its line', () => {
    const source = { ...manifest.source, fileName: 'k.src.rpm\nLicense: none\n' };
    expect(
      renderCopyright({ ...manifest, source }),
    ).toBe(`Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Linux
Source: https://www.kernel.org/
Comment:
 Compiled from the source package
  k.src.rpm License: none${' '}
  SHA-256 ${'ab'.repeat(32)}
 of el9_6, with the changes that manifest.json lists. Whoever passes this
 package on owes the recipient that source (GPL-2, section 3).

Files: *
Copyright: the authors of Linux, see CREDITS and MAINTAINERS in its source
License: GPL-2.0-only WITH Linux-syscall-note
 On Debian systems, the text of the GNU General Public License, version 2, is in
 /usr/share/common-licenses/GPL-2; elsewhere, see https://www.gnu.org/licenses/.
`);
  });
});
