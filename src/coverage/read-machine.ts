import {
  type HardwareProblem,
  type HardwareReport,
  HardwareTextError,
  readHardware,
  textLimit,
} from '../hardware/index.ts';
import { BootwrightError, isSystemError, type KnownErrorCode } from '../system/errors/index.ts';
import { readBytesUpTo } from '../system/files.ts';

/** The error that each problem is told as. */
const codes: Readonly<Record<HardwareProblem, KnownErrorCode>> = {
  empty: 'BW-HARDWARE-EMPTY',
  'too-large': 'BW-HARDWARE-TOO-LARGE',
  'too-many-devices': 'BW-HARDWARE-TOO-LARGE',
  binary: 'BW-HARDWARE-BINARY',
  html: 'BW-HARDWARE-HTML',
  'unknown-format': 'BW-HARDWARE-UNKNOWN',
  'no-devices': 'BW-HARDWARE-NO-DEVICES',
  'no-ids': 'BW-HARDWARE-NO-IDS',
};

/**
 * Reads what has been read of a file that somebody has made.
 *
 * @param name - what it is called in messages
 */
function readMachine(bytes: Uint8Array, name: string): HardwareReport {
  try {
    return readHardware(bytes);
  } catch (error) {
    if (!(error instanceof HardwareTextError)) throw error;
    throw new BootwrightError(codes[error.problem], `${name} ${error.message}.`, { cause: error });
  }
}

/**
 * Reads the like of {@link readMachineFile} from a stream, such as standard input.
 *
 * @param name - what it is called in messages
 * @throws BootwrightError `BW-HARDWARE-*`
 */
export async function readMachineStream(
  stream: AsyncIterable<unknown>,
  name: string,
): Promise<HardwareReport> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue;
    chunks.push(chunk);
    length += chunk.length;
    // What is too long is told by the reader.
    if (length > textLimit) break;
  }
  return readMachine(Buffer.concat(chunks), name);
}

/**
 * Reads a file that somebody has made of the output of lspci, lshw, dmidecode, or of modaliases.
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-FILE-ACCESS`, `BW-HARDWARE-*`
 */
export async function readMachineFile(path: string): Promise<HardwareReport> {
  try {
    return readMachine(await readBytesUpTo(path, textLimit), `"${path}"`);
  } catch (error) {
    if (error instanceof BootwrightError && error.code === 'BW-FILE-TOO-LARGE') {
      throw new BootwrightError('BW-HARDWARE-TOO-LARGE', error.message, { cause: error });
    }
    if (isSystemError(error, 'EISDIR')) {
      throw new BootwrightError('BW-FILE-MISSING', `"${path}" is a folder, not a file.`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** Several accounts of one machine as one. */
export function joinReports(reports: readonly HardwareReport[]): HardwareReport {
  const system = reports.find((report) => report.system !== undefined)?.system;
  return {
    ...(system === undefined ? {} : { system }),
    formats: [...new Set(reports.flatMap(({ formats }) => formats))],
    devices: reports.flatMap(({ devices }) => devices),
  };
}
