/** Number of counters; a path from one branch to the next is one of them, by its hash. */
const size = 1 << 16;

const counters = new Uint8Array(size);
/** Four counters at a time, since nearly all are zero. */
const words = new Uint32Array(counters.buffer);
/** For each counter the classes of counts that have been seen, one bit each. */
const seen = new Uint8Array(size);
let previous = 0;

/**
 * Counts a step from the branch before to this one, as AFL does: it is the pairs that tell paths
 * apart (M. Zalewski, "Technical whitepaper for afl-fuzz").
 */
export function hit(branch: number): void {
  const edge = (branch ^ previous) & (size - 1);
  if (counters[edge] !== 255) (counters[edge] as number)++;
  previous = branch >>> 1;
}

/** Gives each place in the code a number that is spread over the counters. */
export function branchNumbers(): () => number {
  let count = 0;
  return () => (Math.imul(++count, 0x9e3779b1) >>> 16) & (size - 1);
}

/** Starts the count of one run. */
export function resetCounters(): void {
  counters.fill(0);
  previous = 0;
}

/** The class of a count: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, more. */
function classOf(count: number): number {
  if (count <= 3) return 1 << (count - 1);
  if (count < 8) return 8;
  if (count < 16) return 16;
  if (count < 32) return 32;
  return count < 128 ? 64 : 128;
}

/** Takes over what the run has reached; tells how much of it no run had reached before. */
export function collectNew(): number {
  let fresh = 0;
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue;
    for (let edge = word * 4; edge < word * 4 + 4; edge++) {
      const count = counters[edge] ?? 0;
      if (count === 0) continue;
      const bit = classOf(count);
      const known = seen[edge] ?? 0;
      if ((known & bit) === 0) {
        seen[edge] = known | bit;
        fresh++;
      }
    }
  }
  return fresh;
}

/** How many steps from branch to branch have been seen at all. */
export function edgesSeen(): number {
  return seen.reduce((sum, bits) => (bits === 0 ? sum : sum + 1), 0);
}
