import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { makeFolder, sha256, writeWhole } from '../../system/files.ts';
import { readKeptRecord } from '../../system/kept-record.ts';
import { run } from '../../system/process.ts';
import { toolIdentity } from '../../system/tools.ts';

/** A kernel tree as kconfig is to see it. */
export interface KconfigTree {
  /** Root folder of the tree; only read. */
  readonly tree: string;
  /** ARCH for make: `x86_64`, or `x86` where the distro configures for both (Debian). */
  readonly arch: string;
  /** Further arguments for make that choose tools, such as `CROSS_COMPILE=…` or `LLVM=1`. */
  readonly makeArguments?: readonly string[];
  /** Folder for what is kept between runs; made if there is none. No spaces or colons in it. */
  readonly cacheFolder: string;
  readonly signal?: AbortSignal;
}

/** How the tree's own make calls kconfig. */
export interface KconfigEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** The folder that make calls conf in: an object folder outside the tree. */
  readonly folder: string;
  /** Changes whenever the variables, the tools, or the tree's scripts do. */
  readonly identity: string;
}

/** The programs that a tree's Makefiles and probes ask for; who calls them by other names says so. */
const tools = [
  'make',
  'gcc',
  'cc',
  'clang',
  'ld',
  'ld.lld',
  'as',
  'nm',
  'objcopy',
  'rustc',
  'bindgen',
  'pahole',
  'python3',
] as const;

/**
 * Variables of the caller that differ from login to login and mean nothing to a Makefile. They are
 * kept from make, so that they cannot matter, and need not be part of the key.
 */
const fleeting =
  /^(?:_|PWD|OLDPWD|SHLVL|TERM|COLORTERM|COLUMNS|LINES|LS_COLORS|DISPLAY|WINDOWID|MAIL|EDITOR|PAGER|TMUX.*|VTE_.*|HIST.*|DBUS_.*|DESKTOP_.*|WAYLAND_.*|GPG_.*|SSH_.*|SUDO_.*|XDG_.*|npm_.*|NODE_.*|VITEST.*)$/;

/** Variables by which make talks to its own children, and ours. */
const internal =
  /^(?:_|MAKE(?:FLAGS|LEVEL|FILES|OVERRIDES|_TERMERR|_TERMOUT)|MFLAGS|GNUMAKEFLAGS|PWD|OLDPWD|SHLVL|BOOTWRIGHT_.*)$/;

const target = 'bootwright-environment-config';

/**
 * Read by every make of the run ($MAKEFILES). The name ends in `config`, so the top Makefile hands
 * it down to scripts/kconfig like any `…config`, with the environment that conf would get; there it
 * is ours. With BOOTWRIGHT_CONF set, conf is built, too.
 */
const makefile = `ifeq ($(obj),scripts/kconfig)
${target}: $(if $(BOOTWRIGHT_CONF),$(obj)/conf)
	@env -0 > '$(BOOTWRIGHT_ENVIRONMENT)'
endif
`;

/**
 * The environment in which the tree's own make runs conf: CC, CC_VERSION_TEXT, SRCARCH, srctree and
 * whatever else the tree's Makefiles export. Asked from make itself and kept, since no list of ours
 * would hold for all versions.
 *
 * @throws BootwrightError `BW-CONFIG-TREE-REFUSED`, `BW-TOOL-MISSING`
 */
export async function kconfigEnvironment(options: KconfigTree): Promise<KconfigEnvironment> {
  const key = environmentKey(options);
  const base = join(options.cacheFolder, key.slice(0, 32));
  const folder = join(base, 'objects');
  const file = join(base, 'environment.json');
  const kept = await readKeptRecord(file);
  if (kept !== undefined) return { variables: kept, folder, identity: key };
  const variables = await askMake(options, base, false);
  await writeWhole(file, JSON.stringify(variables));
  return { variables, folder, identity: key };
}

/**
 * Builds the tree's own conf (once) and says where it is.
 *
 * @throws BootwrightError `BW-CONFIG-TREE-REFUSED`, `BW-TOOL-MISSING`
 */
export async function buildConf(options: KconfigTree): Promise<string> {
  const { folder } = await kconfigEnvironment(options);
  const conf = join(folder, 'scripts/kconfig/conf');
  if (!existsSync(conf)) await askMake(options, join(folder, '..'), true);
  return conf;
}

async function askMake(
  { tree, arch, makeArguments = [], signal }: KconfigTree,
  base: string,
  withConf: boolean,
): Promise<Record<string, string>> {
  const folder = join(base, 'objects');
  await makeFolder(folder);
  const rules = join(base, `rules.${process.pid}.mk`);
  const answer = join(base, `answer.${process.pid}`);
  await writeFile(rules, makefile);
  try {
    await run(
      'make',
      [
        ...['-s', `-j${availableParallelism()}`, '-C', tree, `O=${folder}`, `ARCH=${arch}`],
        ...['LOCALVERSION=', ...makeArguments, target],
      ],
      {
        env: {
          ...Object.fromEntries(callerEnvironment()),
          MAKEFILES: rules,
          BOOTWRIGHT_ENVIRONMENT: answer,
          BOOTWRIGHT_CONF: withConf ? '1' : '',
        },
        failure: 'BW-CONFIG-TREE-REFUSED',
        ...(signal ? { signal } : {}),
      },
    );
    return readVariables(await readFile(answer, 'utf8'));
  } finally {
    await Promise.all([rm(rules, { force: true }), rm(answer, { force: true })]);
  }
}

function readVariables(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const entry of text.split('\0')) {
    const end = entry.indexOf('=');
    const name = entry.slice(0, Math.max(end, 0));
    if (name !== '' && !internal.test(name)) variables[name] = entry.slice(end + 1);
  }
  return variables;
}

/** The caller's environment as make gets it, sorted: without what an outer make has put there. */
function callerEnvironment(): [string, string][] {
  return Object.entries(process.env)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .filter(([name]) => !internal.test(name) && !fleeting.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function environmentKey({ tree, arch, makeArguments = [] }: KconfigTree): string {
  const root = realpathSync(tree);
  const stamps = [
    folderStamp(join(root, 'scripts')),
    folderStamp(join(root, 'scripts/kconfig')),
    fileStamp(join(root, 'Makefile')),
    folderStamp(join(root, 'arch', sourceArch(root, arch))),
  ];
  const parts = [
    root,
    arch,
    makeArguments,
    callerEnvironment(),
    tools.map(toolIdentity),
    stamps,
    makefile,
  ];
  return sha256(JSON.stringify(parts));
}

/** The folder under arch/ for an ARCH, as the top Makefile has it for the two of one folder. */
function sourceArch(tree: string, arch: string): string {
  // Until 2.6.23 the two had folders of their own.
  if (existsSync(join(tree, 'arch', arch))) return arch;
  return arch === 'x86_64' || arch === 'i386' ? 'x86' : arch;
}

/** Names, sizes and times of the files of a folder: of what decides, the cheap part. */
function folderStamp(folder: string): string {
  // Asked in turn: two hundred small questions, each of which is answered before it could be queued.
  let names: string[];
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  } catch {
    return '';
  }
  return names
    .sort()
    .map((name) => fileStamp(join(folder, name)))
    .join('\n');
}

function fileStamp(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined
    ? `${path} none`
    : `${path} ${found.size} ${Math.trunc(found.mtimeMs)}`;
}
