import { ModuleFormatError, readSignature } from '../../formats/elf-kmod/index.ts';
import { bytePlaces } from './bytes.ts';
import { elfPlaces } from './elf.ts';
import type { Place } from './report.ts';

/** A module in two parts: what is signed, and the signature with its trailer. */
function halves(bytes: Uint8Array): readonly [content: Uint8Array, signature: Uint8Array] {
  const length = readSignature(bytes)?.signedLength ?? bytes.length;
  return [bytes.subarray(0, length), bytes.subarray(length)];
}

/** Where two unpacked modules differ: by section, and in the signature. */
export function modulePlaces(a: Uint8Array, b: Uint8Array): readonly Place[] {
  try {
    const [[contentA, signatureA], [contentB, signatureB]] = [halves(a), halves(b)];
    return [
      ...elfPlaces(contentA, contentB, 'relocatable'),
      ...bytePlaces('signature', signatureA, signatureB),
    ];
  } catch (error) {
    if (error instanceof ModuleFormatError) return bytePlaces('its bytes', a, b);
    throw error;
  }
}
