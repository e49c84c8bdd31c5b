import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKernelModule } from '../../../src/formats/elf-kmod/index.ts';
import {
  type CompileRequest,
  compileKernel,
  makeEnvironment,
} from '../../../src/kernel/compile/index.ts';
import {
  installModules,
  type ModuleTree,
  ownSigningKey,
} from '../../../src/kernel/modules/index.ts';
import { findSigners, openStock } from '../../../src/kernel/stock/index.ts';
import { run } from '../../../src/system/process.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { layOutTinyKernel } from '../tiny-kernel.ts';

// A tiny kernel with types (BTF) is compiled as the vendor would; then others from the same tree, whose
// modules are the vendor's. The tests follow each other.
const folder = mkdtempSync(join(tmpdir(), 'bootwright-stock-'));
const longest = 40 * 60_000;
const root = join(folder, 'stock');
let stockRequest: Omit<CompileRequest, 'signal'>;
let vendor: X509Certificate;

const btf = `
CONFIG_BPF_SYSCALL=y
CONFIG_DEBUG_INFO_BTF=y
CONFIG_DEBUG_INFO_BTF_MODULES=y
CONFIG_SYSTEM_TRUSTED_KEYRING=y
`;

/** Changes lines of a config, and has the tree complete it. */
async function changeConfig(
  file: string,
  lines: string,
  forget: readonly string[] = [],
): Promise<void> {
  const changed = new Set([...lines.matchAll(/CONFIG_\w+/g)].map(([symbol]) => symbol));
  for (const symbol of forget) changed.add(`CONFIG_${symbol}`);
  const kept = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !changed.has(/CONFIG_\w+/.exec(line)?.[0] ?? ''));
  const made = join(folder, 'config');
  writeFileSync(join(made, '.config'), `${kept.join('\n')}\n${lines}`);
  await run('make', ['-s', '-C', stockRequest.tree, `O=${made}`, 'ARCH=x86_64', 'olddefconfig'], {
    env: makeEnvironment(),
  });
  const text = readFileSync(join(made, '.config'), 'utf8');
  for (const line of lines.trim().split('\n')) expect(text).toContain(`${line}\n`);
  if (file !== join(made, '.config')) writeFileSync(file, text);
}

const stockModules = (): string => join(root, 'lib/modules', stockRequest.target.kernelRelease);

/** Compiles the image alone with the stock config and some lines else, and lays stock's modules beside. */
async function build(lines: string, trusted: readonly X509Certificate[]): Promise<ModuleTree> {
  const { keyFile } = await ownSigningKey(join(folder, 'our-keys'));
  const config = join(folder, 'netboot.config');
  copyFileSync(join(folder, 'stock.config'), config);
  await changeConfig(config, lines);
  const trustedKeys = join(folder, 'trusted.pem');
  writeFileSync(trustedKeys, trusted.map(String).join(''));
  const compiled = await compileKernel({
    ...stockRequest,
    config,
    // The vendor's objects but for what differs: debug information keeps ccache from sharing them.
    folder: join(folder, 'objects'),
    modules: 'none',
    signing: { keyFile },
    trustedKeys,
  });
  await using kernel = await openStock({ paths: [root], parts: [] });
  return await installModules({
    compiled,
    tree: stockRequest.tree,
    folder: join(folder, 'installed'),
    modules: { kernel, trusted },
    jobs: stockRequest.jobs,
    step: unwatched,
    log: join(folder, 'install.log'),
  });
}

const bytesOf = (tree: ModuleTree, path: string): Buffer =>
  readFileSync(join(tree.folder, 'lib/modules', tree.kernelRelease, path));

const hasTypes = (bytes: Buffer): boolean =>
  readKernelModule(bytes).sections.some(({ name }) => name === '.BTF');

/** The module as if it had been compiled for a kernel whose `struct module` is another one. */
function otherForm(module: Buffer): Buffer {
  const entry = module.indexOf('module_layout\0');
  expect(entry).toBeGreaterThan(8);
  const changed = Buffer.from(module);
  // The CRC stands in the eight bytes before the name (struct modversion_info).
  changed[entry - 8] = (module[entry - 8] ?? 0) ^ 0xff;
  return changed;
}

