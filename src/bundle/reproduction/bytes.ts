import type { Place } from './report.ts';

/** How many bytes are shown of a place. */
const shownBytes = 8;

/** Where two runs of bytes differ for the first time; undefined if they are the same. */
function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const common = Math.min(a.length, b.length);
  if (Buffer.compare(a.subarray(0, common), b.subarray(0, common)) === 0) {
    return a.length === b.length ? undefined : common;
  }
  return a.findIndex((byte, index) => byte !== b[index]);
}

function shown(bytes: Uint8Array, at: number, withSize: boolean): string {
  const some = bytes.subarray(at, at + shownBytes);
  const hex = Array.from(some, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const size = withSize ? `${bytes.length} bytes, ` : '';
  return `${size}${hex === '' ? 'its end' : hex} at 0x${at.toString(16)}`;
}

/**
 * The place of the first difference of two runs of bytes; none if they are the same. Offsets are
 * those in the run.
 */
export function bytePlaces(where: string, a: Uint8Array, b: Uint8Array): readonly Place[] {
  const at = firstDifference(a, b);
  if (at === undefined) return [];
  const withSize = a.length !== b.length;
  return [{ where, original: shown(a, at, withSize), rebuilt: shown(b, at, withSize) }];
}
