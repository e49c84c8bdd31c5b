import { BootwrightError } from '../../system/errors/index.ts';

/**
 * What says of a kernel that it has no start of its own: Xen's patches, as in EL 5's `xen` (its
 * arch/x86_64/Makefile has no bzImage under `ifdef CONFIG_XEN`). With mainline's own CONFIG_XEN, from
 * 2.6.23 on, a kernel starts by itself too.
 */
const guests = ['X86_64_XEN', 'X86_XEN'];

/**
 * Makes sure that a kernel starts on a machine by itself.
 *
 * @param values - values of the config, see `readConfigValues`
 * @throws BootwrightError `BW-COMPILE-HYPERVISOR`
 */
export function requireOwnStart(values: ReadonlyMap<string, string>): void {
  const guest = guests.find((symbol) => values.get(symbol) === 'y');
  if (guest === undefined) return;
  throw new BootwrightError(
    'BW-COMPILE-HYPERVISOR',
    `By its config (CONFIG_${guest}=y) this kernel is started by the hypervisor Xen only.`,
  );
}
