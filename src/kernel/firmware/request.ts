import { z } from 'zod';

/** A blob that a driver may ask for (request_firmware()), by its MODULE_FIRMWARE. */
export const firmwareRequestSchema = z.object({
  /** The module that the driver would be, with underscores: `bnx2x`. */
  driver: z.string(),
  /** Where the kernel's sources have it, without ending: `drivers/net/ethernet/…/bnx2x`; empty if it is not told. */
  file: z.string(),
  /** Relative to /lib/firmware, as the driver has it: not always a name (see {@link isBlobName}). */
  path: z.string(),
});
export type FirmwareRequest = z.infer<typeof firmwareRequestSchema>;

/**
 * Whether a name is that of one blob which can come into an image: relative, inside, in its shortest
 * form, and of nothing that make(1) would read otherwise (EXTRA_FIRMWARE is a list of goals).
 * ath11k and brcmfmac declare patterns instead, such as `brcm/brcmfmac*-sdio.*.bin`.
 */
export function isBlobName(name: string): boolean {
  return (
    name.length <= 255 &&
    /^[\w.+@,=~/-]+$/.test(name) &&
    name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

function byDriverAndPath(a: FirmwareRequest, b: FirmwareRequest): number {
  if (a.driver !== b.driver) return a.driver < b.driver ? -1 : 1;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Requests in order, none twice. */
export function sortRequests(requests: Iterable<FirmwareRequest>): readonly FirmwareRequest[] {
  const known = new Map<string, FirmwareRequest>();
  for (const request of requests) known.set(`${request.driver} ${request.path}`, request);
  return [...known.values()].sort(byDriverAndPath);
}

/**
 * Reads what the drivers in an image may ask for, from the `modules.builtin.modinfo` that kbuild
 * makes of the image's `.modinfo` section (5.2 and later; before, MODULE_FIRMWARE of code that is
 * built in leaves no trace): NUL-terminated `MODULE.KEY=VALUE`, of which `firmware` and `file` are
 * read here.
 *
 * @param text - the file, as latin1 or UTF-8
 * @returns in order of drivers and names, none twice
 */
export function parseBuiltInFirmware(text: string): readonly FirmwareRequest[] {
  const files = new Map<string, string>();
  const asked: { driver: string; path: string }[] = [];
  for (const entry of text.split('\0')) {
    const [, module, key, value] = /^([\w-]+)\.(file|firmware)=(.+)$/s.exec(entry) ?? [];
    if (module === undefined || value === undefined) continue;
    const driver = module.replaceAll('-', '_');
    if (key === 'file') files.set(driver, value);
    else asked.push({ driver, path: value });
  }
  return sortRequests(
    asked.map(({ driver, path }) => ({ driver, file: files.get(driver) ?? '', path })),
  );
}
