import type { ProgressListener } from '../../system/progress.ts';

/** Tells every event as one JSON object a line, just as it is. */
export function jsonProgress(stream: NodeJS.WritableStream): ProgressListener {
  return (event) => {
    stream.write(`${JSON.stringify(event)}\n`);
  };
}
