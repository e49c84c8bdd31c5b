import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { diagnose, diagnosisError } from '../../../src/pipeline/doctor/examine.ts';
import type { Finding, Job } from '../../../src/pipeline/doctor/finding.ts';
import { lookAtFiles, lookAtPrograms, versionIn } from '../../../src/pipeline/doctor/programs.ts';
import { lookAtRoom, memoryIn } from '../../../src/pipeline/doctor/room.ts';
import { toolsOf } from '../../../src/pipeline/preflight.ts';
import { scratchFolder } from '../../scratch.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function fault(prevents: Job, packages?: readonly string[]): Finding {
  return {
    group: 'programs',
    name: `for ${prevents}`,
    state: 'missing',
    detail: 'missing',
    prevents,
    ...(packages === undefined ? {} : { packages }),
  };
}

describe('a diagnosis', () => {
  test.each<[readonly Job[], Job, { build: boolean; bundle: boolean; proof: boolean }, boolean]>([
    [[], 'proof', { build: true, bundle: true, proof: true }, true],
    [['proof'], 'proof', { build: true, bundle: true, proof: false }, false],
    [['proof'], 'bundle', { build: true, bundle: true, proof: false }, true],
    [['bundle'], 'bundle', { build: true, bundle: false, proof: false }, false],
    [['build'], 'bundle', { build: false, bundle: false, proof: false }, false],
  ])('faults in %j, on the way to the %s', (faults, aim, can, ready) => {
    const diagnosis = diagnose(
      faults.map((job) => fault(job)),
      aim,
    );
    expect(diagnosis.can).toEqual(can);
    expect(diagnosis.ready).toBe(ready);
    const error = diagnosisError(diagnosis);
    if (ready) expect(error).toBeUndefined();
    else expect(error).toMatchObject({ code: 'BW-HOST-LACKS', exitStatus: 4 });
  });

  test('the packages of what is missing, once each, in one command', () => {
    const there: Finding = {
      group: 'programs',
      name: 'gcc',
      state: 'ok',
      detail: '12',
      packages: ['gcc'],
    };
    const { install } = diagnose(
      [there, fault('build', ['rpm']), fault('proof', ['rpm', 'ipxe'])],
      'proof',
    );
    expect(install).toMatch(/^(apt-get|dnf) install rpm ipxe$/);
    expect(diagnose([there], 'proof').install).toBeUndefined();
  });

  test('the error names what bars the way, and not what lies beyond', () => {
    const error = diagnosisError(diagnose([fault('build'), fault('proof')], 'bundle'));
    expect(error?.message).toContain('for build');
    expect(error?.message).not.toContain('for proof');
  });
});

test.each([
  ['RPM version 4.18.0\n', '4.18.0'],
  ['gcc (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright (C) 2022', '12.2.0'],
  ['\nThis is perl 5, version 36, subversion 0 (v5.36.0) built for', '5.36.0'],
  ['kmod version 30\n+ZSTD', '30'],
  ['ip utility, iproute2-6.1.0, libbpf 1.1.2', '6.1.0'],
  ['NFS-Ganesha Release = V4.3', '4.3'],
  ['bzip2, a block-sorting file compressor.  Version 1.0.8, 13-Jul-2019.', '1.0.8'],
  ['usage: thing [-x]', undefined],
])('the version in %j', (text, version) => {
  expect(versionIn(text)).toBe(version);
});

test('every program that a stage asks for is known, with its package', async () => {
  const { knownTool } = await import('../../../src/system/tools.ts');
  for (const name of Object.values(toolsOf).flat()) expect(knownTool(name), name).toBeDefined();
});

test('a program that is not there is missing with what it prevents, or with what is lost', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const findings = await lookAtPrograms();
  const named = (name: string) => findings.find((finding) => finding.name === name);
  expect(named('rpmbuild')).toMatchObject({ state: 'missing', prevents: 'build' });
  expect(named('strip')).toMatchObject({ state: 'missing', prevents: 'bundle' });
  expect(named('qemu-system-x86_64')).toMatchObject({ state: 'missing', prevents: 'proof' });
  expect(named('pahole')).toMatchObject({ state: 'missing', prevents: 'build' });
  const ccache = named('ccache');
  expect(ccache).toMatchObject({ state: 'poor', packages: ['ccache'] });
  expect(ccache?.purpose).toContain('without it, each build compiles everything');
  expect(ccache?.prevents).toBeUndefined();
});

test('headers are not asked for where there is no compiler', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const names = (await lookAtFiles()).map(({ name }) => name);
  expect(names).not.toContain('<gelf.h>');
  expect(names).toContain('lpxelinux.0');
});

describe('room', () => {
  const workspaceOf = async (path: string) =>
    (await lookAtRoom(path)).find(({ name }) => name === 'workspace');

  test('a workspace that is not there yet is measured where it would be', async () => {
    const finding = await workspaceOf(join(scratchFolder(), 'not/yet'));
    expect(finding?.detail).toMatch(/ [kMGT]?B free for .*not\/yet/);
  });

  test('a path that kbuild would refuse is a fault', async () => {
    const folder = join(scratchFolder(), 'my builds');
    mkdirSync(folder);
    expect(await workspaceOf(folder)).toMatchObject({ state: 'poor', prevents: 'build' });
  });

  test.skipIf(process.getuid?.() === 0)('a folder that cannot be written is a fault', async () => {
    expect(await workspaceOf('/usr/share/x')).toMatchObject({ state: 'poor', prevents: 'build' });
  });

  test('memory is read in bytes', () => {
    const meminfo = 'MemTotal:        2048 kB\nSwapTotal:          0 kB\n';
    expect(memoryIn(meminfo, 'MemTotal')).toBe(2_097_152);
    expect(memoryIn(meminfo, 'SwapTotal')).toBe(0);
    expect(memoryIn('', 'MemTotal')).toBe(0);
  });
});
