import { imageFile, imagePath, initramfsFile, initramfsPath } from '../lab/http/messages.ts';
import type { LabProgram, Observation } from '../lab/observation.ts';
import { type BootRecord, consoleLines, type Failure } from './failure.ts';
import { silence } from './silence.ts';

/** A possible explanation: looks at the record, and says so if it holds. */
type Explanation = (record: BootRecord) => Failure | undefined;

/** A failure of the kernel, or of what it was given; not of the lab. */
function failure(of: Omit<Failure, 'code'>): Failure {
  return { code: 'BW-PROOF-FAILED', ...of };
}

function observed<const T extends Observation['type']>(
  record: BootRecord,
  type: T,
): readonly Extract<Observation, { type: T }>[] {
  return record.observations.filter(
    (observation): observation is Extract<Observation, { type: T }> => observation.type === type,
  );
}

const programNames: Readonly<Record<LabProgram, string>> = {
  dnsmasq: 'dnsmasq, the DHCP and TFTP server,',
  neighbour: 'The foreign DHCP server',
  rpcbind: 'rpcbind',
  nfs: 'The NFS server',
  http: 'The HTTP server',
  qemu: 'QEMU',
};

function driverNames(record: BootRecord): string {
  return record.driver.names.join(' or ');
}

/** A server of the lab, or the machine itself, ended without being asked to. */
const programDied: Explanation = (record) => {
  const ends = observed(record, 'ended');
  const guestEnded = observed(record, 'machine').some(({ reason }) => reason.startsWith('guest-'));
  const end = ends.find(({ program }) => program !== 'qemu') ?? (guestEnded ? undefined : ends[0]);
  if (end === undefined) return undefined;
  return {
    code: 'BW-PROOF-LAB',
    stage: record.stage,
    what: `${programNames[end.program]} ended in the middle of the boot (${end.how}).`,
    cause: end.how.startsWith('signal')
      ? 'Something killed it: a person, the out-of-memory killer, or a limit of this host.'
      : 'It could not go on; its last lines tell more.',
    hint: 'This says nothing about the kernel. See its log, and run the proof again.',
    evidence:
      end.program === 'qemu'
        ? [
            ...end.lastLines.filter((line) => line.startsWith('qemu-system')),
            ...lastConsoleLines(record, 6),
          ]
        : end.lastLines,
  };
};

/** The kernel is there, has no driver for the card, and says so. */
const noNetworkDevice: Explanation = (record) => {
  const evidence = consoleLines(record, /IP-Config: (No network devices|.*failed)/);
  if (evidence.length === 0) return undefined;
  return failure({
    stage: 'link',
    what: 'The kernel found no network card.',
    cause: record.driver.builtIn
      ? `${driverNames(record)} is built in, and did not take the card: the bus that the card sits on may be a module, or firmware is missing.`
      : `The driver of this card, ${driverNames(record)}, is not built into the kernel: it is a module, or not enabled.`,
    hint: 'Boot a netboot build: bootwright build promotes the network drivers. If this is one, look for the driver in the delta of bootwright show.',
    evidence,
  });
};

/** The initramfs of a wrapped kernel has no driver for the card, or could not load it. */
const noDriverLoaded: Explanation = (record) => {
  const said = consoleLines(record, /bootwright-init: (no network card has a driver yet|FAILED: )/);
  // Another card may have got its driver since, and not come to its address for another reason.
  const isSo =
    said.length > 0 && !said.some((line) => /FAILED: (?!There is no network)/.test(line));
  if (!isSo || record.times.link !== undefined) return undefined;
  const evidence = [...said, ...consoleLines(record, /bootwright-init: card: .* has no driver/)];
  const refused = evidence.some((line) => line.includes("can't load module"));
  return failure({
    stage: 'link',
    what: 'No network card has a driver.',
    cause: refused
      ? 'The kernel refuses the module of the driver that is in the initramfs: modules and image are not of one build, or its signature cannot be checked.'
      : 'The initramfs has no driver for the card of this machine.',
    hint: refused
      ? 'Wrap the image and the modules of one and the same package build; what the kernel says of the module is in console.log.'
      : 'See what the bundle serves: bootwright coverage BUNDLE. bootwright wrap --scope network-devices takes the drivers of all networks.',
    evidence,
  });
};

