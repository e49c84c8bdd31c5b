import { BzImageError } from './error.ts';
import { readBzImageHeader } from './header.ts';

/** A run of bytes of an image, with a name. */
export interface ImagePart {
  readonly name: string;
  readonly start: number;
  /** Behind its last byte. */
  readonly end: number;
}

/** The fields of the boot header, by Documentation/arch/x86/boot.rst: offset, bytes, name. */
const fields: readonly (readonly [offset: number, bytes: number, name: string])[] = [
  [0x1f1, 1, 'setup_sects'],
  [0x1f2, 2, 'root_flags'],
  [0x1f4, 4, 'syssize'],
  [0x1f8, 2, 'ram_size'],
  [0x1fa, 2, 'vid_mode'],
  [0x1fc, 2, 'root_dev'],
  [0x1fe, 2, 'boot_flag'],
  [0x200, 2, 'jump'],
  [0x202, 4, 'header'],
  [0x206, 2, 'version'],
  [0x208, 4, 'realmode_swtch'],
  [0x20c, 2, 'start_sys_seg'],
  [0x20e, 2, 'kernel_version'],
  [0x210, 1, 'type_of_loader'],
  [0x211, 1, 'loadflags'],
  [0x212, 2, 'setup_move_size'],
  [0x214, 4, 'code32_start'],
  [0x218, 4, 'ramdisk_image'],
  [0x21c, 4, 'ramdisk_size'],
  [0x220, 4, 'bootsect_kludge'],
  [0x224, 2, 'heap_end_ptr'],
  [0x226, 1, 'ext_loader_ver'],
  [0x227, 1, 'ext_loader_type'],
  [0x228, 4, 'cmd_line_ptr'],
  [0x22c, 4, 'initrd_addr_max'],
  [0x230, 4, 'kernel_alignment'],
  [0x234, 1, 'relocatable_kernel'],
  [0x235, 1, 'min_alignment'],
  [0x236, 2, 'xloadflags'],
  [0x238, 4, 'cmdline_size'],
  [0x23c, 4, 'hardware_subarch'],
  [0x240, 8, 'hardware_subarch_data'],
  [0x248, 4, 'payload_offset'],
  [0x24c, 4, 'payload_length'],
  [0x250, 8, 'setup_data'],
  [0x258, 8, 'pref_address'],
  [0x260, 4, 'init_size'],
  [0x264, 4, 'handover_offset'],
  [0x268, 4, 'kernel_info_offset'],
];

const headerStart = 0x1f1;
/** The header ends where the jump over it leads: behind this, by the byte at 0x201. */
const headerMagic = 0x202;
const sectorBytes = 512;
/** A setup_sects of 0 means 4. */
const oldSetupSectors = 4;
/** payload_offset and payload_length are there from 2.08 on. */
const payloadVersion = 0x0208;

/**
 * Takes an x86 kernel image apart: boot sector and its header, field by field, set-up code, and the
 * program that unpacks the payload, the compressed kernel proper, which lies in it.
 *
 * @param image - the whole image
 * @returns all of it, in order, without gaps; without `payload` for one that does not say where it is
 * @throws BzImageError if it has no boot header, or one that points outside of it
 */
export function readBzImageLayout(image: Uint8Array): readonly ImagePart[] {
  readBzImageHeader(image);
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const setupEnd = ((image[headerStart] || oldSetupSectors) + 1) * sectorBytes;
  const headerEnd = headerMagic + (image[0x201] ?? 0);
  if (setupEnd > image.length || headerEnd > setupEnd) {
    throw new BzImageError('has a boot header that points behind its end');
  }
  const parts: ImagePart[] = [];
  let reached = 0;
  const add = (name: string, end: number): void => {
    if (end > reached) parts.push({ name, start: reached, end });
    reached = Math.max(reached, end);
  };
  add('boot sector', headerStart);
  for (const [offset, bytes, name] of fields) {
    if (offset + bytes > headerEnd) break;
    add(`boot header, ${name}`, offset + bytes);
  }
  add('boot header', headerEnd);
  add('set-up code', setupEnd);
  const hasPayload = view.getUint16(0x206, true) >= payloadVersion && headerEnd >= 0x250;
  const start = setupEnd + (hasPayload ? view.getUint32(0x248, true) : 0);
  const length = hasPayload ? view.getUint32(0x24c, true) : 0;
  if (length === 0) {
    add('kernel', image.length);
    return parts;
  }
  if (start + length > image.length) {
    throw new BzImageError('has a payload that runs over its end');
  }
  add('decompressor', start);
  add('payload', start + length);
  add('decompressor, behind the payload', image.length);
  return parts;
}