const crc7 = 'kernel/lib/crc7.ko';
const parport = 'kernel/drivers/parport/parport.ko';
const printer = 'kernel/drivers/char/lp.ko';

beforeAll(async () => {
  const { keyFile } = await ownSigningKey(join(folder, 'vendor-keys'));
  vendor = new X509Certificate(readFileSync(keyFile));
  stockRequest = { ...(await layOutTinyKernel(folder, keyFile)), debugInfo: 'auto' };
  await changeConfig(stockRequest.config, btf, ['DEBUG_INFO_REDUCED', 'DEBUG_INFO_NONE']);
  copyFileSync(stockRequest.config, join(folder, 'stock.config'));
  const compiled = await compileKernel({
    ...stockRequest,
    config: join(folder, 'stock.config'),
    folder: join(folder, 'objects'),
  });
  await installModules({
    compiled,
    tree: stockRequest.tree,
    folder: root,
    modules: 'all',
    jobs: stockRequest.jobs,
    step: unwatched,
    log: join(folder, 'install.log'),
  });
  mkdirSync(join(root, 'boot'));
  copyFileSync(compiled.image, join(root, 'boot', `vmlinuz-${compiled.kernelRelease}`));
}, longest);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('stock modules beside an image of the same tree', () => {
  test('the certificate that signed them is found in the stock image', async () => {
    await using stock = await openStock({ paths: [root], parts: [] });
    const signers = await findSigners(stock, unwatched);
    expect(signers.map(({ fingerprint256 }) => fingerprint256)).toEqual([vendor.fingerprint256]);
  });

  test(
    'where the types are the same and the image trusts the vendor, nothing of them is touched',
    async () => {
      const tree = await build('CONFIG_SYSTEM_TRUSTED_KEYS="trusted-certificates.pem"\n', [vendor]);
      expect(tree.stock).toMatchObject({
        types: 'kept',
        untouched: tree.modules.length,
        resigned: 0,
        inImage: [],
        rebuilt: [],
        missing: [],
      });
      expect(tree.modules.map(({ name }) => name)).toEqual(expect.arrayContaining(['crc7', 'lp']));
      const stock = readFileSync(join(stockModules(), crc7));
      expect(hasTypes(stock)).toBe(true);
      expect(bytesOf(tree, crc7).equals(stock)).toBe(true);
    },
    longest,
  );

  test(
    'a driver that is built in is dropped; without its types the rest is signed again',
    async () => {
      const tree = await build('CONFIG_CRC7=y\n', []);
      expect(tree.stock).toMatchObject({
        types: 'removed',
        untouched: 0,
        resigned: tree.modules.length,
        inImage: [crc7],
        rebuilt: [],
        missing: [],
      });
      expect(tree.builtIn).toContain('crc7');
      const bytes = bytesOf(tree, parport);
      expect(hasTypes(bytes)).toBe(false);
      expect(readKernelModule(bytes).signature).toBeDefined();
      const code = (file: Buffer): Uint8Array | undefined =>
        readKernelModule(file).sections.find(({ name }) => name === '.text')?.content;
      expect(code(bytes)).toEqual(code(readFileSync(join(stockModules(), parport))));
    },
    longest,
  );

  test(
    'what does not fit is compiled from the tree; what the tree does not have is said to be missing',
    async () => {
      const other = otherForm(readFileSync(join(stockModules(), printer)));
      writeFileSync(join(stockModules(), printer), other);
      mkdirSync(join(stockModules(), 'extra'));
      writeFileSync(join(stockModules(), 'extra', 'foreign.ko'), other);
      const tree = await build('CONFIG_CRC7=y\n', [vendor]);
      // It was changed after the vendor had signed it, too.
      const why = [
        expect.stringMatching(/no signature of its content by stock's own certificate/),
        'it needs another form of module_layout than vmlinux has (CRC)',
      ];
      expect(tree.stock).toMatchObject({
        rebuilt: [{ path: printer, why }],
        missing: [{ path: 'extra/foreign.ko', why: [...why, 'the tree does not make it'] }],
      });
      expect(tree.modules.map(({ name }) => name)).not.toContain('foreign');
      // Its types are made from the new image, so they stay.
      expect(hasTypes(bytesOf(tree, printer))).toBe(true);
      expect(hasTypes(bytesOf(tree, parport))).toBe(false);
    },
    longest,
  );
});
