import type { SystemName } from '../device.ts';

/**
 * Reads maker and product of the machine out of what dmidecode(8) prints.
 *
 * @returns undefined where there is no "System Information" in it
 */
export function readDmidecode(lines: readonly string[]): SystemName | undefined {
  const start = lines.indexOf('System Information');
  if (start === -1) return undefined;
  const value = (key: string): string => {
    const line = lines.slice(start + 1, start + 12).find((each) => each.startsWith(`${key}:`));
    return line?.slice(key.length + 1).trim() ?? '';
  };
  const name = { vendor: value('Manufacturer'), product: value('Product Name') };
  return name.vendor === '' && name.product === '' ? undefined : name;
}
