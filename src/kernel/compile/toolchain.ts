import { run } from '../../system/process.ts';
import { findTool } from '../../system/tools.ts';

/** The programs that made a kernel, by their own first line of `--version`. */
export interface Toolchain {
  /** Such as `gcc (Debian 12.2.0-14+deb12u1) 12.2.0`: what CONFIG_CC_VERSION_TEXT has. */
  readonly compiler: string;
  readonly linker: string;
  readonly make: string;
  /** Absent if not installed; it writes the BTF. */
  readonly pahole?: string;
}

async function versionLine(tool: string): Promise<string> {
  const { stdout } = await run(tool, ['--version'], { timeout: 30_000 });
  return stdout.split('\n')[0]?.trim() ?? '';
}

/**
 * Asks the tools that a build runs for their versions.
 *
 * @throws BootwrightError `BW-TOOL-MISSING`
 */
export async function readToolchain(): Promise<Toolchain> {
  const [compiler, linker, make, pahole] = await Promise.all([
    versionLine('gcc'),
    versionLine('ld'),
    versionLine('make'),
    findTool('pahole') === undefined ? undefined : versionLine('pahole'),
  ]);
  return { compiler, linker, make, ...(pahole === undefined ? {} : { pahole }) };
}
