import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { requireNullDevice } from '../../kernel/configure/probe.ts';
import { openSandbox } from '../../kernel/source/sandbox.ts';
import { mountPort, nfsPort } from '../../lab/boot/command-line.ts';
import { openNamespace } from '../../lab/namespace.ts';
import { makeNetwork } from '../../lab/network.ts';
import { parseTcpSockets } from '../../lab/sockets.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import type { Finding, Job } from './finding.ts';
import { nearestFolder } from './room.ts';

type Bare = Pick<Finding, 'group' | 'name' | 'purpose'>;

/** An error as a finding; what is no fault of the host's is thrown on. */
function failed(base: Bare, prevents: Job, error: unknown): Finding {
  if (!(error instanceof BootwrightError) || error.code === 'BW-INTERRUPTED') throw error;
  return { ...base, state: 'poor', detail: error.message, prevents, remedy: error.hint };
}

async function lookAtSandbox(workspace: string, signal?: AbortSignal): Promise<Finding> {
  const base: Bare = {
    group: 'privileges',
    name: 'sandbox',
    purpose: 'confine %prep, which is foreign code',
  };
  try {
    const folder = await nearestFolder(workspace);
    const { description, warning } = await openSandbox(
      folder,
      process.env.PATH ?? '',
      'auto',
      signal,
    );
    if (warning === undefined) return { ...base, state: 'ok', detail: description };
    return { ...base, state: 'poor', detail: warning };
  } catch (error) {
    return failed(base, 'build', error);
  }
}

function lookAtUser(): Finding {
  const base: Bare = { group: 'privileges', name: 'user', purpose: 'prove bundles' };
  if (process.getuid?.() === 0) return { ...base, state: 'ok', detail: 'root' };
  return {
    ...base,
    state: 'poor',
    detail: 'an ordinary user: builds bundles, but does not prove them',
    prevents: 'proof',
    remedy: 'Prove what was built as root (sudo bootwright prove BUNDLE).',
  };
}

/** Makes the very network that a proof makes, and takes it apart again. */
async function lookAtNamespace(signal?: AbortSignal): Promise<Finding> {
  const base: Bare = {
    group: 'privileges',
    name: 'namespaces',
    purpose: 'give a proof a network of its own',
  };
  if (process.getuid?.() !== 0) {
    return { ...base, state: 'note', detail: 'can only be tried by root' };
  }
  try {
    const namespace = await openNamespace(signal);
    try {
      await makeNetwork(namespace);
    } finally {
      await namespace.close();
    }
    return { ...base, state: 'ok', detail: 'bridge and tap were made, and are gone again' };
  } catch (error) {
    return failed(base, 'proof', error);
  }
}

/** Whether someone may do what the sandbox and the lab do. */
export async function lookAtPrivileges(
  workspace: string,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  return [lookAtUser(), await lookAtSandbox(workspace, signal), await lookAtNamespace(signal)];
}

function lookAtNullDevice(): Finding {
  const base: Bare = { group: 'host', name: '/dev/null', purpose: 'let compilers answer probes' };
  try {
    requireNullDevice();
    return { ...base, state: 'ok', detail: 'the null device' };
  } catch (error) {
    return failed(base, 'build', error);
  }
}

async function lookAtKvm(): Promise<Finding> {
  const isThere = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return {
    group: 'host',
    name: '/dev/kvm',
    state: 'note',
    detail: isThere
      ? 'can be opened, and is not used: that does not mean that a kernel boots under it'
      : 'not there, and not needed: QEMU emulates the processor',
  };
}

/** What is served to a booting machine, by port (IANA's registry, and the lab's own for mountd). */
const ports: readonly (readonly ['tcp' | 'udp', number, string])[] = [
  ['udp', 67, 'DHCP'],
  ['udp', 69, 'TFTP'],
  ['tcp', 80, 'HTTP'],
  ['tcp', 111, 'rpcbind'],
  ['tcp', nfsPort, 'NFS'],
  ['tcp', mountPort, 'mountd'],
];

/** The ports of a /proc/net/tcp or udp on which somebody waits. */
async function waitingPorts(protocol: 'tcp' | 'udp'): Promise<ReadonlySet<number>> {
  const texts = await Promise.all(
    [protocol, `${protocol}6`].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const sockets = texts.flatMap(parseTcpSockets);
  const waiting = sockets.filter(({ state }) => protocol === 'udp' || state === 'listening');
  return new Set(waiting.map(({ localPort }) => localPort));
}

async function lookAtPorts(): Promise<Finding> {
  const taken = { tcp: await waitingPorts('tcp'), udp: await waitingPorts('udp') };
  const busy = ports.filter(([protocol, port]) => taken[protocol].has(port));
  const names = busy.map(([protocol, port, name]) => `${name} (${protocol} ${port})`).join(', ');
  return {
    group: 'host',
    name: 'ports',
    state: 'note',
    detail: `${names === '' ? 'all free' : `${names} is served by this host`}; a proof takes none, since it serves in a network of its own`,
  };
}

/** Devices and ports. */
export async function lookAtHost(): Promise<readonly Finding[]> {
  return [lookAtNullDevice(), await lookAtKvm(), await lookAtPorts()];
}
