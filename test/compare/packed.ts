import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatCrc } from '../../src/compare/exports.ts';
import type { BundleFacts, StockFacts } from '../../src/compare/facts.ts';
import type { ExportedSymbol } from '../../src/formats/symvers/index.ts';
import { makeModule, pack, provenance, writeParts } from '../bundle/parts.ts';
import {
  buildModule,
  modinfoSection,
  symbolSections,
  versionsSection,
} from '../formats/elf-kmod/build-module.ts';

/** A list of exported symbols as modpost writes it. */
export function symversText(symbols: readonly ExportedSymbol[]): string {
  return symbols
    .map(({ name, crc, provider, kind, namespace }) =>
      [formatCrc(crc), name, provider, `${kind}`, `${namespace}\n`].join('\t'),
    )
    .join('');
}

const lines = (names: readonly string[]): string => names.map((name) => `${name}\n`).join('');

/** Packs a bundle that has those facts; its modules are all alike. */
export async function packBundleOf(facts: BundleFacts, folder: string): Promise<string> {
  const parts = writeParts(join(folder, 'in'));
  const { settings, promotion } = facts.manifest;
  rmSync(parts.moduleTree, { recursive: true });
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(parts.moduleTree, name)), { recursive: true });
    writeFileSync(join(parts.moduleTree, name), content);
  };
  for (const path of facts.modules) {
    write(path, makeModule(facts.vermagic === undefined ? {} : { vermagic: facts.vermagic }));
  }
  write('modules.builtin', lines(facts.builtIn));
  write('modules.order', lines(facts.modules));
  write('modules.dep', lines(facts.modules.map((path) => `${path}:`)));
  writeFileSync(parts.config, facts.config);
  writeFileSync(parts.stockConfig, facts.stockConfig);
  writeFileSync(parts.moduleSymvers, symversText(facts.symvers));
  writeFileSync(
    parts.systemMap,
    facts.initcalls
      .map(
        (name, at) =>
          `${(16 + at).toString(16).padStart(16, '0')} d __initcall__kmod_${name}__1_1_x6\n`,
      )
      .join(''),
  );
  writeFileSync(parts.promotionReport, JSON.stringify(promotion));
  const { bytesBefore, bytesAfter, signed } = provenance.modules;
  const packed = await pack(parts, join(folder, 'out'), {
    provenance: {
      ...provenance,
      settings,
      configDelta: [],
      modules: { count: facts.modules.length, bytesBefore, bytesAfter, signed },
    },
  });
  return packed.folder;
}

/**
 * Lays a stock kernel out as on a system.
 *
 * @param root - gets `lib/modules/<release>` and the rest
 * @returns the folder of the modules
 */
export function layStock(facts: StockFacts, root: string): string {
  const folder = join(root, 'lib/modules', facts.kernelRelease);
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  for (const { path, file } of facts.modules) {
    if (file === undefined) continue;
    const aliases = file.aliases.map((alias) => `alias=${alias}`);
    const { facts } = file;
    const symbols = [
      ...facts.exports.map(({ name }) => ({ name: `__ksymtab_${name}`, info: 0x10, section: 1 })),
      ...facts.imports.map((name) => ({ name, info: 0x10, section: 0 })),
    ];
    write(
      path,
      buildModule([
        modinfoSection('license=GPL', ...aliases, `vermagic=${facts.vermagic}`),
        versionsSection(Object.fromEntries(facts.versions)),
        ...symbolSections(symbols, 3),
      ]),
    );
  }
  write('modules.builtin', lines(facts.builtIn));
  write('modules.order', lines(facts.modules.map(({ path }) => path)));
  write('modules.builtin.modinfo', '');
  if (facts.config !== undefined) write('config', facts.config);
  if (facts.symvers !== undefined) write('symvers', symversText(facts.symvers));
  return folder;
}
