import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BundleFacts, StockFacts } from '../../src/compare/facts.ts';
import { compareKernels, comparisonError } from '../../src/compare/report.ts';
import { verdictLine } from '../../src/compare/verdict.ts';
import { release } from '../bundle/parts.ts';
import { bundle, bundleOf, exported, layout, makeManifest, stock, stockModule } from './world.ts';

const compare = (facts: StockFacts, kernel: BundleFacts) =>
  compareKernels(kernel, facts, { kabi: [] });

/** Stock kernels: modules in a row, each of which needs some symbols of the image and of those before it. */
const kernels: fc.Arbitrary<StockFacts> = fc
  .record({
    image: fc.array(fc.nat(0xffffffff), { minLength: 1, maxLength: 8 }),
    modules: fc.array(
      fc.record({
        crc: fc.nat(0xffffffff),
        needs: fc.array(fc.nat(100), { maxLength: 4 }),
        device: fc.nat(5),
        isBuiltIn: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    options: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,12}$/), fc.constantFrom('y', 'm')),
  })
  .map(({ image, modules, options }) => {
    const symvers = [layout, ...image.map((crc, index) => exported(`image_${index}`, crc))];
    const made = modules.map(({ crc, needs, device }, index) => {
      const name = `module_${index}`;
      const known = [...symvers];
      symvers.push(exported(`${name}_call`, crc, `drivers/${name}/${name}`));
      return stockModule(`drivers/${name}/${name}.ko`, {
        aliases: [`pci:v00001234d0000000${device}sv*sd*bc*sc*i*`],
        exports: [`${name}_call`],
        imports: Object.fromEntries(
          needs.map((need) => {
            const { name: needed, crc: value } =
              known[need % known.length] ?? known[0] ?? exported('x', 0);
            return [needed, value];
          }),
        ),
      });
    });
    const flags = 'CONFIG_SMP=y\nCONFIG_MODULE_UNLOAD=y\nCONFIG_MODVERSIONS=y\n';
    const config = Object.entries(options).map(
      ([symbol, value]) => `CONFIG_X_${symbol}=${value}\n`,
    );
    return {
      ...stock,
      modules: made,
      symvers,
      config: flags + config.join(''),
      builtIn: ['kernel/fs/binfmt_script.ko'],
    };
  });

describe('a kernel and itself', () => {
  test('differ in nothing', () => {
    fc.assert(
      fc.property(kernels, (kernel) => {
        const report = compare(kernel, bundleOf(kernel));
        expect(report).toMatchObject({ equal: true, open: [], notGiven: 0 });
        expect(report.config.lines).toEqual([]);
        expect(report.exports).toMatchObject({
          groups: [],
          equal: kernel.symvers?.length,
          moved: 0,
        });
        expect(report.modules.filter(({ stock: before, now }) => before !== now)).toEqual([]);
        expect(report.fit.unfit).toEqual([]);
        expect(report.devices).toMatchObject({ added: [], total: { image: 0, none: 0 } });
        for (const { stockFirst, nowFirst } of report.devices.shared) {
          expect(nowFirst).toBe(stockFirst);
        }
        expect(comparisonError(report)).toBeUndefined();
      }),
    );
  });
});

describe('a difference that was planted', () => {
  /** Finds it in the report of a kernel and its bundle with the difference, and that alone as open. */
  function planted(
    plant: (
      kernel: BundleFacts,
      pick: number,
    ) => { readonly kernel: BundleFacts; readonly name: string },
    find: (report: ReturnType<typeof compare>) => readonly string[],
  ) {
    fc.assert(
      fc.property(kernels, fc.nat(1000), (facts, pick) => {
        const { kernel, name } = plant(bundleOf(facts), pick);
        const report = compare(facts, kernel);
        expect(find(report)).toEqual([name]);
        expect(report.equal).toBe(false);
        expect(comparisonError(report)?.code).toBe('BW-COMPARE-DIFFERS');
      }),
    );
  }
  const symbolsOf = (report: ReturnType<typeof compare>, what: string): readonly string[] =>
    report.exports.groups
      .filter((group) => group.what === what)
      .flatMap(({ symbols }) => symbols.map(({ name }) => name));

  test('a symbol is gone', () => {
    planted(
      (kernel, pick) => {
        const index = pick % kernel.symvers.length;
        return {
          kernel: { ...kernel, symvers: kernel.symvers.filter((_, at) => at !== index) },
          name: kernel.symvers[index]?.name ?? '',
        };
      },
      (report) => symbolsOf(report, 'missing'),
    );
  });

  test('a CRC is another', () => {
    planted(
      (kernel, pick) => {
        const index = pick % kernel.symvers.length;
        const symvers = kernel.symvers.map((symbol, at) =>
          at === index ? { ...symbol, crc: symbol.crc ^ 1 } : symbol,
        );
        return { kernel: { ...kernel, symvers }, name: symvers[index]?.name ?? '' };
      },
      (report) => symbolsOf(report, 'crc'),
    );
  });

  test('a symbol is new', () => {
    planted(
      (kernel) => ({
        kernel: { ...kernel, symvers: [...kernel.symvers, exported('planted', 1)] },
        name: 'planted',
      }),
      (report) => symbolsOf(report, 'added'),
    );
  });

  test('an option differs', () => {
    planted(
      (kernel) => ({
        kernel: { ...kernel, config: `${kernel.config}CONFIG_PLANTED=y\n` },
        name: 'PLANTED',
      }),
      (report) => report.config.lines.map(({ symbol }) => symbol),
    );
  });

  test('a module is nowhere', () => {
    planted(
      (kernel, pick) => {
        const index = pick % kernel.modules.length;
        return {
          kernel: { ...kernel, modules: kernel.modules.filter((_, at) => at !== index) },
          name: `module_${index}`,
        };
      },
      (report) =>
        report.modules
          .filter(({ stock: before, now }) => before !== now)
          .map(({ module }) => module),
    );
  });

  test('the vermagic is another', () => {
    planted(
      (kernel) => ({ kernel: { ...kernel, vermagic: `${release} SMP` }, name: 'another vermagic' }),
      ({ open }) => open,
    );
  });
});

describe('a netboot kernel', () => {
  test('equals stock but for what was asked for', () => {
    const report = compare(stock, bundle);
    expect(report.open).toEqual([]);
    expect(verdictLine(report)).toBe(
      `Equals stock ${release} but for what was asked for (4 modules built in): 4 of 4 exported symbols with stock's CRC; 2 of 2 stock modules fit it by vermagic and CRCs.`,
    );
  });

  test('without modules, what these export is left out, and said', () => {
    const symvers = bundle.symvers.filter(({ provider }) => provider === 'vmlinux');
    const manifest = makeManifest(bundle.manifest.promotion, { modules: 'none' });
    const { vermagic: _, ...image } = { ...bundle, manifest, symvers, modules: [] };
    const report = compare(stock, image);
    expect(report.equal).toBe(true);
    expect(report.exports.groups).toMatchObject([
      { what: 'missing', cause: 'modules-left-out', symbols: [{ name: 'jbd2_start' }] },
    ]);
    expect(verdictLine(report)).toContain('(4 modules built in, 2 modules left out): 3 of 3');
  });

  test('what of a vendor’s list is not kept is open', () => {
    const list = { name: 'Module.kabi_x86_64', symbols: [{ name: 'kfree', crc: 1, provider: '' }] };
    const report = compareKernels(bundle, stock, { kabi: [list] });
    expect(verdictLine(report)).toContain('1 symbol of Module.kabi_x86_64 not kept');
  });
});
