import { describe, expect, test } from 'vitest';
import { kernelReleaseSchema } from '../../src/kernel/target.ts';
import { diagnoseCheck } from '../../src/proof/diagnose-check.ts';
import type { Expectations } from '../../src/proof/expectations.ts';
import { type GuestReport, readGuestReport } from '../../src/proof/guest/report.ts';
import { judge } from '../../src/proof/judge.ts';

const expectations: Expectations = {
  kernelRelease: kernelReleaseSchema.parse('5.14.0-570.el9.x86_64'),
  buildMark: '#1-netboot SMP',
  commandLine: 'root=/dev/nfs ip=dhcp ro module.sig_enforce=1 console=ttyS0,115200',
  root: { server: '10.77.0.1', path: '/run/bootwright/root', version: 3 },
  secureBoot: false,
  overlay: false,
  card: { mac: '52:54:00:77:00:10', address: '10.77.0.10', drivers: ['8139cp', '8139too'] },
  builtIn: new Set(['8139cp']),
  modules: ['ext4', 'nls_utf8'],
  signaturesEnforced: true,
};

const report: GuestReport = {
  schema: 1,
  release: '5.14.0-570.el9.x86_64',
  version: '#1-netboot SMP PREEMPT_DYNAMIC Thu Jan  1 00:00:00 UTC 2026',
  machine: 'x86_64',
  commandLine:
    'BOOT_IMAGE=http://10.77.0.1/kernel root=/dev/nfs ip=dhcp ro module.sig_enforce=1 console=ttyS0,115200\n',
  root: '10.77.0.1:/run/bootwright/root nfs ro,relatime,vers=3,rsize=65536,nolock,proto=tcp',
  modulesAtStart: '',
  interfaces: [
    { name: 'eth1', mac: '52:54:00:99:00:01\n', address: '', driver: 'e1000', module: 'e1000' },
    {
      name: 'eth0',
      mac: '52:54:00:77:00:10\n',
      address: '10.77.0.10',
      driver: '8139cp',
      module: '',
    },
  ],
  signatureEnforcement: 'Y\n',
  modules: [
    { name: 'ext4', status: 0, output: '' },
    { name: 'nls_utf8', status: 0, output: '' },
  ],
  modulesAtEnd: 'nls_utf8\next4\njbd2',
  tainted: '0\n',
  hardware: {
    pci: [{ slot: '0000:00:02.0', modalias: 'pci:v000010EC\n', driver: '8139cp' }],
    dmi: { sys_vendor: 'QEMU\n' },
    processor: 'QEMU Virtual CPU version 2.5+',
    processors: 1,
    memoryKiB: 1_000_000,
  },
  kernelErrors: '<3>[    1.0] some error',
};
const times = { off: 9_000 };

function verdicts(
  given: Partial<GuestReport>,
  expected: Partial<Expectations> = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    judge({ ...expectations, ...expected }, { ...report, ...given }, times).map((check) => [
      check.id,
      check.verdict,
    ]),
  );
}

const allPassed = {
  'root-is-nfs': 'passed',
  'kernel-release': 'passed',
  'kernel-build': 'passed',
  'command-line': 'passed',
  'boot-card': 'passed',
  'card-driver-built-in': 'passed',
  'no-modules-before-root': 'passed',
  'module:ext4': 'passed',
  'module:nls_utf8': 'passed',
  'signatures-enforced': 'passed',
  hardware: 'passed',
  'kernel-errors': 'noted',
  'power-off': 'passed',
};

test('a good boot passes every check', () => {
  expect(verdicts({})).toEqual(allPassed);
});

test('Secure Boot, where it is to be, as the firmware told the kernel', () => {
  const of = (secureBoot: number | null) =>
    verdicts({ secureBoot }, { secureBoot: true })['secure-boot'];
  expect([3, 2, 0, null].map(of)).toEqual(['passed', 'failed', 'failed', 'failed']);
});

test('NFS 4', () => {
  const root =
    '10.77.0.1:/run/bootwright/root nfs4 ro,relatime,vers=4.0,rsize=65536,proto=tcp,sec=sys';
  expect(verdicts({ root }, { root: { ...expectations.root, version: 4 } })).toEqual(allPassed);
  expect(verdicts({ root })['root-is-nfs']).toBe('failed');
});

