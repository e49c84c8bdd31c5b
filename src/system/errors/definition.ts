/**
 * The classes that exit statuses stand for. A script can go by the status; a
 * person goes by the code and the text.
 */
export const exitStatus = {
  /** A wrong option or argument. */
  usage: 2,
  /** What was given to work on (source package, config, bundle …) is bad. */
  input: 3,
  /** This host lacks something: a tool, space, a permission. */
  host: 4,
  /** The build itself failed: `%prep`, the compiler, depmod … */
  build: 5,
  /** A bundle was booted, or checked, and did not hold. */
  proof: 6,
  /** Somebody else holds the workspace. */
  busy: 7,
  /** A defect of Bootwright's own. */
  internal: 70,
  /** Stopped by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;

/** The name of a class of failure, see {@link exitStatus}. */
export type ExitClass = keyof typeof exitStatus;

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
