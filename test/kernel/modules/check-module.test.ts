import { createPrivateKey, sign as rawSignature, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkModule,
  type ModuleExpectation,
  readModuleFile,
  verifyIndex,
  verifyModules,
} from '../../../src/kernel/modules/index.ts';
import { run } from '../../../src/system/process.ts';
import { unwatched } from '../../../src/system/progress.ts';
import {
  appendBareSignature,
  appendSignature,
  buildModule,
  modinfoSection,
} from '../../formats/elf-kmod/build-module.ts';

const folder = mkdtempSync(join(tmpdir(), 'bootwright-check-'));
const file = (name: string): string => join(folder, name);
const expectation: { -readonly [K in keyof ModuleExpectation]: ModuleExpectation[K] } = {
  kernelRelease: '6.1.0-1',
  vermagicFlags: ['SMP'],
  publicKeys: [],
};

/** An unsigned module of the expected kernel. */
const plain = buildModule([modinfoSection('vermagic=6.1.0-1 SMP ')]);

async function sign(module: Uint8Array, key: string): Promise<Buffer> {
  writeFileSync(file('content'), module);
  await run('openssl', [
    ...['cms', '-sign', '-binary', '-nocerts', '-noattr', '-outform', 'DER', '-md', 'sha512'],
    ...['-signer', file(key), '-in', file('content'), '-out', file('p7s')],
  ]);
  return appendSignature(module, readFileSync(file('p7s')));
}

beforeAll(async () => {
  for (const key of ['ours.pem', 'foreign.pem']) {
    await run('openssl', [
      ...['req', '-new', '-x509', '-nodes', '-newkey', 'rsa:2048', '-subj', '/CN=test'],
      ...['-out', file(key), '-keyout', file(key)],
    ]);
  }
  expectation.publicKeys = [new X509Certificate(readFileSync(file('ours.pem'))).publicKey];
});

afterAll(() => rmSync(folder, { recursive: true }));

const codes = (bytes: Uint8Array, wanted: ModuleExpectation = expectation): string[] =>
  checkModule(bytes, wanted).map(({ code }) => code);

describe('checkModule', () => {
  test('finds nothing wrong with a good module', async () => {
    expect(codes(await sign(plain, 'ours.pem'))).toEqual([]);
    expect(codes(plain, { ...expectation, publicKeys: [] })).toEqual([]);
  });

  test('sees a single bit that changed after signing, wherever it is', async () => {
    const good = await sign(plain, 'ours.pem');
    for (let at = 0; at < plain.length; at += 7) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(codes(bytes)[0]).toBe('BW-MODULES-SIGNATURE');
    }
  });

  test('sees a signature by another key, a broken one, and none', async () => {
    expect(codes(await sign(plain, 'foreign.pem'))).toEqual(['BW-MODULES-SIGNATURE']);
    expect(codes(appendSignature(plain, Buffer.from('garbage')))).toEqual(['BW-MODULES-SIGNATURE']);
    expect(codes(plain)).toEqual(['BW-MODULES-UNSIGNED']);
  });

  test('knows the bare signatures of kernels before 4.3', () => {
    const bare = (key: string): Buffer =>
      rawSignature('sha256', plain, createPrivateKey(readFileSync(file(key))));
    expect(codes(appendBareSignature(plain, bare('ours.pem')))).toEqual([]);
    expect(codes(appendBareSignature(plain, bare('foreign.pem')))).toEqual([
      'BW-MODULES-SIGNATURE',
    ]);
    expect(codes(appendBareSignature(plain, bare('ours.pem'), 7))).toEqual([
      'BW-MODULES-SIGNATURE',
    ]);
    const changed = appendBareSignature(plain, bare('ours.pem'));
    changed[100] = (changed[100] ?? 0) ^ 1;
    expect(codes(changed)[0]).toBe('BW-MODULES-SIGNATURE');
  });

  test('sees the wrong release and debug information, both at once', () => {
    const bad = buildModule([
      modinfoSection('vermagic=6.1.0-2 SMP '),
      { name: '.debug_info', content: Buffer.alloc(8) },
    ]);
    expect(codes(bad, { ...expectation, publicKeys: [] })).toEqual([
      'BW-MODULES-VERMAGIC',
      'BW-MODULES-UNSTRIPPED',
    ]);
  });

  test('sees a file that is no module', () => {
    expect(codes(Buffer.from('<html>'))).toEqual(['BW-MODULES-UNREADABLE']);
  });
});

describe('readModuleFile', () => {
  test.each(['ko', 'ko.gz', 'ko.zst', 'ko.xz'])('reads .%s', async (suffix) => {
    const path = file(`m-${suffix.length}.${suffix}`);
    if (suffix === 'ko.xz') {
      writeFileSync(path.slice(0, -3), plain);
      await run('xz', ['--check=crc32', path.slice(0, -3)]);
    } else {
      const pack =
        suffix === 'ko.gz'
          ? promisify(gzip)
          : suffix === 'ko.zst'
            ? promisify(zstdCompress)
            : undefined;
      writeFileSync(path, pack === undefined ? plain : await pack(plain));
    }
    expect(Buffer.from(await readModuleFile(path))).toEqual(plain);
  });

  test.each(['ko.gz', 'ko.zst', 'ko.xz'])('refuses a broken .%s', async (suffix) => {
    const path = file(`broken.${suffix}`);
    writeFileSync(path, 'not compressed at all');
    await expect(readModuleFile(path)).rejects.toMatchObject({ code: 'BW-MODULES-UNREADABLE' });
  });
});

describe('verifyModules', () => {
  test('names the one bad module among good ones', async () => {
    const good = await sign(plain, 'ours.pem');
    const bad = Buffer.from(good);
    bad[70] = (bad[70] ?? 0) ^ 4;
    const names = ['a.ko', 'b.ko', 'c.ko'];
    for (const name of names) writeFileSync(file(name), name === 'b.ko' ? bad : good);
    await expect(verifyModules(folder, names, expectation, unwatched)).rejects.toMatchObject({
      code: 'BW-MODULES-SIGNATURE',
      message: expect.stringContaining('"b.ko"'),
    });
    writeFileSync(file('b.ko'), good);
    await verifyModules(folder, names, expectation, unwatched);
  });
});

describe('verifyIndex', () => {
  const write = (dep: string): void => {
    writeFileSync(file('modules.dep'), dep);
    for (const name of ['alias', 'dep', 'symbols']) writeFileSync(file(`modules.${name}.bin`), '');
  };

  test('takes an index that knows all', async () => {
    write('kernel/a.ko: kernel/b.ko\nkernel/b.ko:\n');
    await verifyIndex(folder, ['kernel/a.ko', 'kernel/b.ko']);
  });

  test.each([
    ['kernel/a.ko:\n', /kernel\/b\.ko: not in modules\.dep/],
    ['kernel/a.ko: kernel/c.ko\nkernel/b.ko:\n', /kernel\/c\.ko: in modules\.dep, but not/],
  ])('sees that %j does not fit', async (dep, message) => {
    write(dep);
    await expect(verifyIndex(folder, ['kernel/a.ko', 'kernel/b.ko'])).rejects.toMatchObject({
      code: 'BW-MODULES-INCOMPLETE',
      message: expect.stringMatching(message),
    });
  });
});
