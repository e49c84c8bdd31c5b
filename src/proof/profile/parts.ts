import type { Proof } from '../record.ts';
import type { StageId, StageTimes } from '../stages.ts';

/** The parts of a boot's way to its init, each with the stage that ends it and the one before. */
export const parts = [
  { title: 'firmware and loader', from: undefined, to: 'loader' },
  { title: 'the kernel comes', from: 'loader', to: 'image' },
  // What the kernel has said before its console was there, it says then.
  { title: 'the initramfs comes, the kernel unpacks itself', from: 'image', to: 'kernel' },
  { title: 'drivers, until it asks for an address', from: 'kernel', to: 'link' },
  { title: 'address', from: 'link', to: 'kernel-dhcp' },
  { title: 'root and init', from: 'kernel-dhcp', to: 'init' },
] as const satisfies readonly {
  readonly title: string;
  readonly from: StageId | undefined;
  readonly to: StageId;
}[];

/** The stages that a proof's boot came to the end of. */
export function timesOf({ stages }: Pick<Proof, 'stages'>): StageTimes {
  return Object.fromEntries(stages.flatMap(({ id, at }) => (at === null ? [] : [[id, at]])));
}

/**
 * Milliseconds from power-on to the end of a stage.
 *
 * @throws Error for a boot that did not come there
 */
export function stageTime(times: StageTimes, stage: StageId): number {
  const at = times[stage];
  if (at === undefined) throw new Error(`The boot has no "${stage}".`);
  return at;
}

/**
 * How long each of the parts took, in milliseconds.
 *
 * @throws Error for a boot that did not come to its init
 */
export function partTimes(
  times: StageTimes,
): readonly { readonly title: string; readonly milliseconds: number }[] {
  return parts.map(({ title, from, to }) => ({
    title,
    milliseconds: stageTime(times, to) - (from === undefined ? 0 : stageTime(times, from)),
  }));
}
