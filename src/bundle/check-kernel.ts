import { BzImageError, readBzImageHeader } from '../formats/bzimage/index.ts';
import { embeddedBlobs } from '../kernel/firmware/choose.ts';
import type { Finding } from './finding.ts';
import type { Manifest } from './manifest.ts';

/** Whether the image is one that boots, and of the manifest's release. */
export function checkImage(image: Uint8Array, manifest: Manifest): readonly Finding[] {
  const file = manifest.kernel.image;
  const expected = manifest.target.kernelRelease;
  try {
    const { release } = readBzImageHeader(image);
    if (release === expected) return [];
    return [
      {
        code: 'BW-BUNDLE-KERNEL',
        file,
        problem: 'is of another release',
        expected,
        found: release,
      },
    ];
  } catch (error) {
    if (!(error instanceof BzImageError)) throw error;
    return [{ code: 'BW-BUNDLE-KERNEL', file, problem: error.message }];
  }
}

/** The version in a config's header, `# Linux/x86 5.14.0-570.el9 Kernel Configuration`, in old ones `# Linux kernel version: 2.6.18`. */
const headerPattern = /^# (?:Linux\/\S+ |Linux kernel version: )(\d+)\.(\d+)/m;

/** How many symbols a finding names. */
const namedSymbols = 5;

/** Whether what a config links in, or has in its initramfs, is the firmware that the manifest lists. */
function checkFirmware(text: string, file: string, { firmware }: Manifest): readonly Finding[] {
  if (firmware === undefined || firmware.way === null) return [];
  const expected =
    firmware.way === 'built-in'
      ? embeddedBlobs(firmware.blobs)
          .map(({ path }) => path)
          .join(' ')
      : 'an initramfs of its own';
  const symbol = firmware.way === 'built-in' ? 'EXTRA_FIRMWARE' : 'INITRAMFS_SOURCE';
  const found = new RegExp(`^CONFIG_${symbol}="(.*)"$`, 'm').exec(text)?.[1] ?? '';
  const holds = firmware.way === 'built-in' ? found === expected : found !== '';
  if (holds) return [];
  const problem = `has not the firmware in it that the manifest lists (CONFIG_${symbol})`;
  return [{ code: 'BW-BUNDLE-KERNEL', file, problem, expected, found: found || 'none' }];
}

/**
 * Whether a config is of the manifest's kernel, and whether it has built in what
 * the manifest calls promoted.
 */
export function checkConfig(text: string, file: string, manifest: Manifest): readonly Finding[] {
  const findings: Finding[] = [...checkFirmware(text, file, manifest)];
  const { version } = manifest.target;
  const header = headerPattern.exec(text);
  // The third number may differ: Debian's packages are named by their ABI.
  const found = header === null ? undefined : `${header[1]}.${header[2]}`;
  if (found === undefined || `${version}.`.indexOf(`${found}.`) !== 0) {
    findings.push({
      code: 'BW-BUNDLE-KERNEL',
      file,
      problem: 'is not the config of this kernel',
      expected: `a header with version ${version}`,
      found: found ?? 'none',
    });
  }
  const builtIn = new Set(Array.from(text.matchAll(/^CONFIG_(\w+)=y$/gm), ([, name]) => name));
  const missing = [...manifest.promotion.promoted, ...manifest.promotion.requested]
    .filter(({ symbol, to }) => to === 'y' && !builtIn.has(symbol))
    .map(({ symbol }) => symbol);
  if (missing.length > 0) {
    const more = missing.length > namedSymbols ? ` and ${missing.length - namedSymbols} more` : '';
    findings.push({
      code: 'BW-BUNDLE-KERNEL',
      file,
      problem: `has not built in what was promoted: ${missing.slice(0, namedSymbols).join(', ')}${more}`,
    });
  }
  return findings;
}