/** The kernel does not even try to reach a root by NFS. */
const noNfsRootSupport: Explanation = (record) => {
  const evidence = consoleLines(
    record,
    // "No working init": without a driver for any block device either, nothing is even tried.
    /VFS: (Cannot open root device|Unable to mount root fs on)|No filesystem could mount root|No working init found/,
  );
  if (evidence.length === 0 || record.times['kernel-dhcp'] !== undefined) return undefined;
  const triedNetwork = consoleLines(record, /IP-Config:|Sending DHCP requests/).length > 0;
  // From 5.12 on, the kernel names the parameters that nothing in it takes (init/main.c).
  const unknown = consoleLines(record, /Unknown kernel command line parameters/);
  const off = [
    ...(unknown.some((line) => line.includes('ip=dhcp')) ? ['IP_PNP'] : []),
    ...(unknown.some((line) => line.includes('nfsroot=')) ? ['ROOT_NFS'] : []),
  ];
  const options =
    off.length === 0
      ? 'IP_PNP or ROOT_NFS is'
      : `${off.join(' and ')} ${off.length === 1 ? 'is' : 'are'}`;
  const card = record.driver.builtIn
    ? ''
    : `, and the driver of this card, ${driverNames(record)}, is not built in`;
  return failure({
    stage: 'link',
    what: 'The kernel gave up on its root without having asked for an address.',
    cause: triedNetwork
      ? 'It got no address, and went on to a root that it cannot mount.'
      : `It is not made for a root over NFS: ${options} off, as in a stock kernel${card}.`,
    hint: 'Boot a netboot build: bootwright build switches on IP_PNP, NFS and ROOT_NFS, and promotes the network drivers.',
    evidence: [...unknown, ...evidence],
  });
};

/** The kernel has an address, and no way to mount NFS. */
const cannotMountNfs: Explanation = (record) => {
  const evidence = consoleLines(
    record,
    /VFS: Cannot open root device|Root-NFS: .*|VFS: Unable to mount root fs on/,
  );
  if (evidence.length === 0 || record.times['nfs-root'] !== undefined) return undefined;
  return failure({
    stage: 'nfs-root',
    what: 'The kernel has an address, and cannot mount a root over NFS.',
    cause: 'ROOT_NFS or the version of NFS that was asked for is not built in.',
    hint: 'Look for ROOT_NFS, NFS_V3 and NFS_V4 in the config; prove with the other NFS version (--nfs).',
    evidence,
  });
};

const noInit: Explanation = (record) => {
  const evidence = consoleLines(
    record,
    /No working init found|Requested init .* failed|Attempted to kill init|Failed to execute \/|unable to open an initial console/,
  );
  if (evidence.length === 0 || record.times.init !== undefined) return undefined;
  return failure({
    stage: 'init',
    what: 'The root is mounted, and its init did not run.',
    cause:
      'The kernel cannot run the program (BINFMT_ELF or BINFMT_SCRIPT is off, or it is too old for busybox), or cannot read it.',
    hint: 'Check BINFMT_ELF and BINFMT_SCRIPT in the config.',
    evidence,
  });
};

const panicked: Explanation = (record) => {
  const evidence = consoleLines(record, /Kernel panic - not syncing/);
  const words = /not syncing: (.*?)(?: \]---)?$/.exec(evidence[0] ?? '')?.[1];
  if (words === undefined) return undefined;
  return failure({
    stage: record.stage,
    what: `The kernel panicked: ${words}.`,
    cause: 'The kernel met a state in which it cannot go on; the lines before the panic tell why.',
    hint: 'Read the end of console.log, beside proof.json.',
    evidence: lastConsoleLines(record, 12),
  });
};

const imageMissing: Explanation = (record) => {
  const byHttp = observed(record, 'http').find(
    ({ path, status }) => path === imagePath && status === 404,
  );
  const byTftp = observed(record, 'tftp').find(
    ({ file, outcome }) => file === imageFile && outcome === 'missing',
  );
  if (byHttp === undefined && byTftp === undefined) return undefined;
  return failure({
    stage: 'image',
    what: `The boot loader asked for the kernel image, and it is not on the ${byHttp === undefined ? 'TFTP' : 'HTTP'} server.`,
    cause: 'The image was not put there, or lies under another name.',
    hint: 'Check that the bundle holds boot/vmlinuz-RELEASE (bootwright verify).',
    evidence: [
      byHttp === undefined
        ? `TFTP ${imageFile}: file not found`
        : `${byHttp.method} ${byHttp.path}: ${byHttp.status}`,
    ],
  });
};

