import { formatBytes } from '../system/files.ts';
import { shellQuote } from '../system/process.ts';
import type { ExportedFile, ExportFormat } from './export-bundle.ts';

/** What to do with what was made. */
const uses: Readonly<Record<ExportFormat, (path: string) => readonly string[]>> = {
  rpm: (path) => [
    'Install it on the boot server, beside any other:',
    `  rpm -i ${path}`,
    'What is in it, and where:',
    `  rpm -qilp ${path}`,
  ],
  deb: (path) => [
    'Install it on the boot server, beside any other:',
    `  dpkg -i ${path}`,
    'What is in it, and where:',
    `  dpkg-deb -I ${path} && dpkg-deb -c ${path}`,
  ],
  iso: (path) => [
    'Burn it, hand it to a management controller as virtual medium, or write it to a',
    'USB stick (all that is on the stick is lost):',
    `  dd if=${path} of=/dev/sdX bs=4M conv=fsync`,
  ],
};

/** What was made, for a person. */
export function describeExport({ format, path, bytes, sha256 }: ExportedFile): string {
  return [
    `${path} (${formatBytes(bytes)})`,
    `SHA-256 ${sha256}`,
    '',
    ...uses[format](shellQuote(path)),
  ].join('\n');
}
