/** One line of make's short output, such as `  CC [M]  drivers/net/tun.o`. */
export interface BuildLine {
  /** `CC`, `AS`, `LD`, `AR`, `BTF`, `HOSTCC` … */
  readonly action: string;
  /** True for `[M]`: part of a module. */
  readonly module: boolean;
  /** What is being made, relative to the folder of the objects. */
  readonly target: string;
}

/** Reads a line of kbuild's short output (`quiet_cmd_…`); undefined for any other line. */
export function parseBuildLine(line: string): BuildLine | undefined {
  const match = /^ {2}([A-Z][A-Z0-9_+-]*)(?: +\[([A-Z])\])? +(\S.*)$/.exec(line);
  if (match?.[1] === undefined || match[3] === undefined) return undefined;
  return { action: match[1], module: match[2] === 'M', target: match[3].trim() };
}

/**
 * Whether a line stands for a compiled object of the kernel: these are what
 * takes the time, and are counted. tools/ (objtool) names its own by absolute paths.
 */
export function isObject({ action, target }: BuildLine): boolean {
  return (action === 'CC' || action === 'AS') && target.endsWith('.o') && !target.startsWith('/');
}
