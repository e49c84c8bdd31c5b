import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';

/** A member of an archive, as a test writes it: nothing is checked. */
export interface RawMember {
  name: string;
  type?: 'file' | 'link' | 'symlink' | 'directory' | 'character-device' | 'block-device' | 'fifo';
  mode?: number;
  linkname?: string;
  content?: Uint8Array | string;
}

export async function readTar(archive: string): Promise<RawMember[]> {
  const members: RawMember[] = [];
  const reader = extract();
  reader.end(zstdDecompressSync(readFileSync(archive)));
  for await (const entry of reader) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    const { name, type, mode } = entry.header;
    members.push(
      type === 'directory'
        ? { name, type, mode }
        : { name, type: 'file', mode, content: Buffer.concat(chunks) },
    );
  }
  return members;
}

export async function writeTar(archive: string, members: readonly RawMember[]): Promise<void> {
  const writer = pack();
  for (const { content = '', ...member } of members) {
    const hasContent = (member.type ?? 'file') === 'file';
    writer.entry(
      { mtime: new Date(0), ...member, ...(hasContent ? {} : { size: 0 }) },
      hasContent ? Buffer.from(content) : '',
    );
  }
  writer.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of writer) chunks.push(chunk as Uint8Array);
  writeFileSync(archive, zstdCompressSync(Buffer.concat(chunks)));
}

/** Brings SHA256SUMS up to date, as somebody who tampers with a bundle would. */
export function sumAgain(archive: string): void {
  const folder = dirname(archive);
  const lines = [basename(archive), 'manifest.json', 'sbom.cdx.json'].map((name) => {
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    return `${digest}  ${name}\n`;
  });
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
}

/** Changes the members of a bundle's archive, and its checksums with them. */
export async function repack(
  archive: string,
  change: (members: RawMember[]) => readonly RawMember[],
): Promise<void> {
  await writeTar(archive, change(await readTar(archive)));
  sumAgain(archive);
}
