import type { Expectations } from './expectations.ts';
import type { GuestReport } from './guest/report.ts';
import { isRefusal, moduleComplaints } from './sample.ts';
import type { StageId, StageTimes } from './stages.ts';

/** One thing that a boot must show, and whether it did. */
export interface Check {
  /** Stable name, such as `root-is-nfs` or `module:ext4`. */
  readonly id: string;
  /** The stage that is at fault if it failed. */
  readonly stage: StageId;
  readonly title: string;
  /** `noted`: worth knowing, and no condition. */
  readonly verdict: 'passed' | 'failed' | 'noted' | 'not-applicable';
  readonly expected: string;
  readonly found: string;
}

/** Bit 13 of /proc/sys/kernel/tainted: an unsigned module was loaded (tainted-kernels.rst). */
const taintUnsignedModule = 1 << 13;

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function normalized(name: string): string {
  return name.replaceAll('-', '_');
}

/** A check that compares. */
function check(
  of: Pick<Check, 'id' | 'stage' | 'title' | 'expected' | 'found'>,
  passed: boolean,
): Check {
  return { ...of, verdict: passed ? 'passed' : 'failed' };
}

/**
 * Compares what a guest reported with what the boot must show. Every
 * expectation gives a check, failed or not.
 */
export function judge(
  expectations: Expectations,
  report: GuestReport,
  times: StageTimes,
  log: readonly string[] = [],
): readonly Check[] {
  return [
    judgeRoot(expectations, report),
    ...judgeOverlay(expectations, report),
    check(
      {
        id: 'kernel-release',
        stage: 'kernel',
        title: 'The kernel calls itself by the name of the stock kernel (uname -r)',
        expected: expectations.kernelRelease,
        found: report.release,
      },
      report.release === expectations.kernelRelease,
    ),
    ...judgeBuildMark(expectations, report),
    check(
      {
        id: 'command-line',
        stage: 'kernel',
        title: 'The kernel got the whole command line',
        expected: expectations.commandLine,
        found: report.commandLine.trim(),
      },
      // Loaders put words of their own before and after (BOOT_IMAGE=, initrd=).
      ` ${report.commandLine.trim()} `.includes(` ${expectations.commandLine} `),
    ),
    ...judgeSecureBoot(expectations, report),
    ...judgeCard(expectations, report),
    ...judgeModules(expectations, report),
    ...judgeSample(expectations, report, log),
    judgeSignatures(expectations, report),
    check(
      {
        id: 'hardware',
        stage: 'report',
        title: 'The guest reports its hardware',
        expected: 'PCI devices, processor and memory',
        found: `${report.hardware.pci.length} PCI devices, ${report.hardware.processors} × ${report.hardware.processor || 'unknown processor'}, ${Math.round(report.hardware.memoryKiB / 1024)} MiB`,
      },
      report.hardware.pci.length > 0 &&
        report.hardware.processors > 0 &&
        report.hardware.memoryKiB > 0,
    ),
    {
      id: 'kernel-errors',
      stage: 'init',
      title: 'Errors in the kernel log',
      verdict: 'noted',
      expected: 'none',
      found: lines(report.kernelErrors).join('\n') || 'none',
    },
    check(
      {
        id: 'power-off',
        stage: 'off',
        title: 'The guest powers off by itself',
        expected: 'switched off by the guest',
        found:
          times.off === undefined ? 'still on, or ended otherwise' : 'switched off by the guest',
      },
      times.off !== undefined,
    ),
  ];
}

function judgeRoot({ root }: Expectations, report: GuestReport): Check {
  const [source = '', type = '', options = ''] = report.root.split(' ');
  const version = options
    .split(',')
    .find((option) => option.startsWith('vers='))
    ?.slice('vers='.length);
  return check(
    {
      id: 'root-is-nfs',
      stage: 'nfs-root',
      title: 'The root is the NFS export',
      expected: `${root.server}:${root.path} by NFS ${root.version}`,
      found: report.root === '' ? 'not NFS' : `${source} by ${type} ${version ?? ''}`.trim(),
    },
    source === `${root.server}:${root.path}` && version?.split('.')[0] === String(root.version),
  );
}

