import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootKinds } from '../../src/advice/root-on.ts';
import { rootChoices } from '../../src/cli/commands/advice.ts';
import { run } from '../../src/system/process.ts';
import { release } from '../bundle/parts.ts';
import { packCoverageBundle } from '../coverage/bundle.ts';
import { makeStock } from '../coverage/stock.ts';
import { scratchFolder } from '../scratch.ts';

const launcher = resolve('bootwright');
const samples = resolve('test/hardware/samples');

let home = '';
let bundle = '';
let stock = '';

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  stock = await makeStock(join(home, 'stock'), release);
  bundle = await packCoverageBundle(home);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs `bootwright advice` for a machine. */
async function advice(args: readonly string[], input?: string) {
  const anyStatus = Array.from({ length: 256 }, (_, status) => status);
  return run(launcher, ['advice', '--bundle', bundle, ...args], {
    cwd: scratchFolder(),
    accept: anyStatus,
    ...(input === undefined ? {} : { input }),
  });
}

const megaraid = 'pci:v00001000d0000005Dsv00001000sd00001013bc01sc04i00\n';

test('what a root can be on stands in --help as the advice has it', () => {
  expect(rootChoices).toEqual(rootKinds);
});

describe('bootwright advice', () => {
  test('with the stock modules named: for dracut, from standard input', async () => {
    const { exitCode, stdout } = await advice(
      ['--modaliases', '-', '--stock', stock, '--format', 'dracut'],
      megaraid,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^add_drivers\+=" megaraid_sas "$/m);
  });

  test('as JSON, with the configuration in it', async () => {
    const { stdout } = await advice([
      ...['--modaliases', join(samples, 'dell-r640.lspci-nnk.txt'), '--stock', stock],
      ...['--format', 'initramfs-tools', '--json', '--quiet'],
    ]);
    const { value } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(value).toMatchObject({
      schema: 'bootwright/advice',
      kernelRelease: release,
      rootOn: [],
      configuration: { format: 'initramfs-tools', file: '/etc/initramfs-tools/modules' },
    });
    expect(value.modules).toContainEqual(
      expect.objectContaining({ name: 'i40e', inNetbootImage: true }),
    );
  });

  test('from a bundle that keeps what the stock modules say', async () => {
    const keeping = await packCoverageBundle(scratchFolder(), stock);
    const { exitCode, stdout } = await run(
      launcher,
      ['advice', '--bundle', keeping, '--modaliases', '-', '--format', 'mkinitrd'],
      { cwd: scratchFolder(), input: megaraid },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('--preload=megaraid_sas');
  });

  test('3 for a bundle that keeps nothing of stock, with what to do', async () => {
    const { exitCode, stderr } = await advice(['--modaliases', '-'], megaraid);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('BW-ADVICE-NO-STOCK');
    expect(stderr).toContain('--stock');
  });

  test('3 for a machine without a disk, after the table', async () => {
    const machine = join(scratchFolder(), 'machine.txt');
    writeFileSync(machine, '18:00.0 Ethernet controller [0200]: X710 [8086:1572]\n');
    const { exitCode, stdout, stderr } = await advice([
      ...['--modaliases', machine, '--stock', stock, '--root-on', 'ext4,lvm'],
    ]);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('i40e (18:00.0 8086:1572)');
    expect(stderr).toContain('BW-ADVICE-NO-DEVICE');
  });

  test('3 for standard input that has nothing', async () => {
    const { exitCode, stderr } = await advice(['--modaliases', '-', '--stock', stock], '');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('BW-HARDWARE-EMPTY');
    expect(stderr).toContain('Standard input is empty');
  });

  test('2 for a root on what is not known', async () => {
    const { exitCode, stderr } = await advice(['--modaliases', '-', '--root-on', 'ext4,zfs'], '');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('"zfs" is none of');
  });
});
