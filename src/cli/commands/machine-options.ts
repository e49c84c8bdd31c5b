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
}

/**
 * Adds the options of the machine. The names stand here in full, so that --help
 * need not load the lab; a test holds them against the lab's.
 */
export function withMachineOptions(command: Command): Command {
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
    .addOption(
      new Option('--firmware <kind>', 'firmware of that machine')
        .choices(['bios', 'uefi'])
        .default('bios'),
    )
    .addOption(
      new Option('--nfs <version>', 'NFS version of its root').choices(['3', '4']).default('3'),
    );
}
