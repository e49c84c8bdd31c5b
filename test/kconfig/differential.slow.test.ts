import { describe, expect, it } from 'vitest';
import { configure, type Kconfig, parseConfig, writeConfig } from '../../src/kconfig/index.ts';
import { type Judge, makeJudge, random } from './judge.ts';
import { defconfigOf, subjects } from './subjects.ts';

const seeds = Number(process.env.BOOTWRIGHT_SEEDS ?? 40);
const first = Number(process.env.BOOTWRIGHT_FIRST_SEED ?? 0);

/** How a `.config` is spoilt before both have to put it right again. */
const mutations = ['remove', 'flip', 'number', 'repeat', 'reverse'] as const;

function olddefconfig(kconfig: Kconfig, config: string): string {
  return writeConfig(configure(kconfig, parseConfig(config, kconfig)));
}

/** Takes lines out, changes values, repeats lines: all as the seed says. */
function spoil(config: string, seed: number): string {
  const next = random(seed);
  const share = [0.02, 0.1, 0.3, 0.6][Math.floor(next() * 4)] ?? 0.1;
  const lines: string[] = [];
  for (const line of config.split('\n')) {
    if (next() >= share) {
      lines.push(line);
      continue;
    }
    switch (mutations[Math.floor(next() * mutations.length)]) {
      case 'flip':
        lines.push(flip(line, next));
        break;
      case 'number':
        lines.push(
          line.replace(/=(0x)?[0-9a-f]+$/i, (_, hex) => `=${hex ?? ''}${otherNumber(next)}`),
        );
        break;
      case 'repeat':
        lines.push(line, flip(line, next));
        break;
      case 'reverse':
        lines.splice(Math.floor(next() * lines.length), 0, line);
        break;
      default:
    }
  }
  return lines.join('\n');
}

function flip(line: string, next: () => number): string {
  const name = /^(?:# )?(CONFIG_\w+)(?:=[ymn]| is not set)$/.exec(line)?.[1];
  if (!name) return line;
  return [`${name}=y`, `${name}=m`, `# ${name} is not set`][Math.floor(next() * 3)] ?? line;
}

function otherNumber(next: () => number): string {
  return String(Math.floor(next() ** 4 * 1e9));
}

/** The first lines that differ: a whole .config in a failure report helps nobody. */
function difference(mine: string, theirs: string): string {
  const [a, b] = [new Set(mine.split('\n')), new Set(theirs.split('\n'))];
  const only = [...b].filter((line) => !a.has(line)).map((line) => `conf: ${line}`);
  const extra = [...a].filter((line) => !b.has(line)).map((line) => `ours: ${line}`);
  return [...only.slice(0, 20), ...extra.slice(0, 20)].join('\n') || 'the order of lines';
}

async function compare(judge: Judge, slot: number, config: string, what: string): Promise<void> {
  const theirs = await judge.conf(slot, '--olddefconfig', config);
  const mine = olddefconfig(judge.kconfig, config);
  if (mine === theirs.config) return;
  throw new Error(`${what}: the two differ\n${difference(mine, theirs.config)}`);
}

describe.each(subjects)('the engine and the conf of $name', ({ tree, arch, config: distro }) => {
  let made: Promise<Judge> | undefined;
  const judged = (): Promise<Judge> => {
    made ??= tree().then((folder) => makeJudge(folder, arch));
    return made;
  };

  it('agree on the distro’s config', async () => {
    await compare(await judged(), 0, await distro(), 'the distro’s config');
  });

  it('agree on the tree’s defconfig', async () => {
    await compare(await judged(), 0, defconfigOf(await tree(), arch), 'the defconfig');
  });

  it('agree on an empty config', async () => {
    await compare(await judged(), 0, '', 'the empty config');
  });

  it.each(['allnoconfig', 'allyesconfig', 'allmodconfig', 'alldefconfig'])(
    'agree on what %s makes, whole and spoilt',
    async (mode) => {
      const judge = await judged();
      const { config } = await judge.conf(0, `--${mode}`);
      await compare(judge, 0, config, mode);
      for (let seed = 0; seed < 3; seed++) {
        await compare(judge, 0, spoil(config, seed), `${mode} spoilt by ${seed}`);
      }
    },
  );

  it(
    `agree on ${seeds} random configs, whole and spoilt`,
    async () => {
      const judge = await judged();
      const stock = await distro();
      const failures: string[] = [];
      let seed = first;
      const work = async (slot: number): Promise<void> => {
        while (seed < first + seeds) {
          const own = seed++;
          const env = { KCONFIG_SEED: String(own) };
          const { config } = await judge.conf(slot, '--randconfig', undefined, env);
          for (const [text, what] of [
            [config, `randconfig ${own}`],
            [spoil(config, own), `randconfig ${own} spoilt`],
            [spoil(stock, own), `the distro’s config spoilt by ${own}`],
          ] as const) {
            await compare(judge, slot, text, what).catch((error) => failures.push(String(error)));
          }
        }
      };
      await Promise.all([work(0), work(1)]);
      expect(failures.join('\n\n')).toBe('');
      // A busy machine takes up to ten seconds for one seed.
    },
    Math.max(20 * 60_000, seeds * 10_000),
  );
});