/** The initramfs of a wrapped kernel is not where the loader was told that it is. */
const initramfsMissing: Explanation = (record) => {
  const byHttp = observed(record, 'http').some(
    ({ path, status }) => path === initramfsPath && status === 404,
  );
  const byTftp = observed(record, 'tftp').some(
    ({ file, outcome }) => file === initramfsFile && outcome === 'missing',
  );
  if (!byHttp && !byTftp) return undefined;
  return failure({
    stage: record.stage,
    what: `The boot loader asked for the initramfs, and it is not on the ${byHttp ? 'HTTP' : 'TFTP'} server.`,
    cause: 'The initramfs was not put there, or lies under another name.',
    hint: 'Check that the bundle holds boot/initramfs-RELEASE.img (bootwright verify).',
    evidence: [byHttp ? `GET ${initramfsPath}: 404` : `TFTP ${initramfsFile}: file not found`],
  });
};

/** Init of a wrapped kernel's initramfs has given up; it says itself what, why, and what to do. */
const initGaveUp: Explanation = (record) => {
  const evidence = consoleLines(record, /^bootwright-init: /);
  const words = (start: string): string | undefined =>
    evidence
      .find((line) => line.startsWith(`bootwright-init: ${start}: `))
      ?.slice(`bootwright-init: ${start}: `.length);
  const what = words('FAILED');
  if (what === undefined) return undefined;
  return failure({
    stage: record.stage,
    what,
    cause: words('why') ?? 'Init of the initramfs does not say why.',
    hint: words('what to do') ?? 'See the end of console.log.',
    evidence,
  });
};

/** Secure Boot lets GRUB start nothing that shim does not know the signature of. */
const signatureRefused: Explanation = (record) => {
  if (record.times.image === undefined || record.times.kernel !== undefined) return undefined;
  const evidence = consoleLines(
    record,
    /bad shim signature|Verification failed|Security Violation/,
  );
  if (evidence.length === 0) return undefined;
  return failure({
    stage: 'kernel',
    what: 'Secure Boot refuses the kernel image.',
    cause: 'It is not signed, or not by the distro whose shim and GRUB are on this host.',
    hint: "Wrap the distro's own kernel (bootwright wrap), whose signature stays; a kernel that was built boots with Secure Boot off.",
    evidence,
  });
};

const imageRefused: Explanation = (record) => {
  if (record.times.image === undefined || record.times.kernel !== undefined) return undefined;
  const evidence = consoleLines(
    record,
    /Booting kernel failed|Exec format error|Could not (select|boot)|invalid magic number|^error: |-- System halted/,
  );
  if (evidence.length === 0) return undefined;
  return failure({
    stage: 'kernel',
    what: 'The kernel image came, and cannot be started.',
    cause:
      'The file is no kernel image, is cut short or damaged, or is made for another firmware (UEFI needs EFI_STUB).',
    hint: 'Check the bundle with bootwright verify.',
    evidence,
  });
};