function judgeOverlay({ overlay }: Expectations, report: GuestReport): readonly Check[] {
  if (!overlay) return [];
  const { rootType, rootTakesWrites } = report;
  return [
    check(
      {
        id: 'root-overlay',
        stage: 'modules',
        title: 'An overlay in memory makes the read-only root take writes',
        expected: 'overlay, takes writes',
        found: `${rootType || 'unknown'}, ${rootTakesWrites === true ? 'takes writes' : 'takes no writes'}`,
      },
      rootType === 'overlay' && rootTakesWrites === true,
    ),
  ];
}

/** What `secure_boot` of the kernel's boot parameters says (enum efi_secureboot_mode of linux/efi.h). */
const secureBootModes = ['not told', 'unknown', 'off', 'on'];

function judgeSecureBoot({ secureBoot }: Expectations, report: GuestReport): readonly Check[] {
  if (!secureBoot) return [];
  const mode = report.secureBoot ?? undefined;
  return [
    check(
      {
        id: 'secure-boot',
        stage: 'kernel',
        title: 'The firmware does Secure Boot, as it told the kernel',
        expected: 'on',
        found: (mode === undefined ? undefined : secureBootModes[mode]) ?? 'not known',
      },
      mode === 3,
    ),
  ];
}

function judgeBuildMark({ buildMark }: Expectations, report: GuestReport): readonly Check[] {
  if (buildMark === undefined) return [];
  return [
    check(
      {
        id: 'kernel-build',
        stage: 'kernel',
        title: 'The kernel is the build that the bundle names (uname -v)',
        expected: buildMark,
        found: report.version,
      },
      report.version.includes(buildMark),
    ),
  ];
}

/** Whether the card's driver was at hand before there was a root: in the image, or in the initramfs. */
function judgeDriver(
  { builtIn, initramfs }: Expectations,
  module: string,
  loaded: boolean,
  atStart: readonly string[],
): readonly Check[] {
  const place = builtIn.has(module) ? '' : 'not ';
  const was = loaded ? '' : 'not ';
  if (initramfs === undefined) {
    return [
      check(
        {
          id: 'card-driver-built-in',
          stage: 'link',
          title: 'Its driver is built into the kernel',
          expected: 'in modules.builtin, and not loaded as a module',
          found:
            module === ''
              ? 'no driver'
              : `${module} is ${place}in modules.builtin, and was ${was}loaded as a module`,
        },
        module !== '' && builtIn.has(module) && !loaded,
      ),
      check(
        {
          id: 'no-modules-before-root',
          stage: 'nfs-root',
          title: 'No module was loaded before init',
          expected: 'none',
          found: atStart.join(' ') || 'none',
        },
        atStart.length === 0,
      ),
    ];
  }
  const foreign = atStart.filter((name) => !initramfs.has(name));
  return [
    check(
      {
        id: 'card-driver-in-initramfs',
        stage: 'link',
        title: 'Its driver is in the initramfs, or built into the kernel',
        expected: 'in the list of the initramfs and loaded before init, or in modules.builtin',
        found:
          module === ''
            ? 'no driver'
            : `${module} is ${initramfs.has(module) ? '' : 'not '}in the initramfs, was ${atStart.includes(module) ? '' : 'not '}loaded before init, and is ${place}in modules.builtin`,
      },
      builtIn.has(module) || (initramfs.has(module) && atStart.includes(module)),
    ),
    check(
      {
        id: 'only-initramfs-modules-before-root',
        stage: 'nfs-root',
        title: 'Before init, modules came from the initramfs alone',
        expected: 'none that are not in its list',
        found: foreign.join(' ') || `none; ${atStart.length} of its own`,
      },
      foreign.length === 0,
    ),
  ];
}

