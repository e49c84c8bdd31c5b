import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrepareOptions, prepareSource } from '../../../src/kernel/source/prepare.ts';
import { unwatched, watch } from '../../../src/system/progress.ts';
import { findTool } from '../../../src/system/tools.ts';
import { type FakeKernel, fakeConfigs, fakeKernelSrpm } from './fake-kernel.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootwright-prepare-'));
  // As a workspace's folder is: entered by whoever %prep runs as.
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** Prepares a fake kernel in a folder of its own. */
async function prepare(fake: FakeKernel = {}, options: Partial<PrepareOptions> = {}) {
  count += 1;
  const own = join(folder, `${count}`);
  mkdirSync(own);
  const srpm = options.srpm ?? fakeKernelSrpm(join(own, 'package'), fake);
  return prepareSource({
    srpm,
    folder: join(own, 'work'),
    architecture: 'x86_64',
    step: unwatched,
    log: join(own, 'prep.log'),
    ...options,
  });
}

describe('prepareSource', () => {
  it('goes from a source package to tree, config and release', async () => {
    const prepared = await prepare({
      patches: {
        'card.patch':
          '--- a/drivers/net/card.c\n+++ b/drivers/net/card.c\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n three\n',
      },
      prep: 'pathfix.py -i "%{__python3}" -p -n scripts\ntouch .config\n',
    });
    expect(prepared.target).toEqual({
      distro: 'el9',
      name: 'kernel',
      version: '6.0.0',
      release: '1.el9',
      architecture: 'x86_64',
      kernelRelease: '6.0.0-1.el9.x86_64',
    });
    expect(prepared.baseVersion).toBe('6.0.0');
    expect(prepared.tree).toMatch(/\/kernel-6\.0\.0-1\.el9\/linux-6\.0\.0-1\.el9\.x86_64$/);
    expect(readFileSync(join(prepared.tree, 'drivers/net/card.c'), 'utf8')).toBe(
      'one\nzwei\nthree\n',
    );
    expect(readFileSync(join(prepared.tree, 'scripts/tool.py'), 'utf8')).toMatch(/^#!\S*python3\n/);
    expect(existsSync(join(prepared.tree, '.config'))).toBe(false);
    expect(readFileSync(prepared.shippedConfig, 'utf8')).toBe(
      fakeConfigs['kernel-x86_64-rhel.config'],
    );
    expect(prepared.kbuildArch).toBe('x86_64');
    // Whoever %prep ran as: in the end everything is the caller's.
    expect(statSync(join(prepared.tree, 'Makefile')).uid).toBe(process.getuid?.());
    expect(existsSync(join(prepared.tree, '../../../source.rpm'))).toBe(false);
  });

  it('says what it does, and supplies', async () => {
    const said: string[] = [];
    const step = watch((event) => {
      if (event.type === 'message') said.push(event.text);
      if (event.type === 'step-start') said.push(event.title);
    });
    await prepare({}, { step, defines: { rhel: '9' } });
    expect(said).toEqual(
      expect.arrayContaining([
        'Verify the source package',
        'Unpack the source package',
        'Prepare the tree (%prep)',
        expect.stringMatching(/^Supplied %\{dist\} = \.el9: /),
        expect.stringMatching(/^%prep runs in: /),
      ]),
    );
    expect(said.join()).not.toContain('Supplied %{rhel}');
  });

  it('takes a variant, with its config and the release that the spec gives it', async () => {
    const packages =
      '%package debug-core\nSummary: D\nProvides: kernel-debug-core-uname-r = %{KVERREL}+debug\n%description debug-core\nD\n%files debug-core\n';
    const prepared = await prepare({ packages }, { variant: 'debug' });
    expect(prepared.target).toMatchObject({
      variant: 'debug',
      kernelRelease: '6.0.0-1.el9.x86_64+debug',
    });
    expect(readFileSync(prepared.shippedConfig, 'utf8')).toContain('CONFIG_DEBUG_KERNEL=y');
  });

  it("takes a config of the user's own", async () => {
    const config = join(folder, 'own.config');
    writeFileSync(config, 'CONFIG_NET=y\n');
    const prepared = await prepare({}, { config });
    expect(readFileSync(prepared.shippedConfig, 'utf8')).toBe('CONFIG_NET=y\n');
    writeFileSync(config, '# arm64\nCONFIG_NET=y\n');
    await expect(prepare({}, { config })).rejects.toMatchObject({ code: 'BW-SOURCE-CONFIG-ARCH' });
  });

  it('runs %prep unprivileged and, in the sandbox, with no network and one writable folder', async () => {
    const prepared = await prepare({
      prep: `id -u > id.txt
echo "\${HOME}" > home.txt
cat /proc/net/dev > net.txt || :
for i in / /usr /etc /var/tmp $RPM_SOURCE_DIR/../../..; do touch $i/bootwright-was-here 2>> denied.txt && echo $i >> written.txt || :; done
ls -A ~root > root.txt 2>&1 || :
`,
    });
    const read = (name: string): string => readFileSync(join(prepared.tree, name), 'utf8');
    expect(read('id.txt').trim()).not.toBe('0');
    expect(read('home.txt').trim()).toBe(join(prepared.tree, '../../../home'));
    if (findTool('bwrap') === undefined || prepared.sandbox.startsWith('no sandbox')) return;
    expect(existsSync('/var/tmp/bootwright-was-here')).toBe(false);
    expect(existsSync(join(prepared.tree, '../../../../bootwright-was-here'))).toBe(false);
    expect(read('denied.txt').split('\n').length).toBeGreaterThan(3);
    const devices = read('net.txt').split('\n').slice(2).filter(Boolean);
    expect(devices.map((line) => line.split(':')[0]?.trim())).toEqual(['lo']);
  });

  it("runs the package's own scripts for sh by bash, as the distribution does", async () => {
    const prepared = await prepare({
      sources: {
        ...fakeConfigs,
        'rename.sh': `#!/bin/sh\ni=kernel-x86_64; echo "\${i:7}" > short.txt\n`,
      },
      prep: 'cp $RPM_SOURCE_DIR/rename.sh .\nbash -c "chmod +x rename.sh; ./rename.sh"\nsh -c \'[[ a == a ]] && echo yes\' > sh.txt\n',
    });
    expect(readFileSync(join(prepared.tree, 'short.txt'), 'utf8')).toBe('x86_64\n');
    expect(readFileSync(join(prepared.tree, 'sh.txt'), 'utf8')).toBe('yes\n');
  });

  it('takes a spec that gives a number to two sources, which older rpm let pass', async () => {
    // Today's rpmbuild makes no package of such a spec: it gets to see one of the two only.
    const preamble = '%{?twice:\nSource2: kernel-x86_64-rhel.config\n}';
    const prep = '%{?twice:cp %{SOURCE2} kept.config}';
    const prepared = await prepare({ preamble, prep }, { defines: { twice: '1' } });
    expect(prepared.supplied.map(({ name }) => name)).toContain('a number for each source 2');
    expect(readFileSync(join(prepared.tree, 'kept.config'), 'utf8')).toBe(
      fakeConfigs['kernel-x86_64-rhel.config'],
    );
  });

  it('works without a sandbox too, and warns unless that was asked for', async () => {
    const warnings: string[] = [];
    const step = watch((event) => {
      if (event.type === 'message' && event.level === 'warning') warnings.push(event.text);
    });
    const prepared = await prepare({ prep: 'id -u > id.txt' }, { sandbox: 'off', step });
    expect(prepared.sandbox).toMatch(/^no sandbox/);
    expect(readFileSync(join(prepared.tree, 'id.txt'), 'utf8').trim()).not.toBe('0');
    expect(warnings).toEqual([]);

    const path = process.env.PATH;
    const bin = join(folder, 'no-bwrap');
    mkdirSync(bin);
    writeFileSync(join(bin, 'bwrap'), '#!/bin/sh\necho "No permissions" >&2\nexit 1\n', {
      mode: 0o755,
    });
    process.env.PATH = `${bin}:${path}`;
    try {
      await prepare({}, { step });
      expect(warnings).toEqual([expect.stringContaining('No permissions')]);
      await expect(prepare({}, { sandbox: 'require' })).rejects.toMatchObject({
        code: 'BW-SOURCE-SANDBOX',
      });
    } finally {
      process.env.PATH = path;
    }
  });

  it('does not let a git repository around the workspace swallow the patches', async () => {
    const own = join(folder, 'repository');
    mkdirSync(own);
    execFileSync('git', ['init', '-q', own]);
    // git looks only at repositories of the user that it runs as: here, whoever %prep runs as.
    if (process.getuid?.() === 0) execFileSync('chown', ['-R', '65534', own]);
    const patch =
      'diff --git a/drivers/net/card.c b/drivers/net/card.c\n--- a/drivers/net/card.c\n+++ b/drivers/net/card.c\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n three\n';
    const prepared = await prepare(
      {
        sources: { ...fakeConfigs, 'git.diff': patch },
        prep: 'git apply < $RPM_SOURCE_DIR/git.diff',
      },
      // The sandbox would hide the repository.
      { folder: join(own, 'work'), sandbox: 'off' },
    );
    expect(readFileSync(join(prepared.tree, 'drivers/net/card.c'), 'utf8')).toContain('zwei');
  });
});

describe('prepareSource fails with a name for it, when', () => {
  it('a patch does not apply', async () => {
    const patch =
      '--- a/drivers/net/card.c\n+++ b/drivers/net/card.c\n@@ -1,3 +1,3 @@\n eins\n-zwei\n+two\n drei\n';
    await expect(prepare({ patches: { '0001-broken.patch': patch } })).rejects.toMatchObject({
      code: 'BW-SOURCE-PATCH',
      message:
        'The patch 0001-broken.patch does not apply: drivers/net/card.c is not as it expects.',
      occasion: { log: expect.stringContaining('prep.log') },
    });
  });

  it.each(['%patch', 'ApplyPatch'] as const)(
    'one of hundreds of patches, applied by %s, does not apply',
    async (patchedBy) => {
      const added = (i: number, old: string): string =>
        `--- a/drivers/net/card.c\n+++ b/drivers/net/card.c\n@@ -1,3 +1,3 @@\n-${old}\n+${i}\n two\n three\n`;
      // More lines than are kept to explain a failure; the number of one is the start of another's.
      const patches = Object.fromEntries(
        Array.from({ length: 150 }, (_, i) => [
          `linux-2.6-net-${i + 1}.patch`,
          added(i + 1, i === 0 ? 'one' : i === 124 ? 'another' : `${i}`),
        ]),
      );
      // rpm has a warning for each of these lines, and says them all once more in the end.
      const preamble = '# about %{name}\n'.repeat(500);
      await expect(prepare({ patches, patchedBy, preamble })).rejects.toMatchObject({
        code: 'BW-SOURCE-PATCH',
        message:
          'The patch linux-2.6-net-125.patch does not apply: drivers/net/card.c is not as it expects.',
      });
    },
  );

  it('a macro is not defined', async () => {
    await expect(prepare({ prep: '%vendor_own_step tools' })).rejects.toMatchObject({
      code: 'BW-SOURCE-MACRO',
      message: 'The macro %{vendor_own_step} in %prep is not defined on this host.',
    });
    await prepare({ prep: '%vendor_own_step tools' }, { defines: { vendor_own_step: 'true' } });
  });

  it('a program is not installed', async () => {
    await expect(prepare({ prep: 'no-such-program --help' })).rejects.toMatchObject({
      code: 'BW-TOOL-MISSING',
      message: expect.stringContaining('"no-such-program"'),
    });
  });

  it('a command fails', async () => {
    await expect(prepare({ prep: 'cp none other' })).rejects.toMatchObject({
      code: 'BW-SOURCE-PREP',
      message: expect.stringContaining("cannot stat 'none'"),
    });
  });

  it('the package is for another architecture', async () => {
    await expect(prepare({ exclusiveArch: 's390x' })).rejects.toMatchObject({
      code: 'BW-SOURCE-ARCH',
    });
  });

  it('the package is not a kernel', async () => {
    const spec =
      'Name: tool\nVersion: 1\nRelease: 1\nSummary: S\nLicense: L\n%description\nD\n%prep\nmkdir tool-1\n';
    await expect(prepare({ spec })).rejects.toMatchObject({ code: 'BW-SOURCE-NO-TREE' });
  });

  it('the spec cannot be read', async () => {
    const preamble = '%if 0%{?broken_on_this_host}\n%{error:it needs vendor-macros}\n%endif';
    const srpm = fakeKernelSrpm(join(folder, 'unreadable'), { preamble });
    await expect(
      prepare({}, { srpm, defines: { broken_on_this_host: '1' } }),
    ).rejects.toMatchObject({
      code: 'BW-SOURCE-SPEC',
      message: expect.stringContaining('it needs vendor-macros'),
    });
  });

  it('there is no config for the architecture, or no such variant', async () => {
    const { 'kernel-aarch64-rhel.config': arm = '' } = fakeConfigs;
    await expect(prepare({ sources: { 'kernel-aarch64-rhel.config': arm } })).rejects.toMatchObject(
      {
        code: 'BW-SOURCE-CONFIG-MISSING',
        message: expect.stringContaining('aarch64'),
      },
    );
    await expect(prepare({}, { variant: 'zfcpdump' })).rejects.toMatchObject({
      code: 'BW-SOURCE-VARIANT',
      message: expect.stringContaining('(the plain one), debug'),
    });
  });

  it('the variant is not known, which is said before %prep', async () => {
    await expect(prepare({ prep: 'exit 1' }, { variant: 'zfcpdump' })).rejects.toMatchObject({
      code: 'BW-SOURCE-VARIANT',
    });
    // EL 5 describes kernel-PAE on all processors, and builds it on one.
    const packages = '%package PAE\nSummary: P\n%description PAE\nP\n';
    await expect(
      prepare(
        {
          packages,
          sources: { ...fakeConfigs, 'kernel-i686-PAE.config': '# i386\n' },
          prep: 'exit 1',
        },
        { variant: 'PAE' },
      ),
    ).rejects.toMatchObject({
      code: 'BW-SOURCE-VARIANT',
      message: expect.stringContaining('(it has a config for i686)'),
    });
    // What is built may have its config from %prep.
    await expect(
      prepare({ packages: `${packages}%files PAE\n`, prep: 'exit 1' }, { variant: 'PAE' }),
    ).rejects.toMatchObject({ code: 'BW-SOURCE-PREP' });
    // Configs that only %prep makes are not known before.
    await expect(
      prepare({ sources: { 'notes.txt': '' }, prep: 'exit 1' }, { variant: 'rt' }),
    ).rejects.toMatchObject({ code: 'BW-SOURCE-PREP' });
  });

  it('the config named for the architecture is for another one', async () => {
    await expect(
      prepare({ sources: { 'kernel-x86_64-rhel.config': '# arm64\nCONFIG_ARM64=y\n' } }),
    ).rejects.toMatchObject({ code: 'BW-SOURCE-CONFIG-ARCH' });
  });

  it('the tree has another version than the package', async () => {
    await expect(prepare({ makefileVersion: [6, 1, 0] })).rejects.toMatchObject({
      code: 'BW-SOURCE-RELEASE',
    });
  });

  it('it is stopped, and leaves no process behind', async () => {
    const controller = new AbortController();
    const marker = `86${process.pid}`;
    const step = watch((event) => {
      if (event.type === 'step-progress' && event.current?.includes('sleep')) controller.abort();
    });
    await expect(
      prepare({ prep: `sleep 0.3\nsleep ${marker}` }, { step, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'BW-INTERRUPTED' });
    const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(running).not.toContain(`sleep ${marker}`);
  });
});
