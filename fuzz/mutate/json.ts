import type { Random } from '../random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function nested(depth: number): Json {
  let value: Json = [];
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

function oddValue(random: Random): Json {
  return (
    random.pick<() => Json>([
      () => null,
      () => true,
      () => -1,
      () => 1e308,
      () => 2 ** 53,
      () => 0.5,
      () => '',
      () => '../../etc/passwd',
      () => '\u0000\ud800',
      () => 'x'.repeat(1 + random.below(3000)),
      () => '-'.repeat(1 + random.below(3000)),
      () => [],
      () => ({}),
      () => nested(1 + random.below(3000)),
    ])?.() ?? null
  );
}

/** Changes one value, name or place in JSON by chance. */
function mutateValue(value: Json, random: Random): Json {
  const deeper = typeof value === 'object' && value !== null && !random.oneIn(6);
  if (!deeper) {
    if (typeof value === 'string' && random.oneIn(2)) {
      const at = random.below(value.length + 1);
      const piece = random.pick(['/', '..', '\0', '\n', '.', '-', 'a', value]) ?? '';
      return value.slice(0, at) + piece + value.slice(at + random.below(3));
    }
    if (typeof value === 'number' && random.oneIn(2)) return value + random.below(3) - 1;
    return oddValue(random);
  }
  if (Array.isArray(value)) {
    const items = [...value];
    const at = random.below(items.length);
    const way = random.below(5);
    if (way === 0) items.splice(at, 1);
    else if (way === 1) items.splice(at, 0, items[at] ?? null);
    else if (items.length > 0) items[at] = mutateValue(items[at] ?? null, random);
    return items;
  }
  const entries = Object.entries(value);
  const at = random.below(entries.length);
  const [key, inner] = entries[at] ?? ['', null];
  const way = random.below(8);
  if (way === 0) entries.splice(at, 1);
  else if (way === 1) {
    entries.push([random.pick(['__proto__', 'x', key]) ?? '', oddValue(random)]);
  } else if (entries.length > 0) entries[at] = [key, mutateValue(inner, random)];
  return Object.fromEntries(entries);
}

/**
 * Changes a few places in a JSON text.
 *
 * @param render - writes what has become of it; JSON as it is by default
 * @returns undefined if it is no JSON, or nests deeper than it can be written
 */
export function mutateJson(
  text: string,
  random: Random,
  render: (value: unknown) => string | undefined = JSON.stringify,
): Uint8Array | undefined {
  try {
    let value = JSON.parse(text) as Json;
    for (let times = 1 + random.below(3); times > 0; times--) value = mutateValue(value, random);
    const rendered = render(value);
    return rendered === undefined ? undefined : Buffer.from(rendered);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
