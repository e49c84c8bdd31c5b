import { type Command, Option } from 'commander';

/** On what machine a bundle is booted, as options. */
export interface MachineOptions {
  readonly nic:
    | 'virtio'
    | 'e1000'
    | 'e1000e'
    | 'pcnet'
    | 'vmxnet3'
    | 'rtl8139'
    | 'i82559er'
    | 'ne2k_pci';
  readonly firmware: 'bios' | 'uefi';
  readonly nfs: '3' | '4';
  readonly boot?: 'pxe' | 'proxy-dhcp' | 'http-boot';
  readonly root?: 'read-only' | 'overlay';
  readonly loader?: 'pxelinux' | 'ipxe' | 'grub' | 'shim';
  readonly transport?: 'http' | 'tftp';
  readonly trouble?: 'second-card' | 'late-link' | 'nfs-restart' | 'small-mtu' | 'large-mtu';
}

/** The firmware of the machine, as an option. */
function firmwareOption(): Option {
  return new Option('--firmware <kind>', 'firmware of that machine')
    .choices(['bios', 'uefi'])
    .default('bios');
}

/**
 * Adds the options of the machine. The names stand here in full, so that --help
 * need not load the lab; a test holds them against the lab's.
 *
 * @param firmware - the option that tells its firmware, where it tells other things too
 */
export function withMachineOptions(command: Command, firmware = firmwareOption()): Command {
  return command
    .addOption(
      new Option('--nic <model>', 'network card of the machine that it is booted on')
        .choices([
          'virtio',
          'e1000',
          'e1000e',
          'pcnet',
          'vmxnet3',
          'rtl8139',
          'i82559er',
          'ne2k_pci',
        ])
        .default('virtio'),
    )
    .addOption(firmware)
    .addOption(
      new Option('--nfs <version>', 'NFS version of its root').choices(['3', '4']).default('3'),
    )
    .addOption(
      new Option(
        '--boot <method>',
        "how its firmware comes to the loader: PXE, PXE with a proxyDHCP server beside a foreign DHCP server, UEFI's HTTP Boot; the default is PXE",
      ).choices(['pxe', 'proxy-dhcp', 'http-boot']),
    )
    .addOption(
      new Option(
        '--root <kind>',
        'what it makes of that root, which is exported read-only: stay with it, or put an overlay in memory over it; the default is read-only',
      ).choices(['read-only', 'overlay']),
    )
    .addOption(
      new Option(
        '--loader <name>',
        "boot loader; the default goes with card and firmware. shim is the distro's, with Secure Boot on, for a stock kernel that is wrapped",
      ).choices(['pxelinux', 'ipxe', 'grub', 'shim']),
    )
    .addOption(
      new Option('--transport <protocol>', 'how the loader gets the kernel; so does this').choices([
        'http',
        'tftp',
      ]),
    )
    .addOption(
      new Option(
        '--trouble <kind>',
        "what it has to cope with: another card first on the bus, a link that comes up 50 s late, an NFS server that is restarted, a server whose MTU (1400, 9000) is not the machine's",
      ).choices(['second-card', 'late-link', 'nfs-restart', 'small-mtu', 'large-mtu']),
    );
}

/** The machine that the options name. */
export function machineOf(options: MachineOptions) {
  const { nic, firmware, nfs, boot, root, loader, transport, trouble } = options;
  return {
    nic,
    firmware,
    nfs: nfs === '3' ? (3 as const) : (4 as const),
    ...(boot === undefined ? {} : { boot }),
    ...(root === undefined ? {} : { root }),
    ...(loader === undefined ? {} : { loader }),
    ...(transport === undefined ? {} : { transport }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}
