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
 * Reads a file that somebody has made of the output of lspci, lshw, dmidecode, or of modaliases.
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-FILE-ACCESS`, `BW-HARDWARE-*`
 */
export async function readMachineFile(path: string): Promise<HardwareReport> {
  try {
    return readHardware(await readBytesUpTo(path, textLimit));
  } catch (error) {
    if (error instanceof HardwareTextError) {
      throw new BootwrightError(codes[error.problem], `"${path}" ${error.message}.`, {
        cause: error,
      });
    }
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
