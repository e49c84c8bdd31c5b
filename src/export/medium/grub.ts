import { BootwrightError } from '../../system/errors/index.ts';

/** What a medium boots by itself: the kernel that is on it, or what iPXE gets from the network. */
export const mediumChoices = ['kernel', 'ipxe'] as const;
export type MediumChoice = (typeof mediumChoices)[number];

/** What GRUB has to know of a medium. */
export interface GrubMenu {
  /** The folder on the medium that has everything; no other medium may have one of that name. */
  readonly folder: string;
  readonly kernelRelease: string;
  /** Whether there is an initramfs beside the kernel. */
  readonly hasInitramfs?: boolean;
  /** The rendered kernel command line. */
  readonly commandLine: string;
  readonly first: MediumChoice;
  /** Seconds in which a person can choose otherwise. */
  readonly patience: number;
}

/** What both programs of GRUB have in them; the medium has no modules to load. */
const commonModules = [
  ...['iso9660', 'part_gpt', 'part_msdos', 'search', 'search_fs_file'],
  ...['normal', 'configfile', 'linux', 'echo', 'test', 'true', 'sleep'],
  ...['serial', 'terminal', 'terminfo', 'reboot', 'halt'],
] as const;

/**
 * The modules of GRUB's program for each firmware, by its name of the platform. On UEFI it is GRUB
 * that tells the kernel where the screen is; without those two, nobody there would see anything
 * until a driver came from the NFS root.
 */
export const grubModules = {
  'i386-pc-eltorito': ['biosdisk', 'linux16', ...commonModules],
  'x86_64-efi': ['fat', 'chain', 'efi_gop', 'efi_uga', ...commonModules],
} as const;

function checked(menu: GrubMenu): GrubMenu {
  const parts: readonly (readonly [text: string, pattern: RegExp])[] = [
    [menu.folder, /^[\w.+~^-]+$/],
    [menu.kernelRelease, /^[\w.+~-]+$/],
    [menu.commandLine, /^[\w.,:/@%+=~ -]*$/],
  ];
  for (const [text, pattern] of parts) {
    if (pattern.test(text)) continue;
    throw new BootwrightError(
      'BW-EXPORT-COMMAND-LINE',
      `${JSON.stringify(text)} cannot be written into GRUB's configuration.`,
    );
  }
  return menu;
}

/** What GRUB does first, wherever it was started from: it finds the medium and its menu. */
export function renderGrubSearch({ folder }: Pick<GrubMenu, 'folder'>): string {
  return [
    `search --no-floppy --set=root --file '/${folder}/grub.cfg'`,
    `configfile '/${folder}/grub.cfg'`,
    '',
  ].join('\n');
}

/** GRUB on the serial line too, if that is where the kernel's last console is. */
function serialLines(commandLine: string): readonly string[] {
  const console = /\bconsole=ttyS(\d)(?:,(\d+))?[^ ]*$/.exec(
    commandLine.split(' ').findLast((word) => word.startsWith('console=')) ?? '',
  );
  if (console === null) return [];
  return [
    `serial --unit=${console[1]} --speed=${console[2] ?? '9600'}`,
    'terminal_input console serial',
    'terminal_output console serial',
  ];
}

/**
 * The menu of a boot medium (GRUB's manual, "Writing your own configuration file directly"). iPXE
 * does what the firmware cannot: it asks DHCP what to boot, by its own drivers.
 *
 * @throws BootwrightError `BW-EXPORT-COMMAND-LINE` for what would leave its place
 */
export function renderGrubMenu(menu: GrubMenu): string {
  const { folder, kernelRelease, commandLine, first, patience } = checked(menu);
  return [
    ...serialLines(commandLine),
    `set timeout=${patience}`,
    `set default=${first}`,
    `menuentry 'Netboot kernel ${kernelRelease} from this medium' --id kernel {`,
    "  echo 'Loading the kernel from this medium'",
    `  linux '/${folder}/vmlinuz' ${commandLine}`,
    ...(menu.hasInitramfs === true ? [`  initrd '/${folder}/initramfs.img'`] : []),
    '}',
    "menuentry 'What the network offers (iPXE)' --id ipxe {",
    "  echo 'Loading iPXE from this medium'",
    '  if [ "$grub_platform" = efi ]; then',
    `    chainloader '/${folder}/ipxe.efi'`,
    '  else',
    `    linux16 '/${folder}/ipxe.lkrn'`,
    '  fi',
    '}',
    '',
  ].join('\n');
}
