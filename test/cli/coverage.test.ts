import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  bundle = await packCoverageBundle(home);
  stock = await makeStock(join(home, 'stock'), release);
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
