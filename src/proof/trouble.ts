import type { Lab } from '../lab/lab.ts';
import type { LinkMtu } from '../lab/network.ts';
import type { StageId } from './stages.ts';

/** What a machine can have to cope with on its way. */
export const troubleNames = [
  'second-card',
  'late-link',
  'nfs-restart',
  'small-mtu',
  'large-mtu',
] as const;
export type TroubleName = (typeof troubleNames)[number];

/** How a boot is disturbed, and how much longer it may take for it. */
export interface Disturbance {
  readonly after: StageId;
  act(lab: Lab): void | Promise<void>;
  /** The stages that may be struck by it, and how much longer each of them may take, in milliseconds. */
  readonly slower: { readonly stages: readonly StageId[]; readonly by: number };
}

/** In words, for titles. */
export const troubleTitles: Readonly<Record<TroubleName, string>> = {
  'second-card': 'a card before it that leads nowhere',
  'late-link': 'link up 50 s late',
  'nfs-restart': 'NFS server restarted',
  'small-mtu': 'server and network at MTU 1400',
  'large-mtu': 'server at MTU 9000',
};

/**
 * How large frames may be, where that is the trouble: a network in a tunnel, of which the machine
 * knows nothing, and a server with jumbo frames on a network that has none. TCP copes with both, since
 * each side tells the other what it takes (MSS, RFC 9293); TFTP copes if its blocks are small enough.
 */
export const troubleMtu: Readonly<Partial<Record<TroubleName, LinkMtu>>> = {
  'small-mtu': { server: 1400, cable: 1400 },
  'large-mtu': { server: 9000, cable: 1500 },
};

/** How long the kernel finds no link, in milliseconds: longer than a switch's spanning tree takes. */
const linkLateBy = 50_000;

/** How long the NFS server is away, in milliseconds. */
const nfsAwayFor = 3_000;

/** What is done to a boot; what is not here is there from the start. */
export const disturbances: Readonly<Partial<Record<TroubleName, Disturbance>>> = {
  'late-link': {
    after: 'kernel',
    act(lab) {
      lab.setLink(false);
      setTimeout(() => lab.setLink(true), linkLateBy).unref();
    },
    // A kernel that has given up on carrier begins anew, and may just have done so.
    slower: { stages: ['link'], by: 2 * linkLateBy },
  },
  'nfs-restart': {
    after: 'nfs-root',
    act: (lab) => lab.restartNfs(nfsAwayFor),
    // The client tries again after 60 s at the latest (timeo= and retrans= of nfs(5)). What it has
    // cached by then runs on: init may be there before the server is missed.
    slower: { stages: ['init', 'modules', 'report', 'off'], by: 60_000 + nfsAwayFor },
  },
};
