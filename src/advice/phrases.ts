import type { Reason } from './advise.ts';
import { deviceLabel } from './device.ts';
import type { Purpose } from './purpose.ts';

/** What devices of a purpose are called. */
export const purposeNames: Readonly<Record<Purpose, string>> = {
  disk: 'disk',
  usb: 'USB host',
  network: 'network',
  keyboard: 'keyboard',
};

/** Why a module is advised, in a few words on one line. */
function reasonPhrase(reason: Reason): string {
  switch (reason.kind) {
    case 'device': {
      const doubt = reason.certain ? '' : ', perhaps: not all of the device was told';
      return `${purposeNames[reason.purpose]} ${deviceLabel(reason.device)} (${reason.alias})${doubt}`;
    }
    case 'implied':
      return `${purposeNames[reason.purpose]} ${deviceLabel(reason.device)}: ${reason.what}`;
    case 'named':
      return `${purposeNames[reason.purpose]} ${deviceLabel(reason.device)}, by the name of its driver`;
    case 'root':
      return `the root is on ${reason.on}`;
    case 'dependency':
      return `${reason.of} depends on it`;
    case 'softdep':
      return `${reason.of} asks for it`;
  }
}

/** The reasons in their order, each once. */
export function reasonPhrases(reasons: readonly Reason[]): readonly string[] {
  return [...new Set(reasons.map(reasonPhrase))];
}
