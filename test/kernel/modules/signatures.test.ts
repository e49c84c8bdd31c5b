import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendingVariables, takeSignatures } from '../../../src/kernel/modules/signatures.ts';
import { run } from '../../../src/system/process.ts';
import { unwatched } from '../../../src/system/progress.ts';
import {
  appendSignature,
  buildModule,
  modinfoSection,
} from '../../formats/elf-kmod/build-module.ts';
import { scratchFolder } from '../../scratch.ts';

const release = '6.1.0-1';
const home = mkdtempSync(join(tmpdir(), 'bootwright-signatures-'));
const keyFile = join(home, 'key.pem');
let certificate: X509Certificate;

beforeAll(async () => {
  await run('openssl', [
    ...['req', '-new', '-x509', '-nodes', '-newkey', 'rsa:2048', '-subj', '/CN=test'],
    ...['-out', keyFile, '-keyout', keyFile],
  ]);
  certificate = new X509Certificate(readFileSync(keyFile));
});
afterAll(() => rmSync(home, { recursive: true }));

async function sign(module: Uint8Array): Promise<Buffer> {
  writeFileSync(join(home, 'content'), module);
  await run('openssl', [
    ...['cms', '-sign', '-binary', '-nocerts', '-noattr', '-outform', 'DER', '-md', 'sha256'],
    ...['-signer', keyFile, '-in', join(home, 'content'), '-out', join(home, 'p7s')],
  ]);
  return appendSignature(module, readFileSync(join(home, 'p7s')));
}

/** A tree of modules; its folder `lib/modules/RELEASE`. */
function tree(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = join(scratchFolder(), 'lib', 'modules', release);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const one = buildModule([modinfoSection('vermagic=6.1.0-1 SMP ', 'description=one')]);
const two = buildModule([modinfoSection('vermagic=6.1.0-1 SMP ', 'description=two')]);

describe('signatures that are taken from modules', () => {
  test('make the same modules signed, as kbuild calls for it', async () => {
    const signed = [await sign(one), await sign(two)] as const;
    const original = tree({
      'kernel/net/one.ko': signed[0],
      'updates/two.ko.zst': zstdCompressSync(signed[1]),
      'modules.dep': Buffer.from('kernel/net/one.ko:\n'),
    });
    const folder = join(scratchFolder(), 'signatures');
    await takeSignatures(original, release, [certificate], folder, unwatched);

    const rebuilt = tree({ 'kernel/net/one.ko': one, 'updates/two.ko': two, 'kernel/new.ko': one });
    const { cmd_sign = '', mod_sign_cmd = '' } = appendingVariables(folder);
    const call = async (path: string): Promise<Buffer> => {
      const file = join(rebuilt, path);
      // make puts the module's name for $@; older kernels write it behind.
      expect(cmd_sign).toBe(`${mod_sign_cmd} $@`);
      await run('sh', ['-c', cmd_sign.replace('$@', file)]);
      return readFileSync(file);
    };
    expect((await call('kernel/net/one.ko')).equals(signed[0])).toBe(true);
    expect((await call('updates/two.ko')).equals(signed[1])).toBe(true);
    expect((await call('kernel/new.ko')).equals(one), 'one that the bundle has not').toBe(true);
  });

  test('are refused where they are not of the certificate', async () => {
    const signed = await sign(one);
    signed[100] = (signed[100] ?? 0) ^ 1;
    const take = (module: Uint8Array) =>
      takeSignatures(
        tree({ 'kernel/one.ko': module }),
        release,
        [certificate],
        join(scratchFolder(), 'signatures'),
        unwatched,
      );
    await expect(take(signed)).rejects.toMatchObject({ code: 'BW-MODULES-SIGNATURE' });
    await expect(take(one)).rejects.toMatchObject({ code: 'BW-MODULES-UNSIGNED' });
  });
});
