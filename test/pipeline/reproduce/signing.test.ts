import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBundle } from '../../../src/bundle/open.ts';
import { unpackBundle } from '../../../src/bundle/unpack.ts';
import { findSigning } from '../../../src/pipeline/reproduce/signing.ts';
import { sha256 } from '../../../src/system/files.ts';
import { run } from '../../../src/system/process.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { config, makeModule, pack, provenance, release, writeParts } from '../../bundle/parts.ts';
import { buildImage } from '../../formats/bzimage/build-image.ts';
import { appendSignature } from '../../formats/elf-kmod/build-module.ts';
import { scratchFolder } from '../../scratch.ts';

const home = mkdtempSync(join(tmpdir(), 'bootwright-signing-'));
const pem = (name: string): string => join(home, `${name}.pem`);
const certificateOf = (name: string) => new X509Certificate(readFileSync(pem(name)));

beforeAll(async () => {
  const curve = ['ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1'];
  for (const [name, kind] of [
    ['ours', ['rsa:2048']],
    ['foreign', ['rsa:2048']],
    ['curve', curve],
  ] as const) {
    await run('openssl', [
      ...['req', '-new', '-x509', '-nodes', '-subj', '/CN=test', '-newkey', ...kind],
      ...['-out', pem(name), '-keyout', pem(name)],
    ]);
  }
});
afterAll(() => rmSync(home, { recursive: true }));

async function signed(key: string): Promise<Buffer> {
  const module = makeModule({ signed: false });
  writeFileSync(join(home, 'content'), module);
  await run('openssl', [
    ...['cms', '-sign', '-binary', '-nocerts', '-noattr', '-outform', 'DER', '-md', 'sha256'],
    ...['-signer', pem(key), '-in', join(home, 'content'), '-out', join(home, 'p7s')],
  ]);
  return appendSignature(module, readFileSync(join(home, 'p7s')));
}

/** A bundle in a workspace, made with that key; its modules may be signed by another. */
async function bundle(folder: string, key: string, { inImage = key, modules = key } = {}) {
  const parts = writeParts(join(folder, 'parts'));
  const kernel = Buffer.concat([Buffer.alloc(500, 0x30), certificateOf(inImage).raw]);
  writeFileSync(parts.image, buildImage({ payload: gzipSync(kernel), release }));
  writeFileSync(parts.config, `${config}CONFIG_MODULE_SIG=y\n`);
  for (const name of ['kernel/fs/ext4/ext4.ko', 'kernel/net/dummy.ko']) {
    writeFileSync(join(parts.moduleTree, name), await signed(modules));
  }
  const certificate = { subject: 'CN=test', sha256: sha256(certificateOf(key).raw) };
  const made = await pack(parts, join(folder, 'workspace', 'bundles'), {
    provenance: { ...provenance, certificate },
  });
  const opened = await openBundle(made.folder);
  const files = join(folder, 'files');
  await unpackBundle(opened, files);
  return { unpacked: { ...opened, folder: files }, home: made.folder };
}

type Made = Awaited<ReturnType<typeof bundle>>;

function find(folder: string, made: Made, signKey?: string) {
  return findSigning(made.unpacked, made.home, signKey, join(folder, 'signing'), unwatched);
}

/** Puts a key where the workspace that a bundle lies in has its own. */
function keepKey(folder: string, key: string): string {
  const keys = join(folder, 'workspace', 'keys');
  mkdirSync(keys, { recursive: true });
  copyFileSync(pem(key), join(keys, 'module-signing-key.pem'));
  return join(keys, 'module-signing-key.pem');
}

describe('the modules of a rebuilt bundle are signed', () => {
  test('with the key that was given, if it is the one', async () => {
    const folder = scratchFolder();
    const made = await bundle(folder, 'ours');
    expect(await find(folder, made, pem('ours'))).toEqual({
      signedWith: 'the key',
      request: { signKey: pem('ours') },
    });
    await expect(find(folder, made, pem('foreign'))).rejects.toMatchObject({
      code: 'BW-REPRODUCE-KEY',
    });
  });

  test("with the workspace's own key, if it is the one", async () => {
    const folder = scratchFolder();
    const made = await bundle(folder, 'ours');
    keepKey(folder, 'foreign');
    expect(await find(folder, made)).toMatchObject({ signedWith: "the bundle's signatures" });
    const own = keepKey(folder, 'ours');
    expect(await find(folder, made)).toEqual({ signedWith: 'the key', request: { signKey: own } });
  });

  test("with the bundle's own signatures and certificate otherwise", async () => {
    const folder = scratchFolder();
    const { signedWith, request } = await find(folder, await bundle(folder, 'ours'));
    expect(signedWith).toBe("the bundle's signatures");
    const { certificate = '', folder: signatures = '' } = request.signatures ?? {};
    expect(new X509Certificate(readFileSync(certificate)).raw).toEqual(certificateOf('ours').raw);
    expect(readFileSync(certificate, 'utf8')).not.toContain('PRIVATE');
    const signature = readFileSync(join(signatures, release, 'kernel/net/dummy.ko'));
    const module = makeModule({ signed: false });
    expect(Buffer.concat([module, signature])).toEqual(await signed('ours'));
  });

  test('with them even where the key is here, if it signs otherwise each time', async () => {
    const folder = scratchFolder();
    const made = await bundle(folder, 'curve');
    expect(await find(folder, made, pem('curve'))).toMatchObject({
      signedWith: "the bundle's signatures",
    });
  });

  test('not at all where the certificate is not in the image, or the signatures are not its', async () => {
    const folder = scratchFolder();
    const without = await bundle(join(folder, 'a'), 'ours', { inImage: 'foreign' });
    await expect(find(folder, without)).rejects.toMatchObject({ code: 'BW-REPRODUCE-KEY' });
    const forged = await bundle(join(folder, 'b'), 'ours', { modules: 'foreign' });
    await expect(find(folder, forged)).rejects.toMatchObject({ code: 'BW-MODULES-SIGNATURE' });
  });

  test('with nothing, where the kernel signs none', async () => {
    const folder = scratchFolder();
    const { certificate: _, ...unsigned } = provenance;
    const made = await pack(writeParts(join(folder, 'parts')), join(folder, 'out'), {
      provenance: { ...unsigned, modules: { ...provenance.modules, signed: false } },
    });
    const opened = await openBundle(made.folder);
    await unpackBundle(opened, join(folder, 'files'));
    const unpacked = { ...opened, folder: join(folder, 'files') };
    expect(await find(folder, { unpacked, home: made.folder })).toEqual({
      signedWith: 'nothing',
      request: {},
    });
  });
});
