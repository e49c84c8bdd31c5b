/** Where a file is not an x86 kernel image as the boot protocol has it. */
export class BzImageError extends Error {
  override readonly name = 'BzImageError';
}
