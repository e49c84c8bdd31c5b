import type { Manifest } from '../bundle/manifest.ts';
import { plural } from '../bundle/text-layout.ts';
import { embeddedBlobs, firmwareGaps } from '../kernel/firmware/index.ts';
import { formatBytes } from '../system/files.ts';
import type { BuildOutcome } from './build.ts';
import type { Plan } from './stage.ts';

/** A plan as a person reads it: a line a stage. */
export function describePlan(plans: readonly Plan[]): string {
  const width = Math.max(...plans.map(({ title }) => title.length));
  return plans
    .map(
      ({ title, action, why }) =>
        `${action === 'run' ? 'run ' : 'keep'}  ${title.padEnd(width)}  ${why}`,
    )
    .join('\n');
}

/** What there is to say of the firmware that the drivers in the image ask for. */
function firmwareLine({ firmware }: Manifest): readonly string[] {
  if (firmware === undefined || firmware.blobs.length === 0) return [];
  const embedded = embeddedBlobs(firmware.blobs);
  const bytes = embedded.reduce((sum, blob) => sum + (blob.bytes ?? 0), 0);
  const gaps = firmwareGaps(firmware.blobs);
  const linkless = gaps.filter(({ need }) => need === 'link').length;
  const missing =
    gaps.length === 0
      ? 'none missing'
      : `missing for ${plural(gaps.length, 'driver')}, ${linkless} of them without a link then (see show)`;
  return [`  firmware  ${plural(embedded.length, 'blob')}, ${formatBytes(bytes)}; ${missing}`];
}

/** What came of a build, and what to do with it. */
export function describeOutcome({ until, workspace, bundle, proofs }: BuildOutcome): string {
  if (bundle === undefined) {
    return `Done up to the stage "${until}", in ${workspace}.`;
  }
  const { manifest, archive, archiveBytes, folder } = bundle;
  const { modules, promotion, kernel, target } = manifest;
  const lines = [
    `${manifest.id}`,
    '',
    `  kernel    ${target.kernelRelease}, ${formatBytes(kernel.bytes)}, ${promotion.promoted.length} network drivers built in`,
    ...firmwareLine(manifest),
    `  modules   ${modules.count}, ${formatBytes(modules.bytesBefore)} compiled, ${formatBytes(modules.bytesAfter)} stripped${modules.signed ? ' and signed' : ''}`,
    `  ${archive === folder ? 'folder ' : 'archive'}   ${archive} (${formatBytes(archiveBytes)})`,
  ];
  for (const { proof, record } of proofs) {
    const init = proof.stages.find(({ id }) => id === 'init')?.at ?? null;
    const time = init === null ? '' : `, init after ${(init / 1000).toFixed(1)} s`;
    lines.push(`  proof     ${proof.title}: ${proof.verdict}${time} (${record})`);
  }
  lines.push('');
  if (proofs.length === 0) {
    lines.push('It has not been proved yet. As root:', `  bootwright prove ${folder}`);
  } else {
    lines.push(
      'What is in it, how it differs from stock, and how to serve it:',
      `  bootwright show ${folder}`,
    );
  }
  return lines.join('\n');
}
