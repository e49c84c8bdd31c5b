import { basename } from 'node:path';
import { z } from 'zod';

/** What the HTTP server of a lab tells its parent: one JSON value a line on its standard output. */
export const httpMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening') }),
  z.object({
    type: z.literal('request'),
    method: z.string(),
    path: z.string(),
    status: z.number(),
    bytes: z.number(),
    complete: z.boolean(),
  }),
  z.object({ type: z.literal('report'), body: z.string() }),
]);
export type HttpMessage = z.infer<typeof httpMessageSchema>;

/** The path of the kernel image. */
export const imagePath = '/kernel';

/** Its name, as the TFTP server tells it. */
export const imageFile = basename(imagePath);

/** The path of the initramfs, for a kernel that has one. */
export const initramfsPath = '/initramfs';

/** Its name, as the TFTP server tells it. */
export const initramfsFile = basename(initramfsPath);

/** Where the guest posts its report. */
export const reportPath = '/report';

/** How large a report may be, in bytes. */
export const reportLimit = 4 * 1024 * 1024;
