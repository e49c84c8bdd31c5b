import { BootwrightError } from '../system/errors/index.ts';
import { requireTool } from '../system/tools.ts';
import type { StageName } from './build.ts';

/**
 * The programs that each stage cannot do without, whatever the kernel. Further
 * ones follow from its config, and are asked for when that is known.
 */
export const toolsOf: Readonly<Record<StageName, readonly string[]>> = {
  source: ['rpm', 'rpm2cpio', 'rpmbuild', 'rpmspec', 'bash', 'perl', 'patch'],
  configure: ['make', 'gcc', 'ld', 'flex', 'bison'],
  compile: ['bc', 'flock'],
  modules: ['strip', 'depmod', 'openssl'],
  bundle: ['tar'],
  proof: ['unshare', 'nsenter', 'ip', 'qemu-system-x86_64', 'dnsmasq', 'ganesha.nfsd', 'busybox'],
};

const purposes: Readonly<Record<StageName, string>> = {
  source: 'prepare the source',
  configure: 'configure the kernel',
  compile: 'compile the kernel',
  modules: 'install the modules',
  bundle: 'pack the bundle',
  proof: 'prove the bundle by a PXE boot',
};

/**
 * Looks for what the stages need before the first of them starts: that QEMU is
 * missing should not be told after an hour of compiling.
 *
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-PROOF-PRIVILEGE`
 */
export function checkHost(stages: readonly StageName[]): void {
  if (stages.includes('proof') && process.getuid?.() !== 0) {
    throw new BootwrightError(
      'BW-PROOF-PRIVILEGE',
      'The build is to end with a proof, and runs as an ordinary user.',
      {
        hint: 'Build up to the bundle (--until bundle), and prove that as root: sudo bootwright prove BUNDLE',
      },
    );
  }
  for (const stage of stages) {
    for (const tool of toolsOf[stage]) requireTool(tool, purposes[stage]);
  }
}