describe('an overlay over the root', () => {
  test('that takes writes', () => {
    const given = { rootType: 'overlay', rootTakesWrites: true };
    expect(verdicts(given, { overlay: true })['root-overlay']).toBe('passed');
    expect(verdicts(given)['root-overlay']).toBeUndefined();
  });

  test.each([
    { rootType: 'nfs', rootTakesWrites: false },
    { rootType: 'overlay', rootTakesWrites: false },
    {},
  ])('%o is none', (given) => {
    expect(verdicts(given, { overlay: true })['root-overlay']).toBe('failed');
  });
});

describe('each check can fail, alone', () => {
  test.each<[string, Partial<GuestReport>]>([
    ['root-is-nfs', { root: '' }],
    ['root-is-nfs', { root: '10.77.0.1:/other nfs ro,vers=3' }],
    ['root-is-nfs', { root: '10.77.0.2:/run/bootwright/root nfs ro,vers=3' }],
    ['kernel-release', { release: '5.14.0-570.el9.x86_64+' }],
    ['kernel-build', { version: '#1 SMP PREEMPT_DYNAMIC' }],
    ['command-line', { commandLine: 'root=/dev/nfs ip=dhcp ro\n' }],
    ['command-line', { commandLine: `x${expectations.commandLine}` }],
    ['boot-card', { interfaces: report.interfaces.map((i) => ({ ...i, address: '10.77.0.99' })) }],
    ['no-modules-before-root', { modulesAtStart: 'virtio\nvirtio_ring' }],
    ['module:ext4', { modules: [{ name: 'nls_utf8', status: 0, output: '' }] }],
    ['module:ext4', { modulesAtEnd: 'nls_utf8' }],
    [
      'module:ext4',
      {
        modules: [
          { name: 'ext4', status: 1, output: "modprobe: can't load module ext4" },
          { name: 'nls_utf8', status: 0, output: '' },
        ],
      },
    ],
    ['signatures-enforced', { signatureEnforcement: 'N\n' }],
    ['signatures-enforced', { signatureEnforcement: null }],
    ['signatures-enforced', { tainted: '8192\n' }],
    ['hardware', { hardware: { ...report.hardware, pci: [] } }],
  ])('%s: %o', (id, given) => {
    expect(verdicts(given)).toEqual({ ...allPassed, [id]: 'failed' });
  });

  test('the driver was loaded as a module', () => {
    expect(verdicts({ modulesAtEnd: '8139cp\next4\nnls_utf8' })).toEqual({
      ...allPassed,
      'card-driver-built-in': 'failed',
    });
  });

  test('the driver is not in modules.builtin', () => {
    expect(verdicts({}, { builtIn: new Set() })).toEqual({
      ...allPassed,
      'card-driver-built-in': 'failed',
    });
  });

  test('no such card', () => {
    expect(verdicts({ interfaces: [] })).toEqual({
      ...allPassed,
      'boot-card': 'failed',
      'card-driver-built-in': 'failed',
    });
  });

  test('still on', () => {
    const off = judge(expectations, report, {}).find(({ id }) => id === 'power-off');
    expect(off?.verdict).toBe('failed');
  });
});

test('what does not apply is said, and no failure', () => {
  expect(
    verdicts(
      { signatureEnforcement: null, modules: [], modulesAtEnd: '' },
      { modules: [], signaturesEnforced: false },
    ),
  ).toMatchObject({ module: 'not-applicable', 'signatures-enforced': 'not-applicable' });
});

