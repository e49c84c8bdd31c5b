/** The fields of an alias pattern that a device has to match, by bus (scripts/mod/file2alias.c). */
const fieldPatterns: Readonly<Record<string, RegExp>> = {
  pci: /^pci:v(?<v>[0-9A-F]{8}|\*)d(?<d>[0-9A-F]{8}|\*)sv(?<sv>[0-9A-F]{8}|\*)sd(?<sd>[0-9A-F]{8}|\*)bc(?<bc>[0-9A-F]{2}|\*)sc(?<sc>[0-9A-F]{2}|\*)i(?<i>[0-9A-F]{2}|\*)$/,
  usb: /^usb:v(?<v>[0-9A-F]{4}|\*)p(?<p>[0-9A-F]{4}|\*)d(?<d>.*?)dc(?<dc>[0-9A-F]{2}|\*)dsc(?<dsc>[0-9A-F]{2}|\*)dp(?<dp>[0-9A-F]{2}|\*)ic(?<ic>[0-9A-F]{2}|\*)isc(?<isc>[0-9A-F]{2}|\*)ip(?<ip>[0-9A-F]{2}|\*)in(?<in>[0-9A-F]{2}|\*)$/,
};

/** A pattern that is not taken apart overlaps with its like only. */
export type AliasFields = Readonly<Record<string, string>>;

/** The fields of an alias pattern; of one of another bus, the whole of it. */
export function aliasFields(pattern: string): AliasFields {
  const bus = pattern.slice(0, pattern.indexOf(':'));
  return fieldPatterns[bus]?.exec(pattern)?.groups ?? { whole: pattern };
}

/** Ranges, such as the version of a USB device, which are not compared. */
const isOpen = (field: string | undefined): boolean => field === undefined || /[*?[]/.test(field);

/**
 * Whether there can be a device that two patterns match. Where both leave a field open, or name a
 * range, there can.
 */
export function overlap(one: AliasFields, other: AliasFields): boolean {
  if ('whole' in one || 'whole' in other) return one.whole === other.whole;
  return Object.entries(one).every(([field, value]) => {
    const counterpart = other[field];
    return value === counterpart || isOpen(value) || isOpen(counterpart);
  });
}
