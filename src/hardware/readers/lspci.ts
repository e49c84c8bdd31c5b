import type { HardwareDevice } from '../device.ts';
import type { IdPair } from '../device-id.ts';
import { idPairAtEnd, moduleNames, type PciFacts, pciDevice } from './pci-device.ts';
import { isPrompt } from './text.ts';

/** A device's first line; before it may stand what `grep -n` puts there. */
const headPattern =
  /^(?:\d{1,6}[:-] ?)??((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ([^"].*)$/i;

/** A line about the device before it; `grep -A` puts a number and a dash before that. */
const propertyPattern =
  /^(?:\d{1,6}[:-] ?)?(Subsystem|DeviceName|Kernel driver in use|Kernel modules|[A-Z][\w /-]{1,30}): ?(.*)$/;

/** Other lines of `lspci -v`, which are no second half of a line that was broken. */
const detailPattern = /^(Memory at|I\/O ports at|Expansion ROM|Bus:|\[|!!!|<|Capabilities)/;

/** What a person's mail program or terminal may make out of one line. */
const linesOfOne = 3;

function idPairIn(text: string): IdPair | undefined {
  const pairs = [...text.matchAll(/\[([0-9a-f]{4}:[0-9a-f]{4})\]/gi)];
  return idPairAtEnd(pairs.at(-1)?.[1] ?? '');
}

/** Two halves of a broken line: by a space, or as it is where the break went through an id. */
function joined(first: string, second: string): string {
  const together = first + second;
  return idPairIn(together) !== undefined && idPairIn(`${first} ${second}`) === undefined
    ? together
    : `${first} ${second}`;
}

/** Reads the line that begins with a device's address, once it is whole. */
function readHead(address: string, rest: string): PciFacts {
  const numeric = /^(?:Class )?([0-9a-f]{4}): ([0-9a-f]{4}:[0-9a-f]{4})\b/i.exec(rest);
  const classCode = numeric?.[1] ?? /^[^:]*\[([0-9a-f]{4})\]:/i.exec(rest)?.[1];
  const ids = numeric?.[2] === undefined ? idPairIn(rest) : idPairAtEnd(numeric[2]);
  const face = /\(prog-if ([0-9a-f]{2})\b/i.exec(rest)?.[1];
  const name = rest
    .replace(/^[^:]*: /, '')
    .replace(/ ?\[[0-9a-f]{4}:[0-9a-f]{4}\]/i, '')
    .replace(/ ?\(prog-if [^)]*\)/i, '')
    .trim();
  return {
    address,
    text: name,
    ...(classCode === undefined ? {} : { classCode: classCode.toLowerCase() }),
    ...(ids === undefined ? {} : { ids }),
    ...(face === undefined ? {} : { interface: face.toLowerCase() }),
    drivers: [],
  };
}

/**
 * Reads what lspci(8) prints for people: `lspci -nn`, `-n`, `-nnk`, `-nnv` and the like. Lines that
 * pasting has broken are put together; what stands around is passed over.
 *
 * @returns the devices; without ids where the output has none (lspci without `-nn`)
 */
export function readLspci(lines: readonly string[]): HardwareDevice[] {
  const devices: HardwareDevice[] = [];
  let facts: PciFacts | undefined;
  // The text that the next line may still belong to, and what to do with it when it is whole.
  let open: { text: string; count: number; finish: (text: string) => void } | undefined;
  const close = (): void => {
    open?.finish(open.text);
    open = undefined;
  };
  const end = (): void => {
    close();
    if (facts !== undefined) devices.push(pciDevice(facts));
    facts = undefined;
  };
  for (const line of lines) {
    const head = headPattern.exec(line);
    if (head?.[1] !== undefined && head[2] !== undefined) {
      end();
      const address = head[1];
      open = {
        text: head[2],
        count: 1,
        finish: (text) => {
          facts = readHead(address, text);
        },
      };
      continue;
    }
    const [, key, value = ''] = propertyPattern.exec(line) ?? [];
    if (key !== undefined && open !== undefined) close();
    if (key !== undefined && facts !== undefined) {
      const current = facts;
      if (key === 'Subsystem') {
        open = {
          text: value,
          count: 1,
          finish: (text) => {
            const subsystem = idPairIn(text) ?? idPairAtEnd(text);
            if (subsystem !== undefined) current.subsystem = subsystem;
          },
        };
      } else if (key === 'Kernel driver in use' || key === 'Kernel modules') {
        current.drivers.push(...moduleNames(value));
      }
      continue;
    }
    const isRest =
      open !== undefined &&
      open.count < linesOfOne &&
      idPairIn(open.text) === undefined &&
      line !== '' &&
      !isPrompt(line) &&
      !detailPattern.test(line);
    if (isRest && open !== undefined) {
      open = { ...open, text: joined(open.text, line), count: open.count + 1 };
    } else close();
  }
  end();
  return devices;
}
