import type { ProgressListener } from '../../system/progress.ts';

/**
 * Tells every event as one JSON object a line, just as it is.
 *
 * @param quiet - tell warnings only
 */
export function jsonProgress(stream: NodeJS.WritableStream, quiet: boolean): ProgressListener {
  return (event) => {
    if (quiet && !(event.type === 'message' && event.level === 'warning')) return;
    stream.write(`${JSON.stringify(event)}\n`);
  };
}
