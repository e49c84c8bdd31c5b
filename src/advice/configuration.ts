import type { AdvisedModule } from './advise.ts';
import { reasonPhrases } from './phrases.ts';
import type { AdviceReport } from './report.ts';

/** Programs that make initramfs images, whose words advice can be given in. */
export const configurationFormats = ['dracut', 'mkinitrd', 'initramfs-tools'] as const;
export type ConfigurationFormat = (typeof configurationFormats)[number];

/** Advice in the words of such a program. */
export interface Configuration {
  readonly format: ConfigurationFormat;
  /** Where it goes on the target; absent for a command. */
  readonly file?: string;
  readonly text: string;
}

/** A module's line of comment: the first reasons tell enough. */
function comment({ name, reasons }: AdvisedModule): string {
  const [first = '', ...others] = reasonPhrases(reasons);
  const more = others.length === 0 ? '' : `; ${others.length} more`;
  // Nothing from outside may end the comment.
  return `#   ${name}: ${first}${more}`.replaceAll(/[^\x20-\x7e]/g, '?');
}

function heading({ bundle, kernelRelease, modules }: Omit<AdviceReport, 'configuration'>) {
  return [
    `# Stock modules of ${kernelRelease} by which this machine finds its root.`,
    `# Made by "bootwright advice" with ${bundle}.`,
    ...modules.map(comment),
  ];
}

/**
 * Names of the modules that have to be loaded before the kernel's disks are looked for: those of
 * devices, and what they take along. What is mounted or opened on a disk comes later.
 */
function forDisks(modules: readonly AdvisedModule[]): ReadonlySet<string> {
  const names = new Set<string>();
  let size = -1;
  while (size !== names.size) {
    size = names.size;
    for (const { name, reasons } of modules) {
      const isNeeded = reasons.some((reason) => {
        if (reason.kind === 'root') return false;
        if ('of' in reason) return names.has(reason.of);
        return reason.purpose !== 'network';
      });
      if (isNeeded) names.add(name);
    }
  }
  return names;
}

function dracut(report: Omit<AdviceReport, 'configuration'>): Configuration {
  const names = report.modules.map(({ name }) => name);
  return {
    format: 'dracut',
    file: '/etc/dracut.conf.d/bootwright.conf',
    // Of each assignment dracut.conf(5) wants spaces at both ends.
    text: [...heading(report), `add_drivers+=" ${names.join(' ')} "`].join('\n'),
  };
}

function mkinitrd(report: Omit<AdviceReport, 'configuration'>): Configuration {
  const { modules, kernelRelease } = report;
  const early = forDisks(modules);
  const options = modules.map(({ name }) => `--${early.has(name) ? 'preload' : 'with'}=${name}`);
  // EL 5 calls it initrd, EL 6, where mkinitrd(8) is dracut's, initramfs.
  const image = /\.el5/.test(kernelRelease) ? 'initrd' : 'initramfs';
  const command = ['mkinitrd -f', ...options, `/boot/${image}-${kernelRelease}.img`, kernelRelease];
  return { format: 'mkinitrd', text: [...heading(report), command.join(' \\\n  ')].join('\n') };
}

function initramfsTools(report: Omit<AdviceReport, 'configuration'>): Configuration {
  return {
    format: 'initramfs-tools',
    file: '/etc/initramfs-tools/modules',
    text: [...heading(report), ...report.modules.map(({ name }) => name)].join('\n'),
  };
}

const writers: Readonly<
  Record<ConfigurationFormat, (report: Omit<AdviceReport, 'configuration'>) => Configuration>
> = { dracut, mkinitrd, 'initramfs-tools': initramfsTools };

/**
 * Puts an advice into the words of a program that makes initramfs images: lines of dracut.conf(5),
 * a command mkinitrd(8), or lines of initramfs-tools(7)'s `modules`.
 */
export function configure(
  report: Omit<AdviceReport, 'configuration'>,
  format: ConfigurationFormat,
): Configuration {
  return writers[format](report);
}
