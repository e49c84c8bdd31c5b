import { describe, expect, test } from 'vitest';
import {
  type LoaderEntry,
  renderGrub,
  renderIpxe,
  renderPxelinux,
} from '../../../src/lab/boot/loaders.ts';

const entry: LoaderEntry = {
  server: '10.77.0.1',
  transport: 'http',
  imagePath: '/kernel',
  commandLine: 'root=/dev/nfs ip=dhcp console=ttyS0,115200',
};

test('pxelinux', () => {
  expect(renderPxelinux(entry)).toBe(`DEFAULT bootwright
PROMPT 0
LABEL bootwright
  KERNEL http://10.77.0.1/kernel
  APPEND root=/dev/nfs ip=dhcp console=ttyS0,115200
`);
});

test('by TFTP', () => {
  const byTftp = { ...entry, transport: 'tftp' } as const;
  expect(renderPxelinux(byTftp)).toContain('  KERNEL tftp://10.77.0.1/kernel\n');
  expect(renderIpxe(byTftp)).toContain('\nkernel tftp://10.77.0.1/kernel root=/dev/nfs');
  expect(renderGrub(byTftp)).toContain('insmod tftp\nlinux (tftp,10.77.0.1)/kernel root=/dev/nfs');
});

test('iPXE', () => {
  expect(renderIpxe(entry)).toBe(`#!ipxe
kernel http://10.77.0.1/kernel root=/dev/nfs ip=dhcp console=ttyS0,115200 || goto failed
boot || goto failed
:failed
echo bootwright: iPXE could not load the kernel
exit 1
`);
});

test('GRUB', () => {
  expect(renderGrub(entry)).toBe(`set timeout=0
insmod http
linux (http,10.77.0.1)/kernel root=/dev/nfs ip=dhcp console=ttyS0,115200
boot
`);
});

describe.each([
  ['pxelinux', renderPxelinux],
  ['iPXE', renderIpxe],
  ['GRUB', renderGrub],
])('%s refuses', (_, render) => {
  test.each<Partial<LoaderEntry>>([
    { commandLine: 'a\nTIMEOUT 0' },
    { commandLine: 'a || shell' },
    { commandLine: 'a ; reboot' },
    { commandLine: '$' + '{net0/mac}' },
    { imagePath: 'kernel' },
    { imagePath: '/a b' },
    { imagePath: '/../etc//passwd' },
    { server: 'evil.example' },
    { server: '10.77.0.1/x' },
  ])('%o', (part) => {
    expect(() => render({ ...entry, ...part })).toThrow(
      expect.objectContaining({ code: 'BW-PROOF-COMMAND-LINE' }),
    );
  });
});

describe('a kernel with an initramfs', () => {
  const withInitramfs = { ...entry, initramfsPath: '/initramfs' };

  test('pxelinux gets it, and tells which card it was booted from', () => {
    expect(renderPxelinux(withInitramfs)).toMatch(
      /^ {2}INITRD http:\/\/10\.77\.0\.1\/initramfs\n {2}SYSAPPEND 2$/m,
    );
  });
  test('iPXE likewise; a UEFI kernel finds it by name', () => {
    expect(renderIpxe(withInitramfs)).toContain(
      `kernel http://10.77.0.1/kernel initrd=initramfs root=/dev/nfs ip=dhcp console=ttyS0,115200 BOOTIF=01-\${netX/mac:hexhyp} || goto failed\ninitrd --name initramfs http://10.77.0.1/initramfs || goto failed\n`,
    );
  });
  test('GRUB likewise', () => {
    expect(renderGrub(withInitramfs)).toContain(
      'console=ttyS0,115200 BOOTIF=01-$net_default_mac\ninitrd (http,10.77.0.1)/initramfs\n',
    );
  });
  test('a path that would leave its place is refused', () => {
    expect(() => renderPxelinux({ ...entry, initramfsPath: '/a b' })).toThrow();
  });
});
