import { BootwrightError } from '../../system/errors/index.ts';

/**
 * The boot loaders whose configuration is written here. `shim` is the distro's shim with the GRUB and
 * the kernel that its key has signed, on a machine that does Secure Boot.
 */
export const loaderNames = ['pxelinux', 'ipxe', 'grub', 'shim'] as const;
export type LoaderName = (typeof loaderNames)[number];

/** How a loader gets the kernel image. */
export const transportNames = ['http', 'tftp'] as const;
export type TransportName = (typeof transportNames)[number];

/** What a loader is told: where the kernel is, and what to tell it. */
export interface LoaderEntry {
  /** IPv4 address of the HTTP server, which listens on port 80, or of the TFTP server. */
  readonly server: string;
  readonly transport: TransportName;
  /** The image's path on that server, such as `/kernel`. */
  readonly imagePath: string;
  /** The initramfs' path, for a kernel that has one. */
  readonly initramfsPath?: string;
  /** The rendered kernel command line. */
  readonly commandLine: string;
}

/** An entry whose parts cannot leave their place in any of the loaders' languages. */
function checked(entry: LoaderEntry): LoaderEntry {
  const parts: readonly (readonly [string, RegExp])[] = [
    [entry.server, /^\d{1,3}(\.\d{1,3}){3}$/],
    [entry.imagePath, /^(\/[\w.+~-]+)+$/],
    [entry.initramfsPath ?? '/none', /^(\/[\w.+~-]+)+$/],
    // Brackets, of IPv6 addresses, mean nothing to any of them (GRUB's grub-core/commands/wildcard.c
    // knows * and ? alone).
    [entry.commandLine, /^[\w.,:/@%+=~ [\]-]*$/],
  ];
  for (const [text, pattern] of parts) {
    if (!pattern.test(text)) {
      throw new BootwrightError(
        'BW-PROOF-COMMAND-LINE',
        `${JSON.stringify(text)} cannot be written into a boot loader's configuration.`,
      );
    }
  }
  return entry;
}

/**
 * The configuration of pxelinux. A kernel with an initramfs is told which card it was booted from
 * (`BOOTIF=`, by SYSAPPEND 2); the kernel's own `ip=` knows no such thing. HTTP takes `lpxelinux.0`
 * (https://wiki.syslinux.org/wiki/index.php?title=PXELINUX).
 */
export function renderPxelinux(entry: LoaderEntry): string {
  const { server, transport, imagePath, initramfsPath, commandLine } = checked(entry);
  return [
    'DEFAULT bootwright',
    'PROMPT 0',
    'LABEL bootwright',
    `  KERNEL ${transport}://${server}${imagePath}`,
    `  APPEND ${commandLine}`,
    ...(initramfsPath === undefined
      ? []
      : [`  INITRD ${transport}://${server}${initramfsPath}`, '  SYSAPPEND 2']),
    '',
  ].join('\n');
}

/**
 * An iPXE script (https://ipxe.org/scripting). It says on the console when the image cannot be had.
 * On UEFI, a kernel finds its initramfs by the name that it is told.
 */
export function renderIpxe(entry: LoaderEntry): string {
  const { server, transport, imagePath, initramfsPath, commandLine } = checked(entry);
  const kernel = `kernel ${transport}://${server}${imagePath}`;
  return [
    '#!ipxe',
    ...(initramfsPath === undefined
      ? [`${kernel} ${commandLine} || goto failed`]
      : [
          `${kernel} initrd=initramfs ${commandLine} BOOTIF=01-\${netX/mac:hexhyp} || goto failed`,
          `initrd --name initramfs ${transport}://${server}${initramfsPath} || goto failed`,
        ]),
    'boot || goto failed',
    ':failed',
    'echo bootwright: iPXE could not load the kernel',
    'exit 1',
    '',
  ].join('\n');
}

/**
 * The configuration of GRUB. The server stands in it by number: behind
 * proxyDHCP, `$net_default_server` would be the other DHCP server.
 */
export function renderGrub(entry: LoaderEntry): string {
  const { server, transport, imagePath, initramfsPath, commandLine } = checked(entry);
  return [
    'set timeout=0',
    `insmod ${transport}`,
    ...(initramfsPath === undefined
      ? [`linux (${transport},${server})${imagePath} ${commandLine}`]
      : [
          `linux (${transport},${server})${imagePath} ${commandLine} BOOTIF=01-$net_default_mac`,
          `initrd (${transport},${server})${initramfsPath}`,
        ]),
    'boot',
    '',
  ].join('\n');
}
