import type { StageId } from './stages.ts';

/** What is most likely when a stage just does not come: what was not seen, and why that may be. */
export const silence: Readonly<
  Record<StageId, readonly [what: string, cause: string, hint: string]>
> = {
  firmware: [
    'The firmware did not ask for an address.',
    'The card has no boot ROM for this firmware, or the firmware does not start.',
    'Try another card (--nic); see console.log.',
  ],
  dhcp: [
    'The firmware asked for an address, and got none.',
    'No DHCP server answers on this network, or it ignores this card.',
    'See dnsmasq.log: it tells which requests came and how they were answered.',
  ],
  loader: [
    'The firmware has an address, and did not load the boot loader.',
    'TFTP or HTTP is not answered, or the boot file is not there.',
    'See dnsmasq.log and http.log.',
  ],
  image: [
    'The boot loader did not load the kernel image.',
    'The loader cannot reach the server that has it, or did not find its configuration.',
    'See console.log, http.log and dnsmasq.log; try another way (--loader, --transport).',
  ],
  kernel: [
    'The kernel image came, and the kernel said nothing.',
    'The image does not start on this machine, or has no console on the serial port (SERIAL_8250_CONSOLE).',
    'Check SERIAL_8250_CONSOLE in the config; check the image with bootwright verify.',
  ],
  link: [
    'The kernel runs, and did not ask for an address.',
    'No built-in driver took the network card, its link does not come up, or IP_PNP is off.',
    'Look for the driver and for IP-Config in console.log.',
  ],
  'kernel-dhcp': [
    'The kernel asked for an address, and got none.',
    'The DHCP server did not answer, or the answer did not reach the card.',
    'See dnsmasq.log.',
  ],
  'nfs-root': [
    'The kernel has an address, and did not mount its root over NFS.',
    'The NFS server does not answer in the version that was asked for, or the kernel lacks that version (NFS_V3, NFS_V4).',
    'See nfs.log; prove with the other NFS version (--nfs).',
  ],
  init: [
    'The root is mounted, and its init was not heard.',
    'Init does not start, cannot write to the console, or the NFS server stopped answering.',
    'See the end of console.log.',
  ],
  modules: [
    'The guest did not come back from loading modules.',
    'A module hangs while it loads, or the NFS server stopped answering.',
    'See the end of console.log.',
  ],
  report: [
    'The guest did not report.',
    'It cannot reach the HTTP server any more, or died.',
    'See the end of console.log and http.log.',
  ],
  off: [
    'The guest did not power off.',
    'The kernel cannot switch the power off (ACPI), or hangs on its way down.',
    'See the end of console.log.',
  ],
};
