import { join, resolve } from 'node:path';
import { configure, parseConfig, writeConfig } from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { readTextFile, sha256, writeWhole } from '../../system/files.ts';
import { readKeptRecord } from '../../system/kept-record.ts';
import type { Step } from '../../system/progress.ts';
import { type ConfigDelta, configDelta } from './delta.ts';
import { type KconfigTree, kconfigEnvironment } from './environment.ts';
import { findFleetSymbols } from './fleet/find-symbols.ts';
import type { Fleet } from './fleet/fleet.ts';
import { type Judge, summonJudge, unmetIn } from './judge.ts';
import { readTree } from './olddefconfig.ts';
import { Origins } from './origin.ts';
import { type Promotion, promote } from './promotion.ts';
import type { PromotionReport } from './report.ts';
import type { PlainScope } from './scope.ts';
import type { Setting } from './settings.ts';
import { checkShipped, checkTools } from './shipped.ts';
import { treeSource } from './tree-source.ts';
import { noWishes, readFragment, type Wishes } from './wishes.ts';

export interface ConfigureRequest {
  /** Root folder of the kernel tree; only read. */
  readonly tree: string;
  /** ARCH for make: `x86_64`, or `x86` where the distro configures for both (Debian). */
  readonly architecture: string;
  /** Path of the config as the source package carries it. */
  readonly shippedConfig: string;
  readonly scope: PlainScope | Fleet;
  /** Names in place of the default list of requested symbols. */
  readonly requested?: readonly string[];
  /** Values set on purpose. */
  readonly settings?: readonly Setting[];
  /** Where a person wants it otherwise. */
  readonly wishes?: Wishes;
  /** Further arguments for make that choose tools, such as `LLVM=1`. */
  readonly makeArguments?: readonly string[];
  /** Folder for the results. */
  readonly folder: string;
  /** Folder for what is kept between runs: environment, probes, the tree's conf, verdicts. */
  readonly cacheFolder: string;
  /** Whether the tree's own conf is to confirm the result. */
  readonly verify: boolean;
  readonly step: Step;
  readonly signal?: AbortSignal;
}

export interface ConfigureResult {
  readonly report: PromotionReport;
  readonly delta: ConfigDelta;
  /** Paths of the files written, all in `folder`. */
  readonly stockConfig: string;
  readonly netbootConfig: string;
  readonly reportFile: string;
  readonly deltaFile: string;
}

/**
 * The stage from a tree and its shipped config to the netboot config: stock config, promotion,
 * verification, and the files `stock.config`, `netboot.config`, `promotion.json` and
 * `config-delta.json`, each written whole or not at all.
 *
 * @throws BootwrightError `BW-CONFIG-…`, `BW-FLEET-UNKNOWN-DRIVER`, `BW-FLEET-DRIVER-OFF`,
 *   `BW-FILE-MISSING`, `BW-TOOL-MISSING`, `BW-INTERRUPTED`
 */
export async function configureNetboot(request: ConfigureRequest): Promise<ConfigureResult> {
  const { step, folder } = request;
  const { delta: explainDelta, ...result } = await computeNetboot(request);
  const delta = explainDelta();
  const file = (name: string): string => join(folder, name);
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  const written = {
    stockConfig: file('stock.config'),
    netbootConfig: file('netboot.config'),
    reportFile: file('promotion.json'),
    deltaFile: file('config-delta.json'),
  };
  await writeWhole(written.stockConfig, result.stockText);
  await writeWhole(written.netbootConfig, result.netbootText);
  await writeWhole(written.reportFile, json(result.report));
  await writeWhole(written.deltaFile, json(delta));
  const { promoted, raised, lost } = result.report;
  step.note(`${promoted.length} drivers built in, ${raised.length} raised, ${lost.length} lost`);
  return { report: result.report, delta, ...written };
}

/** The stage's result before it is written. */
export interface NetbootConfig {
  readonly stockText: string;
  readonly netbootText: string;
  readonly report: PromotionReport;
  /** What differs, and why: worked out when asked for. */
  readonly delta: () => ConfigDelta;
}

/**
 * Computes the netboot config, and has the tree's own conf confirm it, without writing it anywhere.
 *
 * @throws BootwrightError as {@link configureNetboot} does
 */
