/** How long one input may keep the processor busy, in milliseconds. */
export const timeLimit = 5000;

/** How long one input may take in all, as for a program that is waited for, in milliseconds. */
export const waitLimit = 60_000;

/** How much memory the process that reads inputs may have, in bytes: V8's heap and all else. */
export const memoryLimit = 1 << 30;

/** V8's share of it, in MiB, after which it gives up; the rest is for buffers and V8 itself. */
export const heapLimit = 768;
