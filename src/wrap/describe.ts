import type { InitramfsReport } from '../bundle/initramfs-report.ts';
import { layoutOf } from '../bundle/manifest.ts';
import type { PackedBundle } from '../bundle/pack.ts';
import { plural, wrap } from '../bundle/text-layout.ts';
import { formatBytes } from '../system/files.ts';

/** Firmware that is missing, a line for each module. */
function missingLines({ firmware }: InitramfsReport): readonly string[] {
  const byModule = new Map<string, string[]>();
  for (const { module, file } of firmware.missing) {
    byModule.set(module, [...(byModule.get(module) ?? []), file]);
  }
  if (byModule.size === 0) return [];
  return [
    '',
    `${plural(firmware.missing.length, 'file')} of firmware that ${plural(byModule.size, 'driver')} may ask for and that ${firmware.missing.length === 1 ? 'is' : 'are'} not in it (give --firmware DIR):`,
    ...[...byModule].flatMap(([module, files]) => wrap(files, '      ', `  ${module}  `)),
  ];
}

/** What was made, for a person. */
export function describeWrapped(bundle: PackedBundle, report: InitramfsReport): string {
  const { manifest, folder } = bundle;
  const { kernel, wrapped, target, files } = manifest;
  const { initramfs } = layoutOf(target.kernelRelease);
  const packed = files.find(({ path }) => path === initramfs)?.bytes ?? 0;
  return [
    `${folder} (${formatBytes(bundle.archiveBytes)})`,
    `  kernel     ${formatBytes(kernel.bytes)}, as it was${wrapped?.secureBoot === true ? ', with its signature for Secure Boot' : ''}`,
    `  initramfs  ${formatBytes(packed)}, with ${plural(report.modules.length, 'module')} and ${plural(report.firmware.files.length, 'file')} of firmware`,
    ...missingLines(report),
    '',
    'Boot it before you trust it (as root):',
    `  bootwright prove ${folder}`,
  ].join('\n');
}
