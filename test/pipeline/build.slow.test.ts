import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { manifestSchema } from '../../src/bundle/manifest.ts';
import { sha256 } from '../../src/system/files.ts';
import { run } from '../../src/system/process.ts';
import { exampleBuild, exampleSrpm } from '../example.ts';
import { sampleDriverCalled, writeDriver } from '../kernel/vendor/sample.ts';

const launcher = resolve('bootwright');

/** What a build ends with, as far as these tests look at it. */
const outcomeSchema = z.object({
  bundle: z.object({ folder: z.string(), manifest: manifestSchema }),
});

/** One line of `--json`, as far as these tests look at it. */
interface Line {
  readonly type: string;
  readonly title?: string;
  readonly outcome?: string;
  readonly done?: number;
  readonly current?: string;
  readonly value?: unknown;
  readonly error?: { readonly code: string; readonly detail: string };
}

/** Who runs the command line; the default is whoever runs the tests. */
interface User {
  readonly uid: number;
  readonly home: string;
}

/**
 * Runs `bootwright … --json` and looks at its lines as they come.
 *
 * @param onLine - may send a signal
 */
async function bootwright(
  args: readonly string[],
  onLine: (line: Line, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
  user?: User,
): Promise<{ status: number | null; signal: string | null; lines: Line[] }> {
  const child = spawn(launcher, [...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(user === undefined
      ? {}
      : { uid: user.uid, gid: user.uid, env: { ...process.env, HOME: user.home } }),
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const lines: Line[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    onLine(line, (signal) => child.kill(signal));
  }
  const [status, signal] = await ended;
  return { status, signal, lines };
}

/** The titles of the stages that ended, with how. */
function stages(lines: readonly Line[]): string[] {
  const outer = new Map<unknown, string>();
  const ended: string[] = [];
  for (const line of lines as readonly (Line & { id?: number; parent?: number })[]) {
    if (line.type === 'step-start' && line.parent === undefined)
      outer.set(line.id, line.title ?? '');
    if (line.type === 'step-end' && outer.has(line.id))
      ended.push(`${outer.get(line.id)}: ${line.outcome}`);
  }
  return ended;
}

/** Processes that run with a path below the folder on their command line. */
async function processesIn(folder: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'pid,args']);
  return stdout.split('\n').filter((line) => line.includes(folder));
}

let folder: string;
let srpm: string;
let example: Awaited<ReturnType<typeof exampleBuild>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bootwright-build-'));
  chmodSync(folder, 0o755);
  const made = await exampleSrpm();
  // Under its own name: the manifest says what it was made from.
  srpm = join(folder, basename(made));
  copyFileSync(made, srpm);
  example = await exampleBuild();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nobody = 65534;

/** Whether a user can reach this checkout at all: it may lie in somebody's private folder. */
async function canRun(uid: number): Promise<boolean> {
  const reach = await run('test', ['-x', launcher], { uid, gid: uid, accept: [0, 1] });
  return reach.exitCode === 0;
}

describe('a build', () => {
  test('of an ordinary user, killed at five moments and run again, ends with the same bundle', async () => {
    const { bundle } = example;
    const home = join(folder, 'home');
    mkdirSync(home);
    chownSync(home, nobody, nobody);
    // Everything is compiled again, by ccache: another folder, another user, another path.
    const user = (await canRun(nobody)) ? { uid: nobody, home } : undefined;
    const key = join(folder, 'key.pem');
    copyFileSync(resolve('.cache/example/workspace/keys/module-signing-key.pem'), key);
    chownSync(key, nobody, nobody);
    chmodSync(key, 0o600);
    const workspace = join(home, 'builds');
    const args = ['build', '-w', workspace, '--sign-key', key, srpm];

    const moments: ((line: Line) => boolean)[] = [
      ({ type, title }) => type === 'step-start' && title === 'Prepare the tree (%prep)',
      ({ type, title }) => type === 'step-start' && title === 'Promote',
      ({ type, done = 0 }) => type === 'step-progress' && done > 400,
      ({ type, title }) => type === 'step-start' && title === 'Install, strip and sign',
      ({ type, title }) => type === 'step-start' && title === 'Pack the bundle',
    ];
    for (const isMoment of moments) {
      const { signal } = await bootwright(
        args,
        (line, kill) => {
          if (isMoment(line)) kill('SIGKILL');
        },
        user,
      );
      expect(signal, isMoment.toString()).toBe('SIGKILL');
    }
    const { status, lines } = await bootwright(args, undefined, user);
    expect(status).toBe(0);
    expect(stages(lines)).toEqual([
      'Prepare the source: unchanged',
      'Gather the firmware: unchanged',
      'Configure for netboot: unchanged',
      'Compile the kernel: unchanged',
      'Install the modules: unchanged',
      'Pack the bundle: done',
    ]);
    const [id, ...others] = readdirSync(join(workspace, 'bundles'));
    expect(others, 'leftovers').toEqual([]);
    expect((await bootwright(['verify', join(workspace, 'bundles', `${id}`)])).status).toBe(0);
    // Another folder, another user, killed over and over: the same bytes.
    expect(id).toBe(bundle.manifest.id);
    const archive = `${id}.tar.zst`;
    expect(sha256(readFileSync(join(workspace, 'bundles', `${id}`, archive)))).toBe(
      sha256(readFileSync(bundle.archive)),
    );
  });

  test('that is run again keeps everything, and says so beforehand', async () => {
    const { workspace } = example;
    const args = ['build', '-w', workspace, '--until', 'bundle', await exampleSrpm()];
    const plan = await bootwright([...args, '--dry-run']);
    expect(plan.lines.at(-1)?.value).toEqual(
      ['source', 'firmware', 'configure', 'compile', 'modules', 'bundle'].map((stage) =>
        expect.objectContaining({ stage, action: 'keep' }),
      ),
    );
    const { status, lines } = await bootwright(args);
    expect(status).toBe(0);
    expect(stages(lines).map((stage) => stage.split(': ')[1])).toEqual(
      Array.from({ length: 6 }, () => 'unchanged'),
    );
  });

  test('that departs from the package is repeated by its bundle, and leaves no trace in the next', async () => {
    const { workspace, bundle } = example;
    const patch = join(folder, 'ipconfig.patch');
    writeFileSync(
      patch,
      `--- a/net/ipv4/ipconfig.c
+++ b/net/ipv4/ipconfig.c
@@ -1604,7 +1604,7 @@
 \t/*
 \t * Clue in the operator.
 \t */
-\tpr_info("IP-Config: Complete:\\n");
+\tpr_info("IP-Config: Complete, patched:\\n");
${' '}
 \tpr_info("     device=%s, hwaddr=%*phC, ipaddr=%pI4, mask=%pI4, gw=%pI4\\n",
 \t\tic_dev->dev->name, ic_dev->dev->addr_len, ic_dev->dev->dev_addr,
`,
    );
    const asModule = writeDriver(join(folder, 'samplenic-3.8.7'));
    const builtIn = writeDriver(join(folder, 'sampleimg'), sampleDriverCalled('sampleimg'));
    const args = ['build', '-w', workspace, '--until', 'bundle', srpm];
    // A run of this test before may have left them compiled: no other build does.
    rmSync(join(workspace, 'seals', 'vendor.json'), { force: true });
    const { lines, status } = await bootwright([
      ...[...args, '--patch', patch],
      ...['--with-module', asModule, '--with-module', `${builtIn}=y`],
    ]);
    expect(status).toBe(0);
    expect(stages(lines)).toEqual([
      'Prepare the source: unchanged',
      'Change the source: done',
      'Gather the firmware: done',
      'Configure for netboot: done',
      'Compile the kernel: done',
      "Compile the vendors' drivers: done",
      'Install the modules: done',
      'Pack the bundle: done',
    ]);
    const made = outcomeSchema.parse(lines.at(-1)?.value).bundle;
    expect(made.manifest.settings.deviations.map(({ what }) => what)).toEqual([
      'patch',
      'driver samplenic-3.8.7 3.8.7-sample, a module',
      'driver sampleimg 3.8.7-sample, built in',
    ]);
    const vmlinux = readFileSync(join(workspace, 'objects', 'vmlinux'));
    expect(vmlinux.includes('IP-Config: Complete, patched:')).toBe(true);
    expect(vmlinux.includes('sampleimg: %d at %s')).toBe(true);
    expect((await bootwright(['verify', made.folder])).status).toBe(0);

    // Its bundle alone says how to make it: everything is there already.
    const like = await bootwright([...args, '--like', made.folder]);
    expect(stages(like.lines).map((stage) => stage.split(': ')[1])).toEqual(
      Array.from({ length: 8 }, () => 'unchanged'),
    );
    expect(like.lines.at(-1)?.value).toMatchObject({
      difference: { from: made.manifest.id, to: made.manifest.id, config: [] },
    });
    const difference = await bootwright(['diff', bundle.folder, made.folder]);
    expect(difference.lines.at(-1)?.value).toMatchObject({
      modules: { gained: ['samplenic'], lost: [] },
      deviations: { gained: expect.arrayContaining([expect.stringMatching(/^patch: /)]) },
      config: [],
    });

    const again = await exampleBuild();
    expect(again.bundle.manifest.id).toBe(bundle.manifest.id);
  });

  test('with another scope would run from the configuration on', async () => {
    const { workspace } = example;
    const args = ['build', '-w', workspace, '--until', 'bundle', '--scope', 'wired'];
    const { lines } = await bootwright([...args, '--dry-run', await exampleSrpm()]);
    expect(lines.at(-1)?.value).toMatchObject([
      { stage: 'source', action: 'keep' },
      { stage: 'firmware', action: 'keep' },
      { stage: 'configure', action: 'run', why: 'changed: scope' },
      { stage: 'compile', action: 'run', why: 'an earlier stage runs' },
      { stage: 'modules', action: 'run' },
      { stage: 'bundle', action: 'run' },
    ]);
  });

  test('with another config of the user keeps the prepared tree', async () => {
    const workspace = join(folder, 'own-config');
    const config = join(folder, 'own.config');
    const shipped = readFileSync(resolve('examples/el-kernel/kernel-x86_64-rhel.config'), 'utf8');
    writeFileSync(config, shipped);
    const args = ['build', '-w', workspace, '--config', config, srpm];
    expect((await bootwright([...args, '--until', 'source'])).status).toBe(0);
    writeFileSync(config, shipped.replace('CONFIG_E1000=m', '# CONFIG_E1000 is not set'));
    const { lines } = await bootwright([...args, '--until', 'configure']);
    expect(stages(lines)).toEqual(['Prepare the source: unchanged', 'Configure for netboot: done']);
    const { lines: plan } = await bootwright([...args, '--until', 'configure', '--dry-run']);
    expect(plan.at(-1)?.value).toMatchObject([{ action: 'keep' }, { action: 'keep' }]);
    const promoted = readFileSync(join(workspace, 'configure', 'netboot.config'), 'utf8');
    expect(promoted).toContain('# CONFIG_E1000 is not set\n');
    expect(promoted).toContain('CONFIG_E1000E=y\n');
  });

  test('is stopped by Ctrl-C with all its processes, and a second one in its workspace is refused', async () => {
    const workspace = join(folder, 'interrupted');
    const args = ['build', '-w', workspace, '--until', 'source', srpm];
    let second: ReturnType<typeof bootwright> | undefined;
    const first = await bootwright(args, (line, kill) => {
      if (line.type !== 'step-start' || line.title !== 'Prepare the tree (%prep)') return;
      second = bootwright(args);
      void second.then(() => kill('SIGINT'));
    });
    expect((await second)?.status).toBe(7);
    expect((await second)?.lines.at(-1)?.error).toMatchObject({ code: 'BW-WORKSPACE-BUSY' });
    expect(first.status).toBe(130);
    expect(first.lines.at(-1)?.error).toMatchObject({ code: 'BW-INTERRUPTED' });
    expect(await processesIn(workspace)).toEqual([]);
    expect(existsSync(join(workspace, 'seals', 'source.json'))).toBe(false);
  });

  test('that runs out of disk says so, and leaves no seal', async () => {
    const workspace = join(folder, 'small');
    mkdirSync(workspace);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=300m', 'tmpfs', workspace]);
    try {
      const { status, lines } = await bootwright([
        ...['build', '-w', workspace, '--until', 'source', srpm],
      ]);
      expect(status).toBe(4);
      expect(lines.at(-1)?.error).toMatchObject({ code: 'BW-DISK-FULL' });
      expect(statSync(workspace).isDirectory()).toBe(true);
      expect(existsSync(join(workspace, 'seals', 'source.json'))).toBe(false);
    } finally {
      await run('umount', [workspace]);
    }
  });
});

describe('the finished bundle', () => {
  test('is verified, shown, and a changed byte in it is found', async () => {
    const { bundle } = example;
    expect((await bootwright(['verify', bundle.folder])).status).toBe(0);
    const { stdout } = await run(launcher, ['show', bundle.folder]);
    expect(stdout).toContain(bundle.manifest.target.kernelRelease);
    expect(stdout).toContain('E1000');

    const copy = join(folder, 'copy.tar.zst');
    const bytes = readFileSync(bundle.archive);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(copy, bytes);
    const { status, lines } = await bootwright(['verify', copy]);
    expect(status).not.toBe(0);
    expect(lines.at(-1)?.error?.code).toMatch(/^BW-BUNDLE-(CORRUPT|TRUNCATED)$/);
  });
});
