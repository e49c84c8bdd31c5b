import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { isSystemError } from '../system/errors/index.ts';
import type { ConfigLine } from './config.ts';
import { isShaping, shapesIn } from './shapes.ts';

/** An option that differs, and a structure that it shapes. */
export interface ShapingOption {
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  /** `struct module`. */
  readonly type: string;
  /** `include/linux/module.h:512`. */
  readonly location: string;
}

/** Where the headers are that structures of exported symbols come from. */
const headerFolders = ['include', 'arch/x86/include'];

async function headersIn(tree: string, folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(join(tree, folder), { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.h'))
      .map((entry) => posix.join(entry.parentPath.slice(tree.length + 1), entry.name))
      .sort();
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

/** Finds in a tree's headers which of the options that differ shape a structure. */
export async function readShapingOptions(
  tree: string,
  lines: readonly ConfigLine[],
  signal: AbortSignal,
): Promise<readonly ShapingOption[]> {
  const differing = new Map(lines.map((line) => [line.symbol, line]));
  const found = new Map<string, ShapingOption>();
  for (const folder of headerFolders) {
    for (const header of await headersIn(tree, folder)) {
      signal.throwIfAborted();
      const text = await readFile(join(tree, header), 'latin1');
      if (!text.includes('CONFIG_')) continue;
      for (const shape of shapesIn(text)) {
        const line = differing.get(shape.symbol);
        if (line === undefined || !isShaping(line, shape)) continue;
        const { symbol, from, to } = line;
        const { type } = shape;
        const key = `${symbol} ${type}`;
        if (found.has(key)) continue;
        found.set(key, { symbol, from, to, type, location: `${header}:${shape.line}` });
      }
    }
  }
  return [...found.values()];
}
