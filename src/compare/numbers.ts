/** A number as people read it: `16,555`. */
export const formatNumber = (number: number): string => number.toLocaleString('en-US');

/** A count with what is counted. */
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${formatNumber(number)} ${number === 1 ? one : many}`;
