/** The programs that make up a lab. */
export type LabProgram = 'dnsmasq' | 'neighbour' | 'rpcbind' | 'nfs' | 'http' | 'qemu';

/** Something seen from outside of the guest. Times are milliseconds since the machine was switched on. */
export type Observation = { readonly at: number } & (
  | { readonly type: 'console'; readonly text: string }
  | {
      readonly type: 'dhcp';
      /** The message, by its name in RFC 2131. */
      readonly message: 'discover' | 'offer' | 'request' | 'ack' | 'nak';
      readonly mac: string;
      readonly address?: string;
    }
  | {
      readonly type: 'tftp';
      readonly file: string;
      readonly outcome: 'sent' | 'missing' | 'failed';
    }
  | {
      readonly type: 'http';
      readonly method: string;
      readonly path: string;
      readonly status: number;
      readonly bytes: number;
      /** Whether the whole answer went out. */
      readonly complete: boolean;
    }
  | { readonly type: 'report'; readonly body: string }
  | {
      readonly type: 'nfs';
      readonly event: 'refused';
      readonly detail: string;
    }
  | {
      readonly type: 'sockets';
      /** Whether anybody listens on the NFS port. */
      readonly nfsListening: boolean;
      /** Whether a client is connected to it, or to mountd. */
      readonly nfsConnected: boolean;
      /** What the NFS server has to send again and again, if there is such: bytes, and how often. */
      readonly nfsUnanswered?: { readonly bytes: number; readonly resent: number };
    }
  | {
      readonly type: 'machine';
      /** `SHUTDOWN` with its reason, of the QEMU Machine Protocol (qapi/run-state.json). */
      readonly event: 'shutdown';
      readonly reason: string;
    }
  | {
      readonly type: 'ended';
      readonly program: LabProgram;
      /** Such as `signal SIGKILL`. */
      readonly how: string;
      readonly lastLines: readonly string[];
    }
);

/** An observation before it has its time. */
export type Sighting = Observation extends infer T
  ? T extends { readonly at: number }
    ? Omit<T, 'at'>
    : never
  : never;
