import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modinfoValue, readKernelModule } from '../../../src/formats/elf-kmod/index.ts';
import {
  type CompiledKernel,
  type CompileRequest,
  compileKernel,
  readConfigValues,
} from '../../../src/kernel/compile/index.ts';
import {
  installModules,
  type ModuleExpectation,
  type ModuleTree,
  ownSigningKey,
  verifyModules,
  vermagicFlags,
} from '../../../src/kernel/modules/index.ts';
import { changeSource } from '../../../src/kernel/source/index.ts';
import {
  compileVendorModules,
  explainBuiltIn,
  readVendorDrivers,
  requireBuiltIn,
} from '../../../src/kernel/vendor/index.ts';
import { run } from '../../../src/system/process.ts';
import { type ProgressEvent, unwatched, watch } from '../../../src/system/progress.ts';
import { layOutTinyKernel } from '../tiny-kernel.ts';
import { sampleDriver, writeDriver } from '../vendor/sample.ts';

// One tiny kernel is compiled once; the tests follow its way and build on each other.
const folder = mkdtempSync(join(tmpdir(), 'bootwright-tiny-'));
const longest = 40 * 60_000;
let request: Omit<CompileRequest, 'signal'>;
let compiled: CompiledKernel;
let tree: ModuleTree;

beforeAll(async () => {
  const { keyFile } = await ownSigningKey(join(folder, 'keys'));
  request = await layOutTinyKernel(folder, keyFile);
}, longest);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Changes a file of the tree, which is a link to the real one, for as long as the work takes. */
async function withChange<T>(
  path: string,
  change: (text: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  const place = join(request.tree, path);
  const text = readFileSync(place, 'utf8');
  rmSync(place);
  writeFileSync(place, change(text));
  try {
    return await work();
  } finally {
    writeFileSync(place, text);
  }
}

/** Sections in which the order of symbols shows, and a digest of all of the file. */
const hangsOnOrder = /^\.(?:rela|symtab|strtab|shstrtab|note\.gnu\.build-id)|^__versions$/;

/**
 * What of a module is code, data or description, and what it imports. In which order the assembler
 * lists what is imported hangs on what mentions it first, and that may be debug information.
 */
function withoutDebug({ objects }: CompiledKernel, path: string) {
  const { sections, versions } = readKernelModule(readFileSync(join(objects, path)));
  return {
    sections: sections
      .filter(({ name }) => !name.startsWith('.debug') && !hangsOnOrder.test(name))
      .map(({ name, content }) => `${name} ${Buffer.from(content).toString('hex')}`),
    versions: versions.map(({ name, crc }) => `${name} ${crc}`).sort(),
  };
}

/** What of an image gets into memory, but for the build ids: its own, in the notes, and that of its vDSO. */
async function loaded({ objects }: CompiledKernel): Promise<Buffer> {
  const place = join(folder, 'vmlinux.bin');
  await run('objcopy', [
    ...['-O', 'binary', '--remove-section=.notes', join(objects, 'vmlinux'), place],
  ]);
  const binary = readFileSync(place);
  const vdso = join(objects, 'arch/x86/entry/vdso/vdso64.so');
  const notes = await run('readelf', ['--notes', '--wide', vdso]);
  const id = Buffer.from(/Build ID: ([0-9a-f]{40})/.exec(notes.stdout)?.[1] ?? '', 'hex');
  const at = binary.indexOf(id);
  expect([id.length, at > 0]).toEqual([20, true]);
  return binary.fill(0, at, at + id.length);
}

describe('before anything is compiled', () => {
  test(
    'a config that the tree does not leave alone is refused, with what differs',
    async () => {
      const config = join(folder, 'bad.config');
      copyFileSync(request.config, config);
      appendFileSync(config, 'CONFIG_IP_PNP=y\nCONFIG_CRC7=y\nCONFIG_NO_SUCH_SYMBOL=y\n');
      const failed = compileKernel({ ...request, config, folder: join(folder, 'bad') });
      await expect(failed).rejects.toMatchObject({
        code: 'BW-COMPILE-CONFIG-CHANGED',
        occasion: {
          excerpt: ['CONFIG_IP_PNP: asked y, is n', 'CONFIG_NO_SUCH_SYMBOL: asked y, is n'],
        },
      });
      expect(existsSync(join(folder, 'bad/.config'))).toBe(false);
    },
    longest,
  );

  test(
    'a release that the tree cannot have is refused',
    async () => {
      const failed = compileKernel({ ...request, baseVersion: '5.14.0' });
      await expect(failed).rejects.toMatchObject({ code: 'BW-COMPILE-RELEASE' });
      const file = join(request.tree, 'localversion-vendor');
      writeFileSync(file, '-vendor\n');
      await expect(compileKernel(request)).rejects.toMatchObject({ code: 'BW-COMPILE-RELEASE' });
      rmSync(file);
    },
    longest,
  );

  test(
    'so is a base version that is not the tree’s own',
    async () => {
      // It fits the wanted release, but the tree's Makefile says otherwise.
      const failed = compileKernel({ ...request, baseVersion: request.baseVersion.slice(0, 4) });
      await expect(failed).rejects.toMatchObject({
        code: 'BW-COMPILE-RELEASE',
        message: expect.stringContaining(request.target.kernelRelease),
      });
    },
    longest,
  );

  test('a key that the config does not name is refused', async () => {
    const config = join(folder, 'foreign-key.config');
    writeFileSync(
      config,
      readFileSync(request.config, 'utf8').replace(/(MODULE_SIG_KEY)=.*/, '$1="certs/x.pem"'),
    );
    const failed = compileKernel({ ...request, config });
    await expect(failed).rejects.toMatchObject({ code: 'BW-COMPILE-SIGNING-KEY' });
  });

  test('a folder with a space in its name is refused', async () => {
    const failed = compileKernel({ ...request, folder: join(folder, 'my objects') });
    await expect(failed).rejects.toMatchObject({ code: 'BW-COMPILE-PATH' });
    expect(existsSync(join(folder, 'my objects'))).toBe(false);
  });
});

describe('compiling', () => {
  test(
    'survives being killed outright',
    async () => {
      const script = fileURLToPath(new URL('./compile-in-child.ts', import.meta.url));
      const { step: _, ...plain } = request;
      const child = spawn(process.execPath, [script, JSON.stringify(plain)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      for await (const line of createInterface({ input: child.stdout })) {
        if (Number(line) >= 60) child.kill('SIGKILL');
      }
      await ended;
      expect(child.signalCode).toBe('SIGKILL');
      expect(existsSync(join(request.folder, 'vmlinux'))).toBe(false);
    },
    longest,
  );

  test(
    'goes on, stops when it is told to, and leaves no process behind',
    async () => {
      const stop = new AbortController();
      const seen: number[] = [];
      const root = watch((event) => {
        if (event.type !== 'step-progress') return;
        seen.push(event.done);
        if (event.done >= 200) stop.abort();
      });
      const stopped = root.step('compile', (step) =>
        compileKernel({ ...request, step, signal: stop.signal }),
      );
      await expect(stopped).rejects.toMatchObject({ code: 'BW-INTERRUPTED' });
      expect(seen[0]).toBeGreaterThanOrEqual(50);
      const { stdout } = await run('ps', ['-eo', 'args']);
      expect(stdout).not.toContain(`O=${request.folder} `);
    },
    longest,
  );

  test(
    'goes on to the end, with progress against an estimate',
    async () => {
      const events: ProgressEvent[] = [];
      compiled = await watch((event) => events.push(event)).step('compile', (step) =>
        compileKernel({ ...request, step }),
      );
      const progress = events.filter((event) => event.type === 'step-progress');
      const last = progress.at(-1);
      expect(progress[0]?.done).toBeGreaterThanOrEqual(200);
      expect(progress[0]?.estimated).toBe(true);
      expect(progress.some(({ current }) => current?.startsWith('CC lib/'))).toBe(true);
      // The estimate is one, but not far off.
      const ratio = (progress[0]?.total ?? 0) / (last?.done ?? 1);
      expect(ratio).toBeGreaterThan(0.75);
      expect(ratio).toBeLessThan(1.35);
    },
    longest,
  );

  test('makes what was asked for', async () => {
    expect(compiled.kernelRelease).toBe(request.target.kernelRelease);
    const { stdout } = await run('file', ['-b', compiled.image]);
    expect(stdout).toContain(`version ${request.target.kernelRelease} (bootwright@netboot)`);
    expect(stdout).toContain('#1-netboot Thu Jan  2 03:04:05 UTC 2025');
    const values = readConfigValues(readFileSync(compiled.config, 'utf8'));
    expect(values.get('CC_VERSION_TEXT')).toBe(`"${compiled.toolchain.compiler}"`);
    expect(readFileSync(compiled.moduleSymvers, 'utf8')).toMatch(/\tcrc7_be\tlib\/crc7\t/);
    expect(statSync(join(compiled.objects, 'module-signing-key.pem')).mode & 0o777).toBe(0o600);
  });

  test(
    'has nothing to do when it is called again',
    async () => {
      const { mtimeMs } = statSync(compiled.image);
      const again = await compileKernel(request);
      expect(again.objectsCompiled).toBe(0);
      expect(statSync(again.image).mtimeMs).toBe(mtimeMs);
    },
    longest,
  );

  test(
    'makes the same image in another folder',
    async () => {
      const other = await compileKernel({ ...request, folder: join(folder, 'elsewhere') });
      expect(readFileSync(other.image)).toEqual(readFileSync(compiled.image));
      if (other.ccache !== undefined) {
        expect(other.ccache.hits).toBeGreaterThan(other.ccache.misses * 10);
      }
    },
    longest,
  );

  test(
    'makes the same code and the same CRCs when the compiler is spared debug information',
    async () => {
      const kept = await compileKernel(request);
      const spared = await compileKernel({
        ...request,
        debugInfo: 'auto',
        folder: join(folder, 'spared'),
      });
      expect(spared.debugInfo.spared).toHaveLength(1);

      const crcs = readFileSync(spared.moduleSymvers, 'utf8');
      expect(crcs).toBe(readFileSync(kept.moduleSymvers, 'utf8'));
      const lines = crcs.trim().split('\n');
      expect(lines.length).toBeGreaterThan(1000);
      expect(lines.filter((line) => line.startsWith('0x00000000'))).toEqual([]);

      const modules = readFileSync(join(spared.objects, 'modules.order'), 'utf8')
        .trim()
        .split('\n');
      expect(modules).toHaveLength(4);
      for (const path of modules.map((name) => name.replace(/\.o$/, '.ko'))) {
        const debug = (bytes: Buffer) =>
          readKernelModule(bytes).sections.filter(({ name }) => name.startsWith('.debug'));
        expect(debug(readFileSync(join(spared.objects, path)))).toEqual([]);
        expect(debug(readFileSync(join(kept.objects, path)))).not.toEqual([]);
        expect(withoutDebug(spared, path)).toEqual(withoutDebug(kept, path));
      }
      expect(await loaded(spared)).toEqual(await loaded(kept));
    },
    longest,
  );

  test(
    'shows the first error with its file and line',
    async () => {
      const failed = withChange(
        'lib/crc7.c',
        (text) => `${text}\nint broken(void)\n{\n\treturn no_such_thing;\n}\n`,
        () => compileKernel(request),
      );
      await expect(failed).rejects.toMatchObject({
        code: 'BW-COMPILE-FAILED',
        message: expect.stringMatching(/^lib\/crc7\.c:\d+: ‘?'?no_such_thing'?’? undeclared/),
      });
    },
    longest,
  );

  test(
    'names the module of a symbol that nothing exports',
    async () => {
      const failed = withChange(
        'lib/crc7.c',
        (text) =>
          `${text}\nextern int no_such_symbol(void);\nint use(void);\nint use(void)\n{\n\treturn no_such_symbol();\n}\n`,
        () => compileKernel(request),
      );
      await expect(failed).rejects.toMatchObject({
        code: 'BW-COMPILE-FAILED',
        message: 'lib/crc7.ko: "no_such_symbol" [lib/crc7.ko] undefined!',
      });
    },
    longest,
  );
});

describe('installing', () => {
  test(
    'strips, signs, indexes and checks',
    async () => {
      compiled = await compileKernel(request);
      tree = await installModules({
        compiled,
        tree: request.tree,
        folder: join(folder, 'root'),
        modules: 'all',
        jobs: 2,
        step: unwatched,
        log: request.log,
      });
      expect(tree.modules.map(({ name }) => name)).toEqual(['lp', 'parport', 'crc_itu_t', 'crc7']);
      expect(tree.totals.count).toBe(4);
      expect(tree.totals.sizeBefore).toBeGreaterThan(tree.totals.sizeAfter * 2);
      expect(tree.certificate?.subject).toContain('Bootwright');
      expect(tree.builtIn).toContain('sha512_generic');
      const release = join(folder, 'root/lib/modules', tree.kernelRelease);
      expect(existsSync(join(release, 'build'))).toBe(false);
      expect(existsSync(join(release, 'source'))).toBe(false);
      expect(readFileSync(join(release, 'modules.dep'), 'utf8')).toContain(
        'kernel/drivers/char/lp.ko: kernel/drivers/parport/parport.ko',
      );
    },
    longest,
  );

  test('the image trusts the certificate that the tree is said to be signed with', async () => {
    const der = readFileSync(tree.certificate?.path ?? '');
    expect(readFileSync(join(compiled.objects, 'vmlinux')).includes(der)).toBe(true);
  });

  test('openssl agrees that the modules are signed', async () => {
    for (const { path } of tree.modules) {
      const bytes = readFileSync(join(tree.folder, path));
      const { signature } = readKernelModule(bytes);
      writeFileSync(join(folder, 'p7s'), signature?.kind === 'pkcs7' ? signature.pkcs7 : '');
      writeFileSync(join(folder, 'content'), bytes.subarray(0, signature?.signedLength));
      await run('openssl', [
        ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', join(folder, 'p7s')],
        ...['-content', join(folder, 'content'), '-noverify', '-nointern'],
        ...['-certfile', join(compiled.objects, 'module-signing-key.pem')],
        ...['-out', join(folder, 'verified')],
      ]);
    }
  });

  test('our reader sees what modinfo and modprobe see', async () => {
    const ours = tree.modules.map(({ path }) => join(tree.folder, path));
    const unstripped = join(compiled.objects, 'drivers/char/lp.ko');
    for (const path of [...ours, unstripped]) {
      const module = readKernelModule(readFileSync(path));
      const { stdout: modinfo } = await run('modinfo', ['-0', path]);
      const theirs = modinfo
        .split('\0')
        .filter((entry) => !/^(filename|sig\w*|signer)[:=]/.test(entry))
        .map((entry) => entry.replace(/:\s*/, '='))
        .filter((entry) => entry.includes('='));
      const plain = module.modinfo.map(({ key, value }) => `${key}=${value}`.trim());
      expect(plain.filter((entry) => !/^parm(type)?=/.test(entry)).sort()).toEqual(
        theirs
          .map((entry) => entry.trim())
          .filter((entry) => !/^parm(type)?=/.test(entry))
          .sort(),
      );
      expect(/^signer[:=]/m.test(modinfo.replaceAll('\0', '\n'))).toBe(
        module.signature !== undefined,
      );
      const { stdout: versions } = await run('modprobe', ['--dump-modversions', path]);
      expect(
        module.versions.map(({ name, crc }) => `0x${crc.toString(16).padStart(8, '0')}\t${name}`),
      ).toEqual(versions.trim().split('\n'));
    }
  });

  test(
    'what must be built in and is not is named',
    async () => {
      const failed = installModules({
        compiled,
        tree: request.tree,
        folder: join(folder, 'root2'),
        modules: 'all',
        expectBuiltIn: ['sha512_generic', 'e1000e'],
        jobs: 2,
        step: unwatched,
        log: request.log,
      });
      await expect(failed).rejects.toMatchObject({
        code: 'BW-MODULES-INCOMPLETE',
        message: expect.stringContaining('e1000e'),
      });
    },
    longest,
  );

  test('without modules there is still the list of what is built in', async () => {
    const none = await installModules({
      compiled,
      tree: request.tree,
      folder: join(folder, 'root3'),
      modules: 'none',
      expectBuiltIn: ['sha512-generic'],
      jobs: 2,
      step: unwatched,
      log: request.log,
    });
    expect(none.modules).toEqual([]);
    // Bundles are verified by it, and modprobe asks it.
    const index = readdirSync(join(none.folder, 'lib/modules', none.kernelRelease));
    expect(index).toEqual(expect.arrayContaining(['modules.dep', 'modules.builtin.bin']));
    expect(none.builtIn).toEqual(tree.builtIn);
  });

  test('an image that does not trust the key is not shipped', async () => {
    const { keyFile } = await ownSigningKey(join(folder, 'other-keys'));
    const x509 = join(compiled.objects, 'certs/signing_key.x509');
    const der = readFileSync(x509);
    writeFileSync(x509, new X509Certificate(readFileSync(keyFile)).raw);
    const failed = installModules({
      compiled,
      tree: request.tree,
      folder: join(folder, 'root4'),
      modules: 'all',
      jobs: 2,
      step: unwatched,
      log: request.log,
    });
    await expect(failed).rejects.toMatchObject({ code: 'BW-MODULES-UNTRUSTED' });
    writeFileSync(x509, der);
  });

  describe('a tree that is spoilt afterwards', () => {
    const crc7 = 'kernel/lib/crc7.ko';
    let release: string;
    let paths: string[];
    let expectation: ModuleExpectation;
    let good: Buffer;

    beforeAll(async () => {
      release = join(tree.folder, 'lib/modules', tree.kernelRelease);
      paths = tree.modules.map(({ path }) =>
        path.replace(`lib/modules/${tree.kernelRelease}/`, ''),
      );
      expectation = {
        kernelRelease: tree.kernelRelease,
        vermagicFlags: vermagicFlags(readConfigValues(readFileSync(compiled.config, 'utf8'))),
        publicKeys: [new X509Certificate(readFileSync(tree.certificate?.path ?? '')).publicKey],
      };
      good = readFileSync(join(release, crc7));
    });

    const spoilt = async (bytes: Uint8Array, code: string): Promise<void> => {
      writeFileSync(join(release, crc7), bytes);
      await expect(verifyModules(release, paths, expectation, unwatched)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(crc7),
      });
      writeFileSync(join(release, crc7), good);
      await verifyModules(release, paths, expectation, unwatched);
    };

    test('a bit flipped in the code', async () => {
      const text = readKernelModule(good).sections.find(({ name }) => name === '.text');
      const bytes = Buffer.from(good);
      const at = (text?.offset ?? 0) + 3;
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      await spoilt(bytes, 'BW-MODULES-SIGNATURE');
    });

    test('stripped once more, which takes the signature away', async () => {
      const path = join(folder, 'again.ko');
      writeFileSync(path, good);
      await run('strip', ['--strip-debug', path]);
      await spoilt(readFileSync(path), 'BW-MODULES-UNSIGNED');
    });

    test('signed, but not stripped', async () => {
      const path = join(folder, 'unstripped.ko');
      copyFileSync(join(compiled.objects, 'lib/crc7.ko'), path);
      const key = join(compiled.objects, 'module-signing-key.pem');
      await run(join(compiled.objects, 'scripts/sign-file'), [
        ...['sha512', key, tree.certificate?.path ?? '', path],
      ]);
      await spoilt(readFileSync(path), 'BW-MODULES-UNSTRIPPED');
    });

    test('of another kernel', async () => {
      const { kernelRelease } = expectation;
      const other = { ...expectation, kernelRelease: `${kernelRelease}+` };
      await expect(verifyModules(release, paths, other, unwatched)).rejects.toMatchObject({
        code: 'BW-MODULES-VERMAGIC',
      });
      expect(modinfoValue(readKernelModule(good), 'vermagic')).toBe(
        `${kernelRelease} mod_unload modversions `,
      );
    });
  });
});

describe('with a driver of a vendor', () => {
  const wanted = async (builtIn: boolean, files = sampleDriver) => {
    const home = join(folder, 'drivers', builtIn ? 'samplenic-image' : 'samplenic-3.8.7');
    rmSync(home, { recursive: true, force: true });
    return readVendorDrivers([{ folder: writeDriver(home, files), builtIn }]);
  };
  const vendorRequest = () => ({
    compiled,
    tree: request.tree,
    folder: join(folder, 'vendor'),
    jobs: 2,
    log: request.log,
  });
  const broken = { ...sampleDriver, 'src/hardware.c': 'int x(void)\n{\n\treturn no_such;\n}\n' };

  test(
    'as a module: compiled, installed before the kernel’s own of the name, signed, without a path of this host',
    async () => {
      const crc7 = { ...sampleDriver, 'src/Makefile': 'obj-m := crc7.o\n', 'src/crc7.c': '' };
      crc7['src/crc7.c'] = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n';
      const second = writeDriver(join(folder, 'drivers', 'newer-crc7'), crc7);
      const drivers = [
        ...(await wanted(false)),
        ...(await readVendorDrivers([{ folder: second, builtIn: false }])),
      ];
      const vendor = await compileVendorModules(drivers, vendorRequest());
      expect(vendor.map(({ modules }) => modules)).toEqual([['samplenic.ko'], ['crc7.ko']]);
      const said: string[] = [];
      const step = watch((event) => {
        if (event.type === 'message') said.push(event.text);
      });
      const installed = await installModules({
        compiled,
        tree: request.tree,
        folder: join(folder, 'root-vendor'),
        modules: 'all',
        vendor,
        jobs: 2,
        step,
        log: request.log,
      });
      const inRelease = installed.modules.map(({ path }) => path.split('/').slice(3).join('/'));
      expect(inRelease).toContain('updates/samplenic.ko');
      expect(inRelease).toContain('updates/crc7.ko');
      expect(said).toEqual([
        'updates/ goes first: "kernel/lib/crc7.ko" is there, and is not loaded by name.',
      ]);
      const release = join(folder, 'root-vendor/lib/modules', installed.kernelRelease);
      const bytes = readFileSync(join(release, 'updates/samplenic.ko'));
      const module = readKernelModule(bytes);
      expect(module.signature).toBeDefined();
      expect(modinfoValue(module, 'version')).toBe('3.8.7-sample');
      expect(bytes.includes(folder)).toBe(false);
      // Nothing of it has been written where it came from.
      await expect(readVendorDrivers([{ folder: second, builtIn: false }])).resolves.toEqual([
        drivers[1],
      ]);
    },
    longest,
  );

  test(
    'as a module that does not compile: told by its folder, file and line',
    async () => {
      const drivers = await wanted(false, broken);
      await expect(compileVendorModules(drivers, vendorRequest())).rejects.toMatchObject({
        code: 'BW-VENDOR-COMPILE',
        message: expect.stringMatching(
          /^The driver in ".*samplenic-3\.8\.7" did not compile: src\/hardware\.c:3: .no_such. undeclared/,
        ),
      });
    },
    longest,
  );

  test(
    'in the image, and out of it again to the byte',
    async () => {
      const image = readFileSync(compiled.image);
      const changes = { tree: request.tree, folder: join(folder, 'changes'), patches: [] };
      const bad = await wanted(true, broken);
      await changeSource({ ...changes, drivers: bad });
      const error = await compileKernel(request).catch((thrown: unknown) => thrown);
      expect(explainBuiltIn(error, bad)).toMatchObject({
        code: 'BW-VENDOR-COMPILE',
        message: expect.stringMatching(
          /^The driver in ".*samplenic-image" did not compile: src\/hardware\.c:3: .no_such. undeclared/,
        ),
      });
      const drivers = await wanted(true);
      await changeSource({ ...changes, drivers });
      const withDriver = await compileKernel(request);
      await requireBuiltIn(drivers, withDriver.objects);
      const vmlinux = readFileSync(join(withDriver.objects, 'vmlinux'));
      expect(vmlinux.includes('samplenic: %d at %s')).toBe(true);
      const listed = readFileSync(join(withDriver.objects, 'modules.builtin'), 'utf8');
      expect(listed).toContain('drivers/net/added/samplenic-image/src/samplenic.ko');

      const idle = { ...sampleDriver, 'src/Makefile': 'obj-$(CONFIG_NO_SUCH) += main.o\n' };
      const nothing = await wanted(true, idle);
      await changeSource({ ...changes, drivers: nothing });
      await compileKernel(request);
      await expect(requireBuiltIn(nothing, compiled.objects)).rejects.toMatchObject({
        code: 'BW-VENDOR-SOURCE',
      });

      await changeSource({ ...changes, drivers: [] });
      expect(readFileSync((await compileKernel(request)).image)).toEqual(image);
    },
    longest,
  );
});
