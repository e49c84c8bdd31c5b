import { z } from 'zod';

/** A network driver of a stock kernel, and the devices that it claims. */
const stockDriverSchema = z.object({
  /** With underscores, as lsmod shows it. */
  module: z.string(),
  /** Relative to the modules' folder, however it is packed: `kernel/drivers/net/…/e1000e.ko`. */
  path: z.string(),
  /** Patterns of modaliases, as MODULE_DEVICE_TABLE made them. */
  aliases: z.array(z.string()).readonly(),
});
export type StockDriver = z.infer<typeof stockDriverSchema>;

/**
 * The network devices that a stock kernel knows: plain data, fit to be kept beside a bundle. It
 * comes from the stock kernel's modules, since a driver that is built in does not tell its ids
 * (before 6.18, MODULE_DEVICE_TABLE is empty in code that is built in).
 */
export const stockIndexSchema = z.object({
  kernelRelease: z.string(),
  /** Drivers that stock has as modules, by path. */
  drivers: z.array(stockDriverSchema).readonly(),
  /** Drivers that stock itself has built in, by path; mostly without aliases. */
  builtIn: z.array(stockDriverSchema).readonly(),
});
export type StockIndex = z.infer<typeof stockIndexSchema>;
