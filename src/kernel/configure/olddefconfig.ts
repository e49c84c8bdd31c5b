import { statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import {
  type Configuration,
  configure,
  type Kconfig,
  KconfigSyntaxError,
  load,
  parseConfig,
  writeConfig,
} from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { sha256, writeWhole } from '../../system/files.ts';
import { readKeptRecord } from '../../system/kept-record.ts';
import { run } from '../../system/process.ts';
import { olddefconfigCall, rootKconfig } from './conf-call.ts';
import {
  buildConf,
  type KconfigEnvironment,
  type KconfigTree,
  kconfigEnvironment,
} from './environment.ts';
import { shellProbe } from './probe.ts';

/** What a tree's Kconfig files say. */
export interface ReadTree {
  readonly kconfig: Kconfig;
  /** What the commands in them print on this host. */
  readonly answers: ReadonlyMap<string, string>;
  /** Changes with the tools, the answers, and the Kconfig files that were read. */
  readonly identity: string;
}

/**
 * Reads the Kconfig files of a tree as its own make would have them read.
 *
 * @throws BootwrightError `BW-CONFIG-SYNTAX`, `BW-CONFIG-TREE-REFUSED`, `BW-TOOL-MISSING`
 */
export async function loadKconfig(options: KconfigTree): Promise<Kconfig> {
  return (await readTree(options)).kconfig;
}

/** So many commands come out of reading the whole tree only; few are left then. */
const manyCommands = 30;

/**
 * Does what {@link loadKconfig} does, and tells what the host was asked for it.
 *
 * @param onAnswers - told as soon as all commands that are likely to matter have been answered,
 *   which is before the files have been read for the last time
 */
export async function readTree(
  options: KconfigTree,
  onAnswers: (answers: ReadonlyMap<string, string>) => Promise<void> = async () => undefined,
): Promise<ReadTree> {
  const environment = await kconfigEnvironment(options);
  const probes = await shellProbe(environment, options.cacheFolder, options.signal);
  const isWarm = probes.known.size > 0;
  let isTold = false;
  const tell = async (): Promise<void> => {
    if (isTold) return;
    isTold = true;
    await onAnswers(new Map(probes.known));
  };
  const soundFile = join(environment.folder, '../sound.json');
  const sound = (await readKeptRecord(soundFile))?.identity;
  let identity = '';
  const read = (): Promise<Kconfig> =>
    load({
      root: options.tree,
      rootFile: rootKconfig(options.tree, environment.variables),
      environment: environment.variables,
      async probe(commands) {
        const outputs = await probes.probe(commands);
        // Waited for, since nothing that is to start does so while the files are being read.
        if (commands.length >= manyCommands) await tell();
        return outputs;
      },
      foresee: probes.foresee,
      knownOutputs: probes.known,
      knownSound(files) {
        identity = identityOf(environment, options.tree, files, probes.known);
        return identity === sound;
      },
    });
  try {
    // What was answered before nearly always holds still: read by it, and see meanwhile.
    const verified = probes.verify().then(async (same) => {
      if (isWarm) await tell();
      return same;
    });
    const [kconfig, same] = await Promise.all([read(), verified]);
    const valid = same ? kconfig : await read();
    await probes.save();
    await tell();
    identity ||= identityOf(environment, options.tree, valid.files, probes.known);
    if (identity !== sound) await writeWhole(soundFile, JSON.stringify({ identity }));
    return { kconfig: valid, answers: probes.known, identity };
  } catch (error) {
    if (error instanceof KconfigSyntaxError) throw syntaxError(error);
    throw error;
  } finally {
    await probes.close();
  }
}

function identityOf(
  environment: KconfigEnvironment,
  tree: string,
  files: readonly string[],
  answers: ReadonlyMap<string, string>,
): string {
  // Sixteen hundred files: to ask for each in turn takes a tenth of the time of asking at once.
  const stamps = files.map((file) => {
    const { size, mtimeMs } = statSync(isAbsolute(file) ? file : `${tree}/${file}`);
    return `${file} ${size} ${mtimeMs}`;
  });
  return sha256(JSON.stringify([environment.identity, stamps, [...answers].sort()]));
}

function syntaxError(error: KconfigSyntaxError): BootwrightError {
  const excerpt = [
    ...error.diagnostics.trimEnd().split('\n'),
    ...error.includedFrom.map(({ file, line }) => `  included from ${file}:${line}`),
  ];
  return new BootwrightError('BW-CONFIG-SYNTAX', error.message, { cause: error, excerpt });
}

/** A config as the tree's own `make olddefconfig` would leave it. */
export interface SettledConfig {
  /** The bytes of `.config`. */
  readonly text: string;
  /** What conf would complain about, and lines of the file that mean nothing to this tree. */
  readonly warnings: readonly string[];
  readonly configuration: Configuration;
}

/**
 * Does what the tree's own `make olddefconfig` does, without it.
 *
 * @param config - the text of a `.config`
 * @throws BootwrightError as {@link loadKconfig} does
 */
export async function olddefconfig(
  options: KconfigTree & { readonly config: string },
): Promise<SettledConfig> {
  const kconfig = await loadKconfig(options);
  const input = parseConfig(options.config, kconfig);
  const configuration = configure(kconfig, input);
  const text = writeConfig(configuration);
  const warnings = [
    ...input.warnings.map(({ line, message }) => `.config:${line}: ${message}`),
    ...configuration.unmetDependencies().map(({ message }) => message),
  ];
  return { text, warnings, configuration };
}

/** The tree's own conf: the judge of what we compute. */
export interface TreeConf {
  /** Runs `conf --olddefconfig` on the text of a `.config`. */
  readonly run: (config: string) => Promise<{ readonly text: string; readonly stderr: string }>;
}

/**
 * Builds the tree's own conf, once, outside the tree.
 *
 * @throws BootwrightError `BW-CONFIG-TREE-REFUSED`, `BW-TOOL-MISSING`, and on running `BW-TOOL-FAILED`
 */
export async function treeConf(options: KconfigTree): Promise<TreeConf> {
  const conf = await buildConf(options);
  const { variables } = await kconfigEnvironment(options);
  return {
    async run(config) {
      await mkdir(options.cacheFolder, { recursive: true });
      const folder = await mkdtemp(join(options.cacheFolder, 'conf-'));
      try {
        const file = join(folder, '.config');
        await writeFile(file, config);
        // Without an auto.conf, conf would write one and touch a file for each of the symbols.
        await mkdir(join(folder, 'include/config'), { recursive: true });
        await writeFile(join(folder, 'include/config/auto.conf'), '');
        const call = olddefconfigCall(options.tree, variables);
        const { stderr } = await run(conf, call.arguments, {
          cwd: folder,
          env: { ...variables, ...call.variables },
          timeout: call.timeout,
          ...(options.signal ? { signal: options.signal } : {}),
        });
        return { text: await readFile(file, 'utf8'), stderr };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
