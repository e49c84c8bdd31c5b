import { BzImageError, readBzImageLayout } from '../../formats/bzimage/index.ts';
import { bytePlaces } from './bytes.ts';
import { elfPlaces } from './elf.ts';
import type { Place } from './report.ts';

/** An image, and the kernel proper in it as far as it could be unpacked. */
export interface Image {
  readonly bytes: Uint8Array;
  readonly kernel: Uint8Array | undefined;
}

/** The parts of an image by name. */
function parts(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  return new Map(
    readBzImageLayout(bytes).map(({ name, start, end }) => [name, bytes.subarray(start, end)]),
  );
}

/** Where the kernels in two payloads differ, or that only their compression does. */
function payloadPlaces(a: Image, b: Image): readonly Place[] {
  if (a.kernel === undefined || b.kernel === undefined) return [];
  const places = elfPlaces(a.kernel, b.kernel, 'executable');
  if (places.length > 0) {
    return places.map((place) => ({ ...place, where: `vmlinux, ${place.where}` }));
  }
  const same = 'unpacks to the same kernel';
  return [{ where: 'payload, its compression', original: same, rebuilt: same }];
}

/**
 * Where two x86 images differ: in the kernel proper by its sections, in the boot header by field,
 * in set-up code and decompressor. The kernel proper, from which much of the rest follows, comes
 * first.
 */
export function imagePlaces(a: Image, b: Image): readonly Place[] {
  const whole = bytePlaces('its bytes', a.bytes, b.bytes);
  if (whole.length === 0) return [];
  let both: readonly [ReadonlyMap<string, Uint8Array>, ReadonlyMap<string, Uint8Array>];
  try {
    both = [parts(a.bytes), parts(b.bytes)];
  } catch (error) {
    if (error instanceof BzImageError) return whole;
    throw error;
  }
  const [one, other] = both;
  const none = new Uint8Array();
  const differing = [...new Set([...one.keys(), ...other.keys()])].flatMap((name) =>
    bytePlaces(name, one.get(name) ?? none, other.get(name) ?? none),
  );
  const payload = differing.filter(({ where }) => where === 'payload');
  const inPayload = payload.length === 0 ? [] : payloadPlaces(a, b);
  const rest = differing.filter(({ where }) => where !== 'payload');
  return [...(inPayload.length > 0 ? inPayload : payload), ...rest];
}
