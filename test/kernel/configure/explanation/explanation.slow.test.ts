import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  configure,
  type Kconfig,
  parseConfig,
  writeConfig,
} from '../../../../src/kconfig/index.ts';
import { explainDifference } from '../../../../src/kernel/configure/difference/explained.ts';
import { explainSymbols } from '../../../../src/kernel/configure/explanation/explain-symbols.ts';
import { renderExplanation } from '../../../../src/kernel/configure/explanation/render-explanation.ts';
import type { ExplanationReport } from '../../../../src/kernel/configure/explanation/report.ts';
import {
  loadKconfig,
  type TreeConf,
  treeConf,
} from '../../../../src/kernel/configure/olddefconfig.ts';
import { promote } from '../../../../src/kernel/configure/promotion.ts';
import { otherKconfigFiles, treeSource } from '../../../../src/kernel/configure/tree-source.ts';
import { debianConfig, kernelTree } from '../../../trees.ts';
import { told } from './questions.ts';

const cacheFolder = mkdtempSync(join(tmpdir(), 'bootwright-explanation-'));
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

let tree = '';
let config = '';
let kconfig: Kconfig;
let conf: TreeConf;

beforeAll(async () => {
  tree = await kernelTree('6.12');
  config = await debianConfig('6.12');
  kconfig = await loadKconfig({ tree, arch: 'x86', cacheFolder });
  conf = await treeConf({ tree, arch: 'x86', cacheFolder });
}, 300_000);

function ask(...names: string[]): ExplanationReport {
  return explainSymbols({
    kconfig,
    config,
    names,
    read: treeSource(tree),
    otherFiles: () => otherKconfigFiles(tree, kconfig.files),
  });
}

describe('Debian 6.12, asked about', () => {
  it('ROOT_NFS names the three to set, and where', () => {
    const [symbol] = ask('ROOT_NFS').symbols;
    expect(told(symbol?.reasons ?? [])).toMatch(
      /^it depends on "NFS_FS=y", which does not hold \(NFS_FS=m\) \[fs\/nfs\/Kconfig:\d+\]\n {2}the file says NFS_FS=m/,
    );
    expect(symbol?.targets[0]?.ways[0]?.changes).toMatchObject([
      { symbol: 'ROOT_NFS', from: 'n', to: 'y' },
      { symbol: 'NFS_FS', from: 'm', to: 'y' },
      { symbol: 'IP_PNP', from: 'n', to: 'y' },
    ]);
  });

  it('IWLWIFI finds what is two files further out', () => {
    const stranger = config.replace(
      'CONFIG_WLAN_VENDOR_INTEL=y',
      '# CONFIG_WLAN_VENDOR_INTEL is not set',
    );
    const report = explainSymbols({
      kconfig,
      config: stranger,
      names: ['IWLWIFI'],
      read: treeSource(tree),
    });
    expect(told(report.symbols[0]?.reasons ?? [])).toContain(
      'it depends on WLAN_VENDOR_INTEL, which is n [drivers/net/wireless/intel/Kconfig:',
    );
  });

  it('a name of another architecture says where it stands', () => {
    expect(ask('ARM64_PAN').unknown[0]?.elsewhere[0]).toMatch(/^arch\/arm64\/Kconfig:\d+$/);
  });

  it('any symbol is answered fast, within 80 columns, and the tree agrees with the ways', async () => {
    const all = [...kconfig.symbols.values()].filter(
      ({ type, menus }) => menus.length > 0 && (type === 'bool' || type === 'tristate'),
    );
    const names = all.filter((_, index) => index % 400 === 7).map(({ name }) => name ?? '');
    const start = performance.now();
    const { symbols } = ask(...names);
    expect((performance.now() - start) / symbols.length).toBeLessThan(500);
    let checked = 0;
    for (const symbol of symbols) {
      const text = renderExplanation(
        { schema: 'bootwright/config-explanation', version: 1, symbols: [symbol], unknown: [] },
        { width: 80, colour: false },
      );
      for (const line of text.split('\n')) {
        // Nothing breaks a long word: a macro, a name or a place.
        if (line.trim().includes(' ')) expect(line.length, line).toBeLessThanOrEqual(100);
      }
      for (const { value, ways } of symbol.targets) {
        const [way] = ways;
        if (way === undefined) continue;
        const values = configure(kconfig, parseConfig(config, kconfig));
        for (const change of way.changes) {
          const one = kconfig.symbols.get(change.symbol);
          if (one !== undefined) values.set(one, change.to);
        }
        const written = writeConfig(values);
        const line =
          value === 'n' ? `CONFIG_${symbol.symbol}=` : `CONFIG_${symbol.symbol}=${value}\n`;
        expect(written.includes(`\n${line}`), `${symbol.symbol}=${value}`).toBe(value !== 'n');
        checked += 1;
        // The tree's own conf takes a second or so: it is asked about some of them.
        if (checked % 20 === 0) expect((await conf.run(written)).text).toBe(written);
      }
    }
    expect(checked).toBeGreaterThan(40);
  }, 300_000);
});

describe('stock and netboot config of Debian 6.12', () => {
  it('differ by what was asked for and what follows', () => {
    const promotion = promote({ kconfig, stock: config, scope: 'network-devices' });
    const { differences } = explainDifference({
      kconfig,
      a: config,
      b: promotion.configText,
      read: treeSource(tree),
    });
    const of = (cause: string): string[] =>
      differences.filter((one) => one.cause === cause).map(({ symbol }) => symbol);
    expect(of('asked')).toContain('IP_PNP');
    expect(of('asked')).toContain('E1000E');
    expect(of('selected')).toContain('SUNRPC');
    expect(of('fallen')).toEqual(['IWLWIFI_OPMODE_MODULAR']);
    expect(of('unknown')).toEqual([]);
  });
});
