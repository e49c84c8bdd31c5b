import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layoutOf, provenanceSchema } from '../../src/bundle/manifest.ts';
import { openBundle } from '../../src/bundle/open.ts';
import { packBundle } from '../../src/bundle/pack.ts';
import { unpackBundle } from '../../src/bundle/unpack.ts';
import { readKernelModule } from '../../src/formats/elf-kmod/index.ts';
import { run } from '../../src/system/process.ts';
import { unwatched } from '../../src/system/progress.ts';
import { exampleBuild, exampleSrpm } from '../example.ts';

const launcher = resolve('bootwright');
const nobody = 65534;

interface Line {
  readonly type: string;
  readonly value?: unknown;
  readonly error?: { readonly code: string };
}

/** Runs `bootwright reproduce … --json`, by the ccache of all tests. */
async function reproduce(
  args: readonly string[],
  cwd: string,
  uid?: number,
): Promise<{ readonly status: number | null; readonly lines: readonly Line[] }> {
  const child = spawn(launcher, ['reproduce', '--ccache', '--json', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid, env: { ...process.env, HOME: cwd } }),
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  const [status] = await ended;
  const lines = text.trimEnd().split('\n');
  return { status, lines: lines.map((line) => JSON.parse(line) as Line) };
}

/** Whether a user can reach this checkout at all: it may lie in somebody's private folder. */
async function canRun(uid: number): Promise<boolean> {
  const reach = await run('test', ['-x', launcher], { uid, gid: uid, accept: [0, 1] });
  return reach.exitCode === 0;
}

let folder: string;
let srpm: string;
let example: Awaited<ReturnType<typeof exampleBuild>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bootwright-reproduce-'));
  chmodSync(folder, 0o755);
  const made = await exampleSrpm();
  // Under another name: the bundle says what it was called.
  srpm = join(folder, 'downloaded.src.rpm');
  copyFileSync(made, srpm);
  example = await exampleBuild();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example's bundle with one byte of a module changed, packed as if it had been built so. */
async function changeModule(): Promise<{ readonly path: string; readonly folder: string }> {
  const bundle = await openBundle(example.bundle.folder);
  const { manifest } = bundle;
  const files = join(folder, 'files');
  await unpackBundle(bundle, files);
  const layout = layoutOf(manifest.target.kernelRelease);
  const path = manifest.files.find(({ path: each }) => each.endsWith('/overlay.ko'))?.path ?? '';
  const module = readFileSync(join(files, path));
  const text = readKernelModule(module).sections.find(({ name }) => name === '.text');
  const at = (text?.offset ?? 0) + 0x123;
  module[at] = (module[at] ?? 0) ^ 1;
  writeFileSync(join(files, path), module);
  const inFiles = (name: string): string => join(files, name);
  const changed = await packBundle({
    parts: {
      image: inFiles(layout.image),
      config: inFiles(layout.config),
      stockConfig: inFiles(layout.stockConfig),
      systemMap: inFiles(layout.systemMap),
      moduleSymvers: inFiles(layout.moduleSymvers),
      promotionReport: inFiles(layout.promotionReport),
      moduleTree: inFiles(layout.modules),
    },
    provenance: provenanceSchema.parse(manifest),
    format: 'tar.zst',
    folder: join(folder, 'changed'),
    timestamp: manifest.timestamp,
    step: unwatched,
  });
  return { path, folder: changed.folder };
}

/** Gives a file to the user who builds anew. */
function handOver(file: string, home: string): string {
  const copy = join(home, basename(file));
  copyFileSync(file, copy);
  chownSync(copy, nobody, nobody);
  return copy;
}

// One build, by another user in another folder: first held against a bundle that was tampered with,
// then against the true one.
describe('a bundle that another user builds anew in another folder', () => {
  let home: string;
  let workspace: string;
  let user: number | undefined;
  beforeAll(async () => {
    home = join(folder, 'home');
    mkdirSync(home);
    chownSync(home, nobody, nobody);
    workspace = join(home, 'again');
    user = (await canRun(nobody)) ? nobody : undefined;
  });

  test('differs from one with a byte of a module changed, in that section of that module', async () => {
    const changed = await changeModule();
    // Whoever has no key sees that the signature does not hold, before anything is built.
    const where = ['--workspace', workspace, '--jobs', '5'];
    const without = await reproduce([changed.folder, srpm, ...where], home, user);
    expect(without.lines.at(-1)?.error?.code).toBe('BW-MODULES-SIGNATURE');
    expect(existsSync(workspace), 'nothing is left').toBe(false);

    const key = handOver(resolve('.cache/example/workspace/keys/module-signing-key.pem'), home);
    const { status, lines } = await reproduce(
      [changed.folder, srpm, '--sign-key', key, ...where],
      home,
      user,
    );
    expect(status).toBe(6);
    expect(lines.at(-1)?.error?.code).toBe('BW-REPRODUCE-DIFFERS');
    expect(lines.at(-2)?.value).toMatchObject({
      verdict: 'different',
      signedWith: 'the key',
      kept: workspace,
      differences: [
        {
          path: changed.path,
          placesInAll: 1,
          places: [{ where: 'section .text', original: expect.stringMatching(/ at 0x123$/) }],
        },
        { path: 'manifest.json' },
      ],
    });
    expect(existsSync(join(workspace, 'rebuilt', changed.path))).toBe(true);
    expect(existsSync(join(workspace, 'reproduction.json'))).toBe(true);
  });

  test('has the same bytes as the true one, which needs no key for that', async () => {
    const { archive, manifest } = example.bundle;
    // As if this had been its own reproduction, and stopped: the package and the settings are the same.
    const { contentKey } = manifest;
    writeFileSync(join(workspace, '.bootwright-reproduction'), JSON.stringify({ contentKey }));
    const copy = handOver(archive, home);
    const { status, lines } = await reproduce(
      [copy, srpm, '--workspace', workspace, '--jobs', '5'],
      home,
      user,
    );
    expect(lines.at(-1)).toMatchObject({
      type: 'result',
      value: {
        verdict: 'same',
        signedWith: "the bundle's signatures",
        build: { jobs: 5, folder: join(workspace, 'build') },
        differences: [],
      },
    });
    expect(status).toBe(0);
    expect(existsSync(workspace), 'nothing is left').toBe(false);
  });
});
