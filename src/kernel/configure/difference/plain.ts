import { type FileValue, readConfigValues } from '../explanation/config-lines.ts';
import type { Difference, PlainDifferenceReport } from './report.ts';

export const absent = 'absent';

/** n and no line at all mean the same to the build. */
export function isSame(one: string, two: string): boolean {
  const isOff = (value: string): boolean => value === absent || value === 'n';
  return one === two || (isOff(one) && isOff(two));
}

/** What two config files say differently, in the order of the alphabet, without asking Kconfig. */
export function plainDifference(a: string, b: string): PlainDifferenceReport {
  const before = readConfigValues(a);
  const after = readConfigValues(b);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const differences: Difference[] = [];
  let unmentioned = 0;
  for (const symbol of names) {
    const one = before.get(symbol);
    const two = after.get(symbol);
    const from = one?.value ?? absent;
    const to = two?.value ?? absent;
    if (!isSame(from, to)) {
      differences.push({ symbol, type: typeOf(one, two), from, to });
    } else if (from !== to) {
      unmentioned += 1;
    }
  }
  return { schema: 'bootwright/config-difference', version: 1, differences, unmentioned };
}

/** The type as far as the values tell: a bool looks like a tristate that is never m. */
function typeOf(one: FileValue | undefined, two: FileValue | undefined): string {
  const known = [one, two].filter((said) => said !== undefined && said.value !== 'n');
  if (known.some((said) => said?.quoted)) return 'string';
  const values = known.map((said) => said?.value ?? '');
  if (values.every((value) => /^-?\d+$/.test(value))) return 'int';
  if (values.every((value) => /^0[xX][0-9a-fA-F]+$/.test(value))) return 'hex';
  return 'tristate';
}
