import { readlinkSync } from 'node:fs';
import type { TerminalStream } from './terminal-progress.ts';

/** Whether the terminal can be trusted with more than ASCII; the Linux console has few glyphs. */
export function showsUnicode(env: NodeJS.ProcessEnv = process.env): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return env.TERM !== 'linux' && /utf-?8/i.test(locale);
}

/**
 * Devices of serial lines: of PCs, ARM boards, USB adapters and hypervisors, and the system console,
 * which often is one (Documentation/admin-guide/devices.txt).
 */
const serialLine =
  /^\/dev\/(?:console|(?:tty(?:S|AMA|USB|ACM|MXC|mxc|O|LP|PS|SC|HV|XRUSB)|hvc|hvsi|xvc)\d+)$/;

/** The device that a stream of this process writes to; undefined where that cannot be told. */
function deviceOf(stream: TerminalStream): string | undefined {
  const { fd } = stream as { readonly fd?: unknown };
  if (typeof fd !== 'number') return undefined;
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

/**
 * Whether progress can be a display that redraws itself: on a terminal that knows how to move its
 * cursor, and fast enough for ten frames a second. A serial line is neither to be relied on for:
 * what reads it may be a log, and it often does not know how wide it is.
 */
export function canRedraw(
  stream: TerminalStream,
  env: NodeJS.ProcessEnv = process.env,
  device: string | undefined = deviceOf(stream),
): boolean {
  if (stream.isTTY !== true || !stream.columns) return false;
  const { TERM = '' } = env;
  if (TERM === '' || TERM === 'dumb' || TERM === 'unknown') return false;
  return device === undefined || !serialLine.test(device);
}

/**
 * Whether a terminal wraps lines anew when it becomes narrower, as nearly all do today. xterm, GNU
 * screen and the Linux console cut them off.
 */
export function wrapsAnew(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.XTERM_VERSION === undefined && env.STY === undefined && env.TERM !== 'linux';
}
