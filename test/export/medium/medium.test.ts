import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMediumReadme } from '../../../src/export/iso.ts';
import { renderMediumCommandLine } from '../../../src/export/medium/command-line.ts';
import { renderGrubMenu, renderGrubSearch } from '../../../src/export/medium/grub.ts';
import { isoArguments } from '../../../src/export/medium/make-medium.ts';
import { findMediumPart } from '../../../src/export/medium/parts.ts';
import { findTool } from '../../../src/system/tools.ts';
import { scratchFolder } from '../../scratch.ts';
import { id, madeUpManifest } from '../manifest.ts';

describe('the command line', () => {
  test.each([
    [{}, 'root=/dev/nfs ip=dhcp ro'],
    [
      { nfsRoot: '10.0.0.1:/srv/root' },
      'root=/dev/nfs nfsroot=10.0.0.1:/srv/root,vers=3,tcp,nolock,rsize=65536,wsize=65536 ip=dhcp ro',
    ],
    [
      { nfsRoot: '10.0.0.1:/,vers=4', append: ['rw', 'console=ttyS0,115200'] },
      'root=/dev/nfs nfsroot=10.0.0.1:/,vers=4 ip=dhcp ro rw console=ttyS0,115200',
    ],
  ])('of %j', (given, text) => {
    expect(renderMediumCommandLine(given)).toBe(text);
  });

  test.each([
    [{ nfsRoot: 'server:/srv' }, /IPv4 address/],
    [{ nfsRoot: '10.0.0.1:srv' }, /cannot be an NFS root/],
    [{ nfsRoot: '10.0.0.1:/srv root' }, /cannot be an NFS root/],
    [{ append: ['quiet splash'] }, /"quiet splash" cannot be a kernel parameter/],
    [{ append: ["a='b'"] }, /cannot be a kernel parameter/],
    [{ append: ['a=$b'] }, /cannot be a kernel parameter/],
    [{ append: ['a;b'] }, /cannot be a kernel parameter/],
    [{ append: [''] }, /cannot be a kernel parameter/],
    [{ append: Array.from({ length: 300 }, () => 'debug=1') }, /characters; 2047 fit/],
  ])('refuses %j', (given, message) => {
    expect(() => renderMediumCommandLine(given)).toThrow(
      expect.objectContaining({
        code: 'BW-EXPORT-COMMAND-LINE',
        message: expect.stringMatching(message),
      }),
    );
  });
});

const menu = {
  folder: id,
  kernelRelease: '5.14.0-570.32.1.el9_6.x86_64',
  commandLine: 'root=/dev/nfs ip=dhcp ro console=tty0 console=ttyS1,57600n8',
  first: 'ipxe',
  patience: 5,
} as const;

describe("GRUB's configuration", () => {
  test('finds the medium by what no other one has', () => {
    expect(renderGrubSearch(menu)).toBe(`search --no-floppy --set=root --file '/${id}/grub.cfg'
configfile '/${id}/grub.cfg'
`);
  });

  test('offers the kernel and iPXE, on the serial line too where the kernel has its console', () => {
    expect(renderGrubMenu(menu)).toBe(`serial --unit=1 --speed=57600
terminal_input console serial
terminal_output console serial
set timeout=5
set default=ipxe
menuentry 'Netboot kernel 5.14.0-570.32.1.el9_6.x86_64 from this medium' --id kernel {
  echo 'Loading the kernel from this medium'
  linux '/${id}/vmlinuz' root=/dev/nfs ip=dhcp ro console=tty0 console=ttyS1,57600n8
}
menuentry 'What the network offers (iPXE)' --id ipxe {
  echo 'Loading iPXE from this medium'
  if [ "$grub_platform" = efi ]; then
    chainloader '/${id}/ipxe.efi'
  else
    linux16 '/${id}/ipxe.lkrn'
  fi
}
`);
    const quiet = renderGrubMenu({
      ...menu,
      commandLine: 'console=ttyS0 console=tty0',
      first: 'kernel',
    });
    expect(quiet).toMatch(/^set timeout=5\nset default=kernel\n/);
    expect(renderGrubMenu({ ...menu, commandLine: 'console=ttyS0' })).toMatch(
      /^serial --unit=0 --speed=9600\n/,
    );
  });

  test("is valid to GRUB's own parser", ({ skip }) => {
    if (findTool('grub-script-check') === undefined) skip('grub-common is not installed');
    const file = join(scratchFolder(), 'grub.cfg');
    writeFileSync(file, renderGrubSearch(menu) + renderGrubMenu(menu));
    execFileSync('grub-script-check', [file]);
  });

  test('takes nothing that would leave its place', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('folder', 'commandLine', 'kernelRelease'),
        fc.constantFrom(...'\n\'"$;{}#\\`&|<>*?['),
        (field, bad) => {
          expect(() => renderGrubMenu({ ...menu, [field]: `a${bad}b` })).toThrow(
            expect.objectContaining({ code: 'BW-EXPORT-COMMAND-LINE' }),
          );
        },
      ),
    );
  });
});

test('xorriso is told to make an image for CD and disk, BIOS and UEFI', () => {
  const paths = { volume: 'V', bootSector: '/b', efi: '/e', tree: '/t', out: '/o' };
  expect(isoArguments(paths, 'f').join(' ')).toBe(
    '-as mkisofs -quiet -o /o -r -V V --grub2-mbr /b -partition_offset 16 --mbr-force-bootable -append_partition 2 28732ac11ff8d211ba4b00a0c93ec93b /e -appended_part_as_gpt -iso_mbr_part_type a2a0d0ebe5b9334487c068b6b72699c7 -c f/boot.cat -b f/grub.img -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot /t',
  );
});

test('a part that is missing names its package', () => {
  expect(() => findMediumPart('ipxe.efi', scratchFolder())).toThrow(
    expect.objectContaining({
      code: 'BW-EXPORT-PARTS',
      hint: 'Install it: apt-get install ipxe, or on a RHEL-like host dnf install ipxe-bootimgs-x86',
    }),
  );
});

test('the medium says what it is', () => {
  expect(renderMediumReadme(madeUpManifest(), 'root=/dev/nfs ip=dhcp ro')).toBe(`${id}

This medium boots machines whose firmware cannot boot from the network (PXE).
It starts on BIOS and on UEFI (with Secure Boot switched off), from CD, from a
USB stick, and as a management controller's virtual medium.

1. Netboot kernel 5.14.0-570.32.1.el9_6.x86_64, which is on this medium. It asks DHCP for its
   address, and mounts its root over NFS. Its command line is
     root=/dev/nfs ip=dhcp ro
   so DHCP has to name the root too, by option 17 (root-path):
     ADDRESS:/PATH,vers=3,tcp,nolock,rsize=65536,wsize=65536
   The root needs the modules of this kernel.
2. iPXE, which asks DHCP what to boot, as the firmware would.

To write it to a USB stick (everything on the stick is lost):
     dd if=${id}.iso of=/dev/sdX bs=4M conv=fsync
`);
});