describe('the likely cause of a module that does not load', () => {
  test.each([
    [
      "modprobe: can't load module ext4 (kernel/fs/ext4.ko): Key was rejected by service",
      /signature/,
    ],
    [
      "modprobe: can't load module ext4 (kernel/fs/ext4.ko): Required key not available",
      /signature/,
    ],
    ["modprobe: can't load module ext4 (kernel/fs/ext4.ko): invalid module format", /damaged/],
    [
      "modprobe: can't load module ext4 (kernel/fs/ext4.ko): unknown symbol in module, or unknown parameter",
      /symbols/,
    ],
    ['modprobe: module ext4 not found in modules.dep', /module tree/],
    ['something else', /own words/],
  ])('%s', (output, cause) => {
    const given: GuestReport = {
      ...report,
      kernelErrors: '',
      modules: [{ name: 'ext4', status: 1, output }],
      modulesAtEnd: '',
    };
    const check = judge(expectations, given, times).find(({ id }) => id === 'module:ext4');
    if (check === undefined) throw new Error('no such check');
    const failure = diagnoseCheck(check, given);
    expect(failure).toMatchObject({ code: 'BW-PROOF-FAILED', stage: 'modules' });
    expect(failure.what).toBe('ext4, a module on the NFS root, does not load.');
    expect(failure.cause).toMatch(cause);
    expect(failure.evidence).toContain(output);
  });
});

test('every check that fails has a cause and a hint', () => {
  const bad = { ...report, root: '', release: 'x', version: '', commandLine: '', interfaces: [] };
  for (const check of judge({ ...expectations, secureBoot: true }, bad, {})) {
    const failure = diagnoseCheck(check, bad);
    expect(failure.cause).not.toBe('');
    expect(failure.hint).not.toBe('');
  }
});

test('a report that is cut off, or none of ours, is no report', () => {
  const text = JSON.stringify(report);
  expect(readGuestReport(text)).toEqual(report);
  expect(readGuestReport(text.slice(0, -5))).toBeUndefined();
  expect(readGuestReport('{}')).toBeUndefined();
});

describe('a sample of modules', () => {
  const sample = { count: 1, names: ['xfs', 'kvm_amd', 'sctp'], compressed: false };
  const of = (modules: GuestReport['modules'], modulesAtEnd: string, log: string[] = []) =>
    Object.fromEntries(
      judge(
        { ...expectations, sample },
        { ...report, modules: [...report.modules, ...modules], modulesAtEnd },
        times,
        log,
      )
        .filter(({ id }) => ['sample', 'module-complaints'].includes(id))
        .map(({ id, verdict }) => [id, verdict]),
    );
  const passed = { sample: 'passed', 'module-complaints': 'passed' };
  const loaded = { name: 'xfs', status: 0, output: '' };
  const end = `${report.modulesAtEnd}\nxfs`;

  test('as many as asked for, one without a device beside', () => {
    expect(of([loaded, { name: 'kvm_amd', status: 1, output: 'No such device' }], end)).toEqual(
      passed,
    );
  });

  test('too few, one that the kernel does not take, one that is gone again', () => {
    const failed = { ...passed, sample: 'failed' };
    expect(of([{ name: 'kvm_amd', status: 1, output: 'No such device' }], end)).toEqual(failed);
    expect(of([loaded, { name: 'sctp', status: 1, output: 'Key was rejected' }], end)).toEqual(
      failed,
    );
    expect(of([loaded], report.modulesAtEnd)).toEqual(failed);
  });

  test('a complaint of the kernel fails, whatever was loaded', () => {
    expect(of([loaded], end, ['[ 1.0] sctp: Unknown symbol x (err -2)'])).toEqual({
      ...passed,
      'module-complaints': 'failed',
    });
  });
});

describe('a kernel with an initramfs', () => {
  const initramfs = new Set(['8139cp', 'mii', 'nfs']);
  const wrapped = { initramfs, builtIn: new Set<string>() };
  const judged = (modulesAtStart: string) => {
    const { 'card-driver-in-initramfs': driver, 'only-initramfs-modules-before-root': others } =
      verdicts({ modulesAtStart }, wrapped);
    return [driver, others];
  };

  test('its driver was loaded out of it, and nothing from elsewhere', () => {
    expect(judged('8139cp\nmii\nnfs')).toEqual(['passed', 'passed']);
  });
  test('its driver came later', () => {
    expect(judged('nfs')).toEqual(['failed', 'passed']);
  });
  test('something was loaded that is not in its list', () => {
    expect(judged('8139cp\next4')).toEqual(['passed', 'failed']);
  });
});
