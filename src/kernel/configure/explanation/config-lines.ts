/** What a config file says of a symbol. */
export interface FileValue {
  /** `# CONFIG_X is not set` is n; text is without its quotes. */
  readonly value: string;
  /** From 1. */
  readonly line: number;
  /** Text in quotes: that of a string. */
  readonly quoted: boolean;
}

/** The values of a config file with their lines; of several lines for a symbol the last counts. */
export function readConfigValues(text: string): Map<string, FileValue> {
  const values = new Map<string, FileValue>();
  text.split('\n').forEach((raw, index) => {
    const line = index + 1;
    const unset = /^# CONFIG_(\w+) is not set/.exec(raw)?.[1];
    if (unset !== undefined) values.set(unset, { value: 'n', line, quoted: false });
    const [, name, value = ''] = /^CONFIG_(\w+)=(.*?)\r?$/.exec(raw) ?? [];
    if (name === undefined) return;
    values.set(name, { value: unquoted(value), line, quoted: value.startsWith('"') });
  });
  return values;
}

function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