export async function computeNetboot(
  request: Omit<ConfigureRequest, 'folder'>,
): Promise<NetbootConfig> {
  const { step, wishes = noWishes } = request;
  const settings = [
    ...(request.settings ?? []),
    ...(wishes.fragment === undefined ? [] : await readFragment(wishes.fragment)),
  ];
  const tree: KconfigTree = {
    tree: resolve(request.tree),
    arch: request.architecture,
    cacheFolder: resolve(request.cacheFolder),
    ...(request.makeArguments === undefined ? {} : { makeArguments: request.makeArguments }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
  const shipped = await readTextFile(request.shippedConfig, 'kernel config');
  const shippedLines = checkShipped(shipped, request.shippedConfig, request.architecture);

  const scope =
    typeof request.scope === 'string'
      ? request.scope
      : await findFleetSymbols(tree.tree, request.scope);

  const environment = await step.step('Ask the tree for its environment', () =>
    kconfigEnvironment(tree),
  );
  const verdicts = new VerdictCache(
    join(tree.cacheFolder, 'verdicts'),
    JSON.stringify([
      ...[environment.identity, shipped, request.scope, request.requested, settings],
      ...[wishes.promote, wishes.exclude],
    ]),
  );
  // Where this very run has been confirmed before, the judge is called only if something differs.
  const isKnown = request.verify && (await verdicts.isKnown());
  const early = request.verify && !isKnown ? summonJudge(tree) : undefined;
  early?.catch(() => undefined);
  try {
    const reading = await step.step('Read the Kconfig files', async (part) => {
      const read = await readTree(tree, async (known) => (await early)?.begin(known));
      const { symbols, files } = read.kconfig;
      part.note(`${symbols.size} symbols in ${files.length} files`);
      return read;
    });
    const { kconfig, answers, identity } = reading;
    request.signal?.throwIfAborted();
    const stock = configure(kconfig, parseConfig(shipped, kconfig));
    checkTools(shippedLines, stock, settings);
    const stockText = writeConfig(stock);
    const read = treeSource(tree.tree);

    const promotion = await step.step('Promote', (part) => {
      const found = promote({
        kconfig,
        stock: stockText,
        scope,
        ...(request.requested === undefined ? {} : { requested: request.requested }),
        settings,
        wishes,
        read,
        kernelVersion: environment.variables.KERNELVERSION ?? '',
        architecture: request.architecture,
      });
      const { promoted, raised, stuck } = found.report;
      part.note(`${promoted.length} drivers, ${raised.length} raised, ${stuck.length} stuck`);
      return Promise.resolve(found);
    });
    request.signal?.throwIfAborted();

    if (request.verify) {
      await step.step('Let the tree’s own conf confirm it', async (part) => {
        const key = sha256(JSON.stringify([identity, promotion.configText]));
        if (await verdicts.has(key)) {
          part.unchanged('confirmed before');
          return;
        }
        await confirm(promotion, await (early ?? lateJudge(tree, answers)));
        await verdicts.keep(key);
      });
    }
    return {
      stockText,
      netbootText: promotion.configText,
      report: promotion.report,
      delta: () =>
        configDelta(shippedLines, stock, promotion.netboot, promotion.report, new Origins(read)),
    };
  } finally {
    await early?.then(
      (judge) => judge.dismiss(),
      () => undefined,
    );
  }
}

/** A judge that was not thought to be needed. */
async function lateJudge(tree: KconfigTree, answers: ReadonlyMap<string, string>): Promise<Judge> {
  const judge = await summonJudge(tree);
  await judge.begin(answers);
  return judge;
}

/**
 * Has the tree's own conf confirm that the netboot config stays as it is.
 *
 * @throws BootwrightError `BW-CONFIG-NOT-STABLE`
 */
async function confirm(promotion: Promotion, judge: Judge): Promise<void> {
  try {
    const verdict = judge.decide(promotion.configText);
    // Worked out while conf does its part.
    const before = new Set(promotion.stock.unmetDependencies().map(({ symbol }) => symbol.name));
    const { text, stderr } = await verdict;
    const differences = differingLines(promotion.configText, text);
    if (differences.length > 0) {
      throw new BootwrightError(
        'BW-CONFIG-NOT-STABLE',
        `olddefconfig of the tree changes ${differences.length} lines of the netboot config.`,
        { excerpt: differences.slice(0, 12) },
      );
    }
    const unmet = [...unmetIn(stderr)].filter((name) => !before.has(name));
    if (unmet.length > 0) {
      throw new BootwrightError(
        'BW-CONFIG-NOT-STABLE',
        'The netboot config has selects that override unmet dependencies, which stock has not.',
        { excerpt: unmet.map((name) => `unmet direct dependencies: ${name}`) },
      );
    }
  } finally {
    await judge.dismiss();
  }
}

/** Lines that only one of the texts has, as diff would mark them. */
export function differingLines(ours: string, theirs: string): string[] {
  if (ours === theirs) return [];
  const left = new Set(ours.split('\n'));
  const right = new Set(theirs.split('\n'));
  const differing = [
    ...[...left].filter((line) => !right.has(line)).map((line) => `-${line}`),
    ...[...right].filter((line) => !left.has(line)).map((line) => `+${line}`),
  ];
  return differing.length > 0 ? differing : ['the same lines in another order'];
}

/** Remembers, for one set of inputs, the result that the tree's conf has confirmed. */
class VerdictCache {
  readonly #file: string;

  constructor(folder: string, inputs: string) {
    this.#file = join(folder, `${sha256(inputs).slice(0, 32)}.json`);
  }

  async isKnown(): Promise<boolean> {
    return (await this.#read()) !== undefined;
  }

  async has(key: string): Promise<boolean> {
    return (await this.#read()) === key;
  }

  async keep(key: string): Promise<void> {
    await writeWhole(this.#file, JSON.stringify({ confirmed: key }));
  }

  async #read(): Promise<string | undefined> {
    return (await readKeptRecord(this.#file))?.confirmed;
  }
}
