import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { namesIn, sha256, sha256File } from '../../system/files.ts';
import { openStock, type StockRequest } from './open.ts';
import { listModuleFiles } from './read-modules.ts';

/** What a stock kernel is read from, and what it is at the moment. */
export interface StockSource {
  /** The file's or folder's name. */
  readonly name: string;
  /** Of a folder: of the names and contents of its modules, its lists and its image. */
  readonly sha256: string;
}

async function folderDigest(path: string, release: string | undefined): Promise<string> {
  await using stock = await openStock({
    paths: [path],
    parts: [],
    ...(release === undefined ? {} : { release }),
  });
  const lists = (await namesIn(stock.modules)).filter((name) =>
    /^modules\.(order|builtin)$/.test(name),
  );
  const files = [...(await listModuleFiles(stock.modules)), ...lists];
  const lines: string[] = [];
  for (const file of files) lines.push(`${await sha256File(join(stock.modules, file))} ${file}`);
  const image = await stock.file('image');
  if (image !== undefined) lines.push(`${await sha256File(image)} image`);
  return sha256(lines.join('\n'));
}

/**
 * Digests of what a stock kernel is read from.
 *
 * @throws BootwrightError as {@link openStock} does for a folder; `BW-FILE-MISSING`
 */
export async function digestStock({
  paths,
  release,
}: Pick<StockRequest, 'paths' | 'release'>): Promise<StockSource[]> {
  const sources: StockSource[] = [];
  for (const path of paths) {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    sources.push({
      name: basename(resolve(path)),
      sha256: isFolder ? await folderDigest(path, release) : await sha256File(path),
    });
  }
  return sources;
}
