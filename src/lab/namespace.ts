import { access } from 'node:fs/promises';
import { BootwrightError } from '../system/errors/index.ts';
import { type RunOptions, type RunResult, run } from '../system/process.ts';
import { type Service, type ServiceOptions, startService } from '../system/service.ts';
import { requireTool } from '../system/tools.ts';

/** How long the first process of a namespace may take to show itself, in milliseconds. */
const readyTimeout = 10_000;

/**
 * A private network, process and mount namespace, with a fresh tmpfs on /run.
 *
 * It has no name and no place in the file system, so there is nothing that a
 * killed run could leave behind: its first process is a `cat` that ends when
 * our end of its pipe closes, for whatever reason, and with the first process
 * the kernel kills all others in the namespace and takes the network apart
 * (pid_namespaces(7), network_namespaces(7)).
 */
export interface LabNamespace {
  /** The path by which this process reaches a file inside, such as `/run/bootwright/tftp`. */
  path(inside: string): string;
  /** A file of `/proc/net` as the namespace sees it, such as `tcp`. */
  procNet(name: string): string;
  /** Runs a program inside, to its end. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts a program inside that stays. */
  start(
    name: string,
    command: string,
    args: readonly string[],
    options?: ServiceOptions,
  ): Promise<Service>;
  /** Ends everything inside and waits until it is gone. */
  close(): Promise<void>;
}

/**
 * Makes a namespace.
 *
 * @param signal - gives up waiting when aborted
 * @throws BootwrightError `BW-PROOF-PRIVILEGE`, `BW-PROOF-NAMESPACE`, `BW-TOOL-MISSING`
 */
export async function openNamespace(signal?: AbortSignal): Promise<LabNamespace> {
  if (process.getuid?.() !== 0) {
    throw new BootwrightError('BW-PROOF-PRIVILEGE', 'The lab was started by an ordinary user.');
  }
  await access('/dev/net/tun').catch((error: unknown) => {
    throw new BootwrightError('BW-PROOF-NAMESPACE', 'There is no /dev/net/tun.', {
      cause: error,
      hint: 'Load the driver (modprobe tun); in a container, pass the device on (--device /dev/net/tun).',
    });
  });
  const unshare = requireTool('unshare', 'make a network of its own');
  const nsenter = requireTool('nsenter', 'start programs in the network of the lab');
  signal?.throwIfAborted();

  const echoed = Promise.withResolvers<void>();
  const holder = await startService(
    'namespace',
    unshare,
    [
      ...['--net', '--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--mount-proc'],
      ...['--', requireTool('cat', 'hold the network of the lab')],
    ],
    { cwd: '/', onLine: () => echoed.resolve() },
  );
  const close = async (): Promise<void> => {
    holder.stdin.end();
    const timer = setTimeout(() => void holder.stop(), 2_000);
    await holder.ended;
    clearTimeout(timer);
  };
  const onAbort = (): void => echoed.reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => echoed.reject(new Error('no answer')), readyTimeout);
  void holder.ended.then(() => echoed.reject(new Error(holder.lastLines.join(' '))));

  // What comes in through /proc/PID/ns is the holder's own network and mounts, and the
  // process namespace that it made for its children.
  const enter = [
    `--net=/proc/${holder.pid}/ns/net`,
    `--mount=/proc/${holder.pid}/ns/mnt`,
    `--ipc=/proc/${holder.pid}/ns/ipc`,
    `--uts=/proc/${holder.pid}/ns/uts`,
    `--pid=/proc/${holder.pid}/ns/pid_for_children`,
    '--',
  ];
  const namespace: LabNamespace = {
    path: (inside) => `/proc/${holder.pid}/root${inside}`,
    procNet: (name) => `/proc/${holder.pid}/net/${name}`,
    run: (command, args, options = {}) =>
      run(nsenter, [...enter, command, ...args], { cwd: '/', ...options }),
    start: (name, command, args, options = {}) =>
      startService(name, nsenter, [...enter, command, ...args], { cwd: '/', ...options }),
    close,
  };
  try {
    holder.stdin.write('ready\n');
    await echoed.promise;
    // rpcbind's socket, pid files and the like get places of their own.
    await namespace.run(requireTool('mount', 'give the lab a /run of its own'), [
      ...['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run'],
    ]);
  } catch (error) {
    await close();
    if (signal?.aborted) throw error;
    throw new BootwrightError(
      'BW-PROOF-NAMESPACE',
      `The namespaces of the lab could not be made: ${error instanceof Error ? error.message : error}.`,
      { cause: error, command: holder.command, excerpt: holder.lastLines },
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
  return namespace;
}
