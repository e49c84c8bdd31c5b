import { z } from 'zod';
import type { HardwareDevice, SystemName } from '../device.ts';
import { lshwDevice } from './lshw.ts';
import { plainName } from './text.ts';

const textSchema = z.string().transform(plainName).catch('');

/** A node of lshw's tree; of what else it has nothing is needed. */
const nodeSchema = z.object({
  class: textSchema,
  description: textSchema,
  product: textSchema,
  vendor: textSchema,
  businfo: textSchema,
  configuration: z.object({ driver: textSchema }).catch({ driver: '' }),
  children: z.array(z.unknown()).catch([]),
});

/** The JSON in a text that may have a prompt or a warning before it; undefined if there is none. */
function parseJson(text: string): unknown {
  const start = /^[ \t]*[[{][ \t]*(?=["{}\]\r\n]|$)/m.exec(text)?.index;
  if (start === undefined) return undefined;
  const json = text.slice(start).trim();
  // Versions before B.02.19 print the devices of a class one after the other, with no list around.
  for (const form of [
    json,
    `[${json.replace(/,\s*$/, '')}]`,
    `[${json.replaceAll(/\}\s+\{/g, '},{')}]`,
  ]) {
    try {
      return JSON.parse(form);
    } catch (error) {
      // A RangeError is one that nests deeper than anybody can read.
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

/**
 * Reads what `lshw -json` prints, of the whole machine or of a class.
 *
 * @returns undefined where there is no JSON of lshw in it
 */
export function readLshwJson(
  text: string,
): { readonly devices: HardwareDevice[]; readonly system?: SystemName } | undefined {
  const json = parseJson(text);
  if (json === undefined) return undefined;
  const devices: HardwareDevice[] = [];
  let system: SystemName | undefined;
  let isLshw = false;
  const waiting: unknown[] = Array.isArray(json) ? json.toReversed() : [json];
  while (waiting.length > 0) {
    const node = nodeSchema.safeParse(waiting.pop());
    if (!node.success || node.data.class === '') continue;
    isLshw = true;
    const { class: kind, product, vendor, configuration, children } = node.data;
    if (kind === 'system' && system === undefined && product !== '') system = { vendor, product };
    if (kind === 'network')
      devices.push(lshwDevice({ ...node.data, driver: configuration.driver }));
    for (const child of children.toReversed()) waiting.push(child);
  }
  if (!isLshw) return undefined;
  return system === undefined ? { devices } : { devices, system };
}
