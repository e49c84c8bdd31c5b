import { constants } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BootwrightError } from '../src/system/errors/index.ts';
import { exists, writeWhole } from '../src/system/files.ts';
import { run } from '../src/system/process.ts';
import { requireTool } from '../src/system/tools.ts';

/** What the example's source package is made from. */
export interface ExampleSrpmOptions {
  /** The tarball of the kernel tree; the default is the one of Debian's linux-source-6.12. */
  readonly tarball?: string;
  /** The x86_64 config to put in instead of the example's own. */
  readonly config?: string;
  readonly signal?: AbortSignal;
  /** File that gets what rpmbuild prints. */
  readonly log?: string;
}

/** Where Debian's linux-source-6.12 puts its tarball. */
const debianTarball = '/usr/src/linux-source-6.12.tar.xz';

/** The spec and the sources that are ours. */
const exampleFolder = fileURLToPath(new URL('el-kernel/', import.meta.url));

/** The time that all files of the package carry, so that the same sources give the same bytes. */
const sourceTime = new Date('2026-11-01T12:00:00Z');

/** The name of the tarball's top folder, by its first entry. */
const topFolder = (tarball: string): string => basename(tarball).replace(/\.tar(\.\w+)?$/, '');

/** The version that the tree's top Makefile states: VERSION.PATCHLEVEL.SUBLEVEL. */
async function treeVersion(tarball: string, signal?: AbortSignal): Promise<string> {
  const makefile = await run(
    'tar',
    // One occurrence is enough: without it tar reads the archive to its end.
    ['-xOf', tarball, '--occurrence=1', `${topFolder(tarball)}/Makefile`],
    signal === undefined ? {} : { signal },
  );
  const numbers = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(
    (name) => new RegExp(`^${name} = (\\d+)$`, 'm').exec(makefile.stdout)?.[1],
  );
  if (numbers.includes(undefined)) {
    throw new BootwrightError('BW-INTERNAL', `The Makefile in "${tarball}" states no version.`);
  }
  return numbers.join('.');
}

/** Puts the line in front by which EL's configs say which architecture they are for. */
async function nameArchitecture(config: string, architecture: string): Promise<void> {
  const text = await readFile(config, 'utf8');
  if (!text.startsWith(`# ${architecture}\n`)) {
    await writeWhole(config, `# ${architecture}\n${text}`);
  }
}

/**
 * Makes the example's source package, in the shape of EL 9's kernel, by
 * `rpmbuild -bs`. The same sources give the same bytes.
 *
 * @param outFolder - folder for the package; made if it is not there
 * @returns absolute path of the `.src.rpm`
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-FILE-MISSING`, `BW-TOOL-FAILED`
 */
export async function makeExampleSrpm(
  outFolder: string,
  options: ExampleSrpmOptions = {},
): Promise<string> {
  const tarball = options.tarball ?? debianTarball;
  requireTool('rpmbuild', 'make the example source package');
  if (!(await exists(tarball))) {
    throw new BootwrightError('BW-FILE-MISSING', `There is no kernel tarball "${tarball}".`, {
      hint: 'Install it (apt-get install linux-source-6.12), or name another one.',
    });
  }
  const out = resolve(outFolder);
  await mkdir(out, { recursive: true });
  const top = await mkdtemp(join(out, '.rpmbuild-'));
  try {
    const sources = join(top, 'SOURCES');
    await mkdir(sources);
    const spec = join(top, 'kernel.spec');
    const copies: [from: string, name: string][] = [[tarball, basename(tarball)]];
    for (const name of await readdir(exampleFolder)) {
      if (name !== 'kernel.spec' && name !== 'README.md') {
        copies.push([join(exampleFolder, name), name]);
      }
    }
    if (options.config !== undefined) copies.push([options.config, 'kernel-x86_64-rhel.config']);
    for (const [from, name] of copies) {
      const to = join(sources, name);
      await copyFile(from, to, constants.COPYFILE_FICLONE);
      if (name === 'kernel-x86_64-rhel.config') await nameArchitecture(to, 'x86_64');
      await utimes(to, sourceTime, sourceTime);
    }
    const version = await treeVersion(tarball, options.signal);
    const template = await readFile(join(exampleFolder, 'kernel.spec'), 'utf8');
    await writeWhole(
      spec,
      template
        .replace(/^%define specversion .*$/m, `%define specversion ${version}`)
        .replace(/^%define tarfile_name .*$/m, `%define tarfile_name ${topFolder(tarball)}`),
    );
    await utimes(spec, sourceTime, sourceTime);

    const defines = {
      // The header carries the spec with its macros expanded: a name of the folder that is the
      // same everywhere keeps the package's bytes the same.
      _topdir: '/proc/self/cwd',
      dist: '.el9',
      _buildhost: 'example.org',
      _source_payload: 'w3.zstdio',
      use_source_date_epoch_as_buildtime: '1',
      clamp_mtime_to_source_date_epoch: '1',
      _dbpath: join(top, 'db'),
    };
    await run(
      'rpmbuild',
      [
        '-bs',
        '--nodeps',
        // The header names the architecture of the machine that makes it, unless told.
        '--target',
        'x86_64',
        ...Object.entries(defines).flatMap(([name, value]) => ['--define', `${name} ${value}`]),
        spec,
      ],
      {
        cwd: top,
        env: {
          ...process.env,
          HOME: top,
          SOURCE_DATE_EPOCH: String(sourceTime.getTime() / 1000),
        },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.log === undefined ? {} : { log: options.log }),
      },
    );
    const made = (await readdir(join(top, 'SRPMS'))).find((name) => name.endsWith('.src.rpm'));
    if (made === undefined) {
      throw new BootwrightError(
        'BW-TOOL-FAILED',
        'rpmbuild ended well but left no source package.',
      );
    }
    await rename(join(top, 'SRPMS', made), join(out, made));
    return join(out, made);
  } finally {
    await rm(top, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write('usage: node examples/make-srpm.ts OUTPUT-FOLDER\n');
    process.exitCode = 2;
  } else {
    process.stdout.write(`${await makeExampleSrpm(folder)}\n`);
  }
}
