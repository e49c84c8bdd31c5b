import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeExampleSrpm } from '../../../examples/make-srpm.ts';
import { type PreparedSource, prepareSource } from '../../../src/kernel/source/index.ts';
import { sha256File } from '../../../src/system/files.ts';
import { unwatched } from '../../../src/system/progress.ts';

describe('the example source package', () => {
  let folder: string;
  let srpm: string;
  let prepared: PreparedSource;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bootwright-example-'));
    srpm = await makeExampleSrpm(join(folder, 'one'));
    prepared = await prepareSource({
      srpm,
      folder: join(folder, 'work'),
      architecture: 'x86_64',
      step: unwatched,
      log: join(folder, 'prep.log'),
    });
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the same bytes wherever it is made', async () => {
    const again = await makeExampleSrpm(join(folder, 'two'));
    expect(await sha256File(again)).toBe(await sha256File(srpm));
  }, 60_000);

  it('gives a patched tree, with the release of the stock kernel', () => {
    const { tree, target, baseVersion } = prepared;
    expect(target.kernelRelease).toBe(`${baseVersion}-1.example.el9.x86_64`);
    expect(readFileSync(join(tree, 'Makefile'), 'utf8')).toContain('Makefile.vendor');
    expect(readFileSync(join(tree, 'Makefile.vendor'), 'utf8')).toContain('VENDOR_RELEASE');
    expect(existsSync(join(tree, 'certs/x509.genkey'))).toBe(true);
    expect(readFileSync(join(tree, 'scripts/diffconfig'), 'utf8')).toMatch(/^#!\S*python3\n/);
  });

  it("gives the architecture's config, completed by the tree", () => {
    const text = readFileSync(prepared.shippedConfig, 'utf8');
    expect(text).toMatch(/^# x86_64\n/);
    expect(text).toMatch(/^CONFIG_E1000=m$/m);
    expect(prepared.kbuildArch).toBe('x86_64');
    expect(prepared.shippedConfigOrigin).toMatch(/configs\/kernel-[\d.]+-x86_64\.config$/);
  });

  it('leaves a tree that kbuild builds from elsewhere', () => {
    const out = join(folder, 'out');
    execFileSync(
      'make',
      [
        '-s',
        '-C',
        prepared.tree,
        `O=${out}`,
        'ARCH=x86_64',
        'LOCALVERSION=',
        'allnoconfig',
        'outputmakefile',
      ],
      { stdio: 'pipe' },
    );
    expect(existsSync(join(out, '.config'))).toBe(true);
  }, 120_000);
});
