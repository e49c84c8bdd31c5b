import { BzImageError, readBzImageHeader } from '../formats/bzimage/index.ts';
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

/**
 * Whether a config is of the manifest's kernel, and whether it has built in what
 * the manifest calls promoted.
 */
export function checkConfig(text: string, file: string, manifest: Manifest): readonly Finding[] {
  const findings: Finding[] = [];
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