function judgeCard(expectations: Expectations, report: GuestReport): readonly Check[] {
  const { card } = expectations;
  const found = report.interfaces.find(({ mac }) => mac?.trim().toLowerCase() === card.mac);
  const atStart = lines(report.modulesAtStart);
  const module = found === undefined ? '' : normalized(found.module || found.driver);
  const loaded = [...atStart, ...lines(report.modulesAtEnd)].includes(module);
  return [
    check(
      {
        id: 'boot-card',
        stage: 'link',
        title: 'The card that was booted from has the address that the kernel asked for',
        expected: `${card.mac} with ${card.address}, driver ${card.drivers.join(' or ')}`,
        found:
          found === undefined
            ? 'no such card'
            : `${found.name} with ${found.address || 'no address'}, driver ${found.driver || 'none'}`,
      },
      found !== undefined && found.address === card.address && card.drivers.includes(found.driver),
    ),
    ...judgeDriver(expectations, module, loaded, atStart),
  ];
}

function judgeModules(expectations: Expectations, report: GuestReport): readonly Check[] {
  const title = 'A module from the NFS root loads';
  if (expectations.modules.length === 0) {
    return [
      {
        id: 'module',
        stage: 'modules',
        title,
        verdict: 'not-applicable',
        expected: 'the tree has no modules',
        found: 'none tried',
      },
    ];
  }
  const present = lines(report.modulesAtEnd);
  return expectations.modules.map((name) => {
    const tried = report.modules.find((module) => module.name === name);
    const loaded = tried?.status === 0 && present.includes(normalized(name));
    return check(
      {
        id: `module:${name}`,
        stage: 'modules',
        title: `${title}: ${name}`,
        expected: 'loaded',
        found: loaded
          ? 'loaded'
          : tried === undefined
            ? 'not tried'
            : tried.output.trim() || `modprobe ended with ${tried.status}, and it is not loaded`,
      },
      loaded,
    );
  });
}

/** At most so many names or lines are shown in a check. */
const shown = 8;

function judgeSample(
  { sample }: Expectations,
  report: GuestReport,
  log: readonly string[],
): readonly Check[] {
  if (sample === undefined) return [];
  const names = new Set(sample.names);
  const tried = report.modules.filter(({ name }) => names.has(name));
  const present = new Set(lines(report.modulesAtEnd));
  const loaded = tried.filter(({ name, status }) => status === 0 && present.has(normalized(name)));
  const refused = tried.filter(({ status, output }) => status !== 0 && isRefusal(output));
  const bad = tried.filter((module) => !loaded.includes(module) && !refused.includes(module));
  const complaints = moduleComplaints(log, sample.compressed);
  return [
    check(
      {
        id: 'sample',
        stage: 'modules',
        title: 'Modules of all subsystems load from the NFS root',
        expected: `${sample.count} in /proc/modules`,
        found: [
          `${loaded.length} of ${tried.length} tried; ${refused.length} found no device`,
          ...bad.slice(0, shown).map(({ name, output }) => `${name}: ${output.trim() || 'gone'}`),
        ].join('; '),
      },
      bad.length === 0 && loaded.length >= sample.count,
    ),
    check(
      {
        id: 'module-complaints',
        stage: 'modules',
        title: 'The kernel has no complaint about a module',
        expected: 'none of symbols, versions, types or signatures, and no oops',
        found: complaints.slice(0, shown).join('\n') || 'none',
      },
      complaints.length === 0,
    ),
  ];
}

function judgeSignatures({ signaturesEnforced }: Expectations, report: GuestReport): Check {
  const base = {
    id: 'signatures-enforced',
    stage: 'modules',
    title: 'Modules without a valid signature are refused (module.sig_enforce=1)',
  } as const;
  if (!signaturesEnforced) {
    return {
      ...base,
      verdict: 'not-applicable',
      expected: 'the kernel does not sign its modules',
      found: report.signatureEnforcement?.trim() ?? 'no such parameter',
    };
  }
  const tainted = (Number(report.tainted ?? 0) & taintUnsignedModule) !== 0;
  const enforced = report.signatureEnforcement?.trim() === 'Y';
  return check(
    {
      ...base,
      expected: 'enforced, and no unsigned module in the kernel',
      found: `${enforced ? 'enforced' : 'not enforced'}, ${tainted ? 'and an' : 'and no'} unsigned module in the kernel`,
    },
    enforced && !tainted,
  );
}
