import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFleet } from '../../src/kernel/configure/fleet/fleet.ts';
import { run } from '../../src/system/process.ts';
import { release } from '../bundle/parts.ts';
import { packCoverageBundle } from '../coverage/bundle.ts';
import { makeStock, stockDrivers } from '../coverage/stock.ts';
import { scratchFolder } from '../scratch.ts';

const launcher = resolve('bootwright');
const samples = resolve('test/hardware/samples');

let home = '';
let bundle = '';
let stock = '';
/** With a driver that the bundle does not have. */
let wider = '';

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  bundle = await packCoverageBundle(home);
  stock = await makeStock(join(home, 'stock'), release);
  wider = await makeStock(join(home, 'wider'), release, {
    drivers: {
      ...stockDrivers,
      'kernel/drivers/net/ethernet/intel/igb/igb.ko': ['pci:v00008086d00001521sv*sd*bc*sc*i*'],
    },
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs `bootwright coverage` on the bundle. */
async function coverage(...args: readonly string[]) {
  const anyStatus = Array.from({ length: 256 }, (_, status) => status);
  const cwd = scratchFolder();
  return run(launcher, ['coverage', bundle, ...args], { cwd, accept: anyStatus });
}

/** A file with that text. */
function file(text: string): string {
  const path = join(scratchFolder(), 'machine.txt');
  writeFileSync(path, text);
  return path;
}

describe('exit status', () => {
  test('0 for a machine that netboots, by several files of it', async () => {
    const { exitCode, stdout } = await coverage(
      '--stock',
      stock,
      '--lspci',
      join(samples, 'dell-r640.lspci-nnk.txt'),
      '--modalias',
      join(samples, 'qemu.modalias.txt'),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}18:00\.0 +8086:1572 +i40e +built in$/m);
    expect(stdout).toContain('\nNetboots by 5 of 7 network cards: 18:00.0 (i40e)');
  });

  test('6 for one that does not, after the table', async () => {
    const machine = file('02:00.0 Ethernet controller [0200]: Realtek RTL8111 [10ec:8168]\n');
    const { exitCode, stdout, stderr } = await coverage('--stock', stock, '--lspci', machine);
    expect(exitCode).toBe(6);
    expect(stdout).toContain('r8169  a module: not before the root is there');
    expect(stdout).toContain('\nDoes not netboot: none of 1 network card');
    expect(stderr).toContain('BW-COVERAGE-NOT-SERVED');
  });

  test('3 where it cannot be told, with what to do', async () => {
    const machine = file('18:00.0 Ethernet controller [0200]: X710 [8086:1572]\n');
    const { exitCode, stdout, stderr } = await coverage('--lspci', machine);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('not known without --stock');
    expect(stderr).toContain('BW-COVERAGE-UNKNOWN');
    expect(stderr).toContain('--stock');
  });

  test('2 for --live with a file', async () => {
    expect((await coverage('--live', '--lspci', 'x')).exitCode).toBe(2);
  });
});

describe('the bundle by itself', () => {
  test('with stock: numbers and lists', async () => {
    const { exitCode, stdout } = await coverage('--stock', stock);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('  built in   8 ids of 6 drivers: pci 6, usb 1, virtio 1\n');
  });

  test('without: drivers, and how to get the rest', async () => {
    const { exitCode, stdout } = await coverage();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('6 network drivers built in\n');
    expect(stdout).toContain('Give --stock with');
  });

  test('with --json all of it is one object', async () => {
    const { stdout } = await coverage('--stock', stock, '--json', '--quiet');
    const { type, value } = JSON.parse(stdout);
    expect(type).toBe('result');
    expect(value).toMatchObject({ schema: 'bootwright/coverage', kernelRelease: release });
    expect(value.coverage.drivers).toContainEqual({
      module: 'i40e',
      place: 'built-in',
      reason: '',
      location: '',
      path: 'kernel/drivers/net/ethernet/intel/i40e/i40e.ko',
      ids: ['pci 8086:1572'],
    });
  });
});

describe('--suggest', () => {
  const r640 = join(samples, 'dell-r640.lspci-nnk.txt');
  const vm = join(samples, 'qemu.modalias.txt');

  test('says which drivers serve a fleet, and writes them to a file that build takes', async () => {
    const out = join(scratchFolder(), 'fleet.json');
    const { exitCode, stdout } = await coverage(
      '--stock',
      stock,
      '--suggest',
      r640,
      vm,
      '--out',
      out,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('The smallest scope for 2 machines');
    expect(stdout).toMatch(/^ {2}i40e +2 cards of dell-r640\.lspci-nnk\.txt: claims 8086:1572$/m);
    expect(stdout).toContain(`bootwright build --scope fleet=${out} SRPM`);
    const { drivers, buses, machines } = await readFleet(out);
    expect(drivers.map(({ module }) => module)).toEqual(['bnxt_en', 'i40e', 'r8152', 'virtio_net']);
    expect(buses).toEqual(['usb', 'virtio']);
    expect(machines[0]).toEqual({ name: 'dell-r640.lspci-nnk.txt' });
  });

  test('--minimal: one card of each machine', async () => {
    const { stdout } = await coverage(
      ...['--stock', stock, '--minimal', '--json', '--quiet', '--suggest', r640, vm],
    );
    const { value } = JSON.parse(stdout);
    expect(value).toMatchObject({
      schema: 'bootwright/fleet-suggestion',
      kernelRelease: release,
      suggestion: { cards: 'one', isSmallest: true },
    });
    expect(value.suggestion.drivers).toHaveLength(2);
  });

  test('6 where a machine cannot be served; the file has what the others need', async () => {
    const out = join(scratchFolder(), 'fleet.json');
    const machine = file('02:00.0 Ethernet controller [0200]: Realtek RTL8111 [10ec:8168]\n');
    const { exitCode, stdout, stderr } = await coverage(
      ...['--stock', stock, '--out', out, '--suggest', r640, machine],
    );
    expect(exitCode).toBe(6);
    expect(stderr).toContain('BW-FLEET-NOT-SERVED');
    expect(stderr).toContain('machine.txt');
    expect(stdout).toContain('R8169: its dependency PHYLINK=n forbids y');
    expect((await readFleet(out)).drivers).toHaveLength(2);
  });

  test('3 where it is not known, and no file without any driver', async () => {
    const out = join(scratchFolder(), 'fleet.json');
    const machine = file('18:00.0 Ethernet controller [0200]: X710 [8086:1572]\n');
    const { exitCode, stderr } = await coverage('--out', out, '--suggest', machine);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('BW-FLEET-UNKNOWN');
    expect(existsSync(out)).toBe(false);
  });

  test('quotes the bundle that was built with the scope, and no other', async () => {
    const same = await coverage('--stock', stock, '--suggest', vm, '--built', bundle);
    expect(same.exitCode).toBe(0);
    expect(same.stdout).toContain('as built');
    const realtek = file(
      '01:00.0 Ethernet controller [0200]: I350 [8086:1521]\n\tKernel modules: igb\n',
    );
    const other = await coverage('--stock', wider, '--suggest', realtek, '--built', bundle);
    expect(other.exitCode).toBe(3);
    expect(other.stderr).toContain('BW-FLEET-OTHER-BUNDLE');
    expect(other.stderr).toContain('igb');
  });

  test('2 for its options without it, and with one machine', async () => {
    const alone = await run(launcher, ['coverage', '--suggest', r640], { accept: [2] });
    expect(alone.stderr).toContain('--suggest needs a bundle, or --stock PATH.');
    expect((await coverage('--minimal')).exitCode).toBe(2);
    expect((await coverage('--suggest', r640, '--lspci', r640)).exitCode).toBe(2);
  });
});

describe('bad input', () => {
  test.each([
    ['a web page', () => '<html><pre>00:1f.6 Ethernet controller [0200]</pre>', 'BW-HARDWARE-HTML'],
    ['an empty file', () => '', 'BW-HARDWARE-EMPTY'],
    ['50 MB', () => '0'.repeat(50_000_000), 'BW-HARDWARE-TOO-LARGE'],
  ])('%s', async (_, make, code) => {
    const text = make();
    const { exitCode, stdout, stderr } = await coverage('--lspci', file(text));
    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain(code);
    expect(stderr).toContain('lspci -nnk');
  });

  test('stock of another kernel', async () => {
    const other = await makeStock(scratchFolder(), '5.14.0-1.el9.x86_64', { depmod: false });
    const { exitCode, stderr } = await coverage('--stock', other);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('BW-STOCK-RELEASE');
    expect(stderr).toContain('5.14.0-1.el9.x86_64');
  });
});
