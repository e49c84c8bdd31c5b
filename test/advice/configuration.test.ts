import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { advise } from '../../src/advice/advise.ts';
import { configurationFormats, configure } from '../../src/advice/configuration.ts';
import { describeAdvice } from '../../src/advice/describe.ts';
import type { AdviceReport } from '../../src/advice/report.ts';
import { adviceError } from '../../src/advice/report.ts';
import type { RootKind } from '../../src/advice/root-on.ts';
import { readHardware } from '../../src/hardware/index.ts';
import { debianStock } from './stock.ts';

const machine = [
  '00:03.0 Ethernet controller [0200]: Intel Corporation 82574L [8086:10d3]',
  '00:05.0 RAID bus controller [0104]: LSI MegaRAID SAS 1078 [1000:0060]',
];

function report(
  lines: readonly string[] = machine,
  rootOn: readonly RootKind[] = ['ext4'],
  kernelRelease = '6.12.117+deb12-amd64',
): AdviceReport {
  const stock = debianStock(['megaraid_sas']);
  return {
    schema: 'bootwright/advice',
    version: 1,
    bundle: 'kernel-6.12.117-1.x86_64-netboot-0123456789',
    kernelRelease,
    rootOn,
    ...advise(readHardware(Buffer.from(lines.join('\n'))).devices, stock, rootOn),
  };
}

const names =
  'crc32c_generic crc32c_intel jbd2 mbcache ext4 scsi_common scsi_mod megaraid_sas sd_mod';

/** What a shell makes of a text that prints variables or calls a program. */
function shell(script: string): string {
  return execFileSync('bash', ['-euc', script], { encoding: 'utf8' });
}

test('dracut: one assignment, with the reasons as comments', () => {
  const { file, text } = configure(report(), 'dracut');
  expect(file).toBe('/etc/dracut.conf.d/bootwright.conf');
  expect(text).toContain(
    '\n#   megaraid_sas: disk 00:05.0 1000:0060 (pci:v00001000d00000060sv*sd*bc*sc*i*)\n',
  );
  // dracut reads it as bash does.
  expect(shell(`add_drivers=" before "\n${text}\nprintf %s "$add_drivers"`)).toBe(
    ` before  ${names} `,
  );
});

test('mkinitrd: what disks are found by before the rest, in a command of bash', () => {
  const call = (release: string): string => {
    const { text } = configure(report(machine, ['ext4'], release), 'mkinitrd');
    return shell(`mkinitrd() { printf '%s ' "$@"; }\n${text}`);
  };
  expect(call('2.6.18-419.el5')).toBe(
    '-f --with=crc32c_generic --with=crc32c_intel --with=jbd2 --with=mbcache --with=ext4 --preload=scsi_common --preload=scsi_mod --preload=megaraid_sas --preload=sd_mod /boot/initrd-2.6.18-419.el5.img 2.6.18-419.el5 ',
  );
  expect(call('2.6.32-754.el6.x86_64')).toContain('/boot/initramfs-2.6.32-754.el6.x86_64.img');
});

test('initramfs-tools: a module a line, in the order of loading', () => {
  const { file, text } = configure(report(), 'initramfs-tools');
  expect(file).toBe('/etc/initramfs-tools/modules');
  expect(text.split('\n').filter((line) => !line.startsWith('#'))).toEqual(names.split(' '));
});

test('what a machine calls itself ends no comment', () => {
  const hostile = ['00:05.0 RAID bus controller [0104]: x`id`"; reboot # \u2028rm [1000:0060]'];
  for (const format of configurationFormats) {
    const { text } = configure(report(hostile), format);
    expect(text).toMatch(/^[\x20-\x7e\n]+$/);
    const lines = text.split('\n').filter((line) => !line.startsWith('#'));
    expect(lines.join('\n')).not.toContain('reboot');
  }
});

test('for a person: in 80 columns, the reason below each module', () => {
  const text = describeAdvice(report([...machine, '00:1f.3 Audio [0403]: Intel [8086:2668]']));
  expect(text).toContain(`This machine, root on ext4; stock kernel 6.12.117+deb12-amd64

9 stock modules for its initramfs, in the order of loading
  crc32c_generic
      ext4 asks for it
      jbd2 asks for it`);
  expect(text).toContain(`
  megaraid_sas (in the netboot image, where it is no module)
      disk 00:05.0 1000:0060 (pci:v00001000d00000060sv*sd*bc*sc*i*)
`);
  expect(text).toContain(`
Not needed to find the root; udev loads them when it is there
  e1000e (00:03.0 8086:10d3)
  snd_hda_intel (00:1f.3 8086:2668)`);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('an advice by which no root will be found is an error', () => {
  expect(adviceError(report())).toBeUndefined();
  const audio = ['00:1f.3 Audio device [0403]: Intel [8086:2668]'];
  const unknown = ['00:05.0 Serial Attached SCSI controller [0107]: X [ffff:0001]'];
  const nic = machine.slice(0, 1);
  expect(adviceError(report(audio))?.code).toBe('BW-ADVICE-NO-DEVICE');
  expect(adviceError(report(nic))?.code).toBe('BW-ADVICE-NO-DEVICE');
  expect(adviceError(report(nic, []))).toBeUndefined();
  expect(adviceError(report(nic, ['nfs']))).toBeUndefined();
  expect(adviceError(report(unknown))?.code).toBe('BW-ADVICE-UNKNOWN');
});
