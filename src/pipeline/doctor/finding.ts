/** What Bootwright is for, in three parts: each takes the ones before it. */
export const jobs = ['build', 'bundle', 'proof'] as const;
export type Job = (typeof jobs)[number];

/** One thing of this host that was looked at. */
export interface Finding {
  /** Under which heading it stands. */
  readonly group: 'programs' | 'files' | 'room' | 'privileges' | 'host';
  /** What was looked at, such as `rpmbuild`. */
  readonly name: string;
  /**
   * `ok`; `missing`: something is not there; `poor`: it is there and not as it should be, or not
   * quite enough; `note`: it makes no difference.
   */
  readonly state: 'ok' | 'missing' | 'poor' | 'note';
  /** How it is: a version, an amount, what is the matter. */
  readonly detail: string;
  /** What it is there for, or what is lost without it. */
  readonly purpose?: string;
  /** The first of the jobs that cannot be done; the later ones cannot be done either. */
  readonly prevents?: Job;
  /** Packages of this host that bring it. */
  readonly packages?: readonly string[];
  /** What to do, where no package helps. */
  readonly remedy?: string;
}

/** What came out of an examination. */
export interface Diagnosis {
  /** The last part of the main job for whoever asks: an ordinary user's build ends with the bundle. */
  readonly aim: Job;
  /** Whether the main job can be done. */
  readonly ready: boolean;
  /** For each part, whether it can be done. */
  readonly can: Readonly<Record<Job, boolean>>;
  readonly findings: readonly Finding[];
  /** The command that installs what is missing, if packages bring it. */
  readonly install?: string;
}
