import { readConfigValues } from '../kernel/compile/config-values.ts';
import { vermagicFlags, vermagicProblem } from '../kernel/modules/vermagic.ts';
import type { BundleFacts, StockFacts } from './facts.ts';

/** What every module says of its kernel, and by which the kernel takes or refuses it. */
export interface VermagicComparison {
  /** That of most of stock's modules; empty if none was given. */
  readonly stock: string;
  readonly bundle: string;
  /** Where the bundle's is from: one of its modules, or, for a bundle without, its config. */
  readonly source: 'module' | 'config';
  /** How many of stock's modules have another one than most. */
  readonly others: number;
  /** Not known without a module of stock. */
  readonly equal: boolean | 'unknown';
}

const tidy = (vermagic: string): string => vermagic.trim().replace(/\s+/g, ' ');

/** Compares the vermagic of stock's modules with that of the bundle's. */
export function compareVermagic(
  { modules }: Pick<StockFacts, 'modules'>,
  { manifest, config, vermagic }: Pick<BundleFacts, 'manifest' | 'config' | 'vermagic'>,
): VermagicComparison {
  const counts = new Map<string, number>();
  for (const { file } of modules) {
    if (file !== undefined) {
      const found = tidy(file.facts.vermagic ?? '');
      counts.set(found, (counts.get(found) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  const stock = most?.[0] ?? '';
  const others = Array.from(counts.values()).reduce((sum, count) => sum + count, -(most?.[1] ?? 0));
  const { kernelRelease } = manifest.target;
  const flags = vermagicFlags(readConfigValues(config));
  const bundle = tidy(vermagic ?? [kernelRelease, ...flags].join(' '));
  // The config does not tell the seed of randomised structures: only a module does.
  const isEqual =
    vermagic === undefined
      ? vermagicProblem(stock, kernelRelease, flags) === undefined
      : stock === bundle;
  return {
    stock,
    bundle,
    source: vermagic === undefined ? 'config' : 'module',
    others,
    equal: most === undefined ? 'unknown' : isEqual,
  };
}