/** The loader runs, and says itself why it goes no further. */
const loaderGaveUp: Explanation = (record) => {
  if (record.stage !== 'image') return undefined;
  const evidence = consoleLines(
    record,
    // iPXE counts frames that it could not use ("[RXE: 1 x ...]"): that is no failure.
    /^error: |Could not (select|boot)|^[^[]*ipxe\.org\/[0-9a-f]{8}|^Failed to load|: (Invalid|Connection|Operation)/,
  );
  if (evidence.length === 0) return undefined;
  return failure({
    stage: 'image',
    what: 'The boot loader could not load the kernel image.',
    cause: `In its own words: ${evidence[0]}`,
    hint: 'See console.log and http.log, beside proof.json.',
    evidence,
  });
};

const noBootRom: Explanation = (record) => {
  if (record.times.kernel !== undefined) return undefined;
  const evidence = consoleLines(
    record,
    /No bootable device|No bootable option|No more network devices|^Shell> /,
  );
  if (evidence.length === 0) return undefined;
  return failure({
    stage: record.stage,
    what: 'The firmware found nothing to boot from on the network.',
    cause:
      record.stage === 'firmware'
        ? 'The card has no boot ROM for this firmware.'
        : record.stage === 'dhcp'
          ? 'The boot ROM got no answer from the DHCP server.'
          : 'The boot ROM could not load the boot loader.',
    hint: 'See console.log and dnsmasq.log, beside proof.json.',
    evidence,
  });
};

const noNfsServer: Explanation = (record) => {
  if (record.stage !== 'nfs-root') return undefined;
  const last = observed(record, 'sockets').at(-1);
  if (last === undefined || last.nfsListening) return undefined;
  return failure({
    stage: 'nfs-root',
    what: 'The kernel has an address, and no NFS server answers it.',
    cause: 'No NFS server listens at the address in nfsroot=.',
    hint: 'Start the NFS server, and check the address and the port of nfsroot=.',
    evidence: ['nobody listens on TCP port 2049'],
  });
};

const exportRefused: Explanation = (record) => {
  if (record.stage !== 'nfs-root') return undefined;
  const refused = observed(record, 'nfs');
  if (refused.length === 0) return undefined;
  return failure({
    stage: 'nfs-root',
    what: 'The NFS server refused to let the kernel mount its root.',
    cause:
      'The path in nfsroot= is not exported under this name (access denied, or no such file), or not to this client, or not by this version of NFS.',
    hint: 'Compare nfsroot= with the exports of the server.',
    evidence: [...new Set(refused.map(({ detail }) => detail))],
  });
};

/** How often something must have been sent again to be lost for good, rather than late. */
const lostForGood = 3;

/** Large frames do not come through: small ones did, and the server's answers are not acknowledged. */
const framesLost: Explanation = (record) => {
  if (record.times['kernel-dhcp'] === undefined) return undefined;
  const stuck = observed(record, 'sockets').at(-1)?.nfsUnanswered;
  if (stuck === undefined || stuck.resent < lostForGood) return undefined;
  return failure({
    stage: record.stage,
    what: 'The NFS server answers, and its answers do not reach the kernel.',
    cause:
      "Most likely the MTU: the server sends frames that the network in between does not carry, because the server's MTU, or the one that DHCP announces (option 26), is larger than that of a switch or tunnel.",
    hint: 'Compare the MTU of the server, of DHCP and of all between (ping -M do -s 1472 SERVER shows whether 1500 comes through), and take the smallest everywhere.',
    evidence: [
      `${stuck.bytes} bytes unacknowledged, sent again ${stuck.resent} times`,
      ...consoleLines(record, /\bmtu[= ]\d+/),
    ],
  });
};

const stayedOn: Explanation = (record) => {
  if (record.stage !== 'off') return undefined;
  const evidence = consoleLines(record, /reboot: (Power down|System halted)/);
  if (evidence.length === 0) return undefined;
  return failure({
    stage: 'off',
    what: 'The guest stopped, and the machine stayed on.',
    cause: 'The kernel cannot switch the power off: ACPI is off.',
    hint: 'Check ACPI in the config.',
    evidence,
  });
};

const resetItself: Explanation = (record) => {
  const event = observed(record, 'machine').find(({ reason }) => reason.startsWith('guest-'));
  if (event === undefined) return undefined;
  return failure({
    stage: record.stage,
    what:
      event.reason === 'guest-shutdown'
        ? 'The guest switched itself off too early.'
        : 'The guest reset itself.',
    cause: 'A crash that left no word on the console, or a program in the guest that stopped it.',
    hint: 'Read the end of console.log, beside proof.json.',
    evidence: lastConsoleLines(record, 12),
  });
};

/** From the surest to the most general; the first that holds is told. */
const explanations: readonly Explanation[] = [
  programDied,
  imageMissing,
  initramfsMissing,
  signatureRefused,
  imageRefused,
  loaderGaveUp,
  noBootRom,
  noNetworkDevice,
  noDriverLoaded,
  noNfsRootSupport,
  noNfsServer,
  exportRefused,
  initGaveUp,
  cannotMountNfs,
  noInit,
  panicked,
  framesLost,
  stayedOn,
  resetItself,
];

/** Says why a boot did not reach a stage, from all that was seen of it. */
export function diagnose(record: BootRecord): Failure {
  for (const explain of explanations) {
    const found = explain(record);
    if (found !== undefined) return found;
  }
  const [what, cause, hint] = silence[record.stage];
  const { late } = record;
  return failure({
    stage: record.stage,
    what: late === undefined ? what : `${what.slice(0, -1)} within ${Math.round(late / 1000)} s.`,
    cause,
    hint,
    evidence: lastConsoleLines(record, 6),
  });
}

function lastConsoleLines(record: BootRecord, count: number): readonly string[] {
  return consoleLines(record, /\S/).slice(-count);
}
