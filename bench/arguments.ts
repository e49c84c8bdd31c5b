/**
 * A number of rounds as it stands on the command line.
 *
 * @param text - undefined if it does not stand there
 * @throws RangeError
 */
export function parseRuns(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new RangeError(`--runs ${text}: it has to be a number of rounds.`);
}
