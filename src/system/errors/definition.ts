/**
 * The classes that exit statuses stand for, see {@link exitMeaning}. A script can go by the
 * status; a person goes by the code and the text.
 */
export const exitStatus = {
  usage: 2,
  input: 3,
  host: 4,
  build: 5,
  proof: 6,
  busy: 7,
  internal: 70,
  interrupted: 130,
} as const;

/** The name of a class of failure, see {@link exitStatus}. */
export type ExitClass = keyof typeof exitStatus;

/** What each class means, in words for --help and the manual. */
export const exitMeaning: Readonly<Record<ExitClass, string>> = {
  usage: 'wrong usage: an option, an argument, or a file of defaults',
  input: 'what was given to work on (source package, config, bundle) is bad',
  host: 'this host lacks something: a tool, space, a permission',
  build: 'the build itself failed',
  proof: 'a bundle was booted or checked, and did not hold',
  busy: 'another build holds the workspace',
  internal: 'a defect of Bootwright itself',
  interrupted: 'stopped by Ctrl-C or SIGTERM',
};

/** One row of the error table: what a code means, whatever the occasion. */
export interface ErrorDefinition {
  /** Decides the exit status. */
  readonly exit: ExitClass;
  /** What happened, in one short sentence without the particulars. */
  readonly what: string;
  /** Why this happens, in general; shown in `docs/ERRORS.md`. */
  readonly why: string;
  /** What to do next; an occasion may give a better one. */
  readonly hint: string;
}

/** Codes are `BW-`, the area, and what is the matter: stable, greppable, readable. */
export type ErrorCode = `BW-${string}`;

/** Checks the shape of a domain's rows and keeps its codes as literal types. */
export function defineErrors<const T extends Record<ErrorCode, ErrorDefinition>>(rows: T): T {
  return rows;
}
