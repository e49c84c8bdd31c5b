import { z } from 'zod';

/** A kernel release as `uname -r` prints it: what `/lib/modules` folders are called. */
export const kernelReleaseSchema = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z._+~-]{0,63}$/, 'is not a kernel release')
  .brand<'KernelRelease'>();
export type KernelRelease = z.infer<typeof kernelReleaseSchema>;

/** What one part of a package's name may be made of (no slash, no space). */
const packagePart = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z._+~^-]*$/, 'is not a part of a package name');

/** The processors that Bootwright builds for, by their RPM names. */
export const architectureSchema = z.enum(['x86_64']);
export type Architecture = z.infer<typeof architectureSchema>;

/**
 * Which kernel a bundle stands for: the distro's package and the `uname -r` of
 * the stock kernel built from it. Bundles, advice and recipes all refer to it.
 */
export const kernelTargetSchema = z.object({
  /** The distro by its dist tag, such as `el9_6`; `unknown` if the release has none. */
  distro: packagePart,
  /** Package name, such as `kernel`. */
  name: packagePart,
  /** Package version, such as `5.14.0`. */
  version: packagePart,
  /** Package release, such as `570.32.1.el9_6`. */
  release: packagePart,
  architecture: architectureSchema,
  /** Variant of the kernel, such as `rt` or `debug`; absent for the plain one. */
  variant: packagePart.optional(),
  /** `uname -r` of the stock kernel, such as `5.14.0-570.32.1.el9_6.x86_64`. */
  kernelRelease: kernelReleaseSchema,
});
export type KernelTarget = z.infer<typeof kernelTargetSchema>;
