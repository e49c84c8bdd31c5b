import type { ComparisonReport } from '../report.ts';
import { verdictLine } from '../verdict.ts';
import { configSection } from './config.ts';
import { devicesSection } from './devices.ts';
import { exportsSection, kabiSections } from './exports.ts';
import { keyFigures } from './figures.ts';
import { fitSection, modulesSection } from './modules.ts';
import type { Page } from './page.ts';
import { releaseSection } from './release.ts';

function limitsOf({ exports, kabi, config, notGiven }: ComparisonReport): readonly string[] {
  const limits = [
    'Neither BTF nor signatures of modules are compared, nor code: two kernels with equal symbols may still be compiled by other tools.',
    'Which driver is asked first is read from the order of registration. A driver may decline a device, be deferred, or probe beside others (driver_async_probe=); modules may be loaded in another order than modules.order, as devices show up.',
  ];
  if (exports.source !== 'symvers') {
    limits.push(
      'Without symvers (kernel-core, kernel-devel, linux-headers) only what modules of stock import is known of what it exports.',
    );
  }
  if (config.source === 'bundle') {
    limits.push("No config of stock was given: the bundle's record of it stands for it.");
  }
  if (notGiven > 0) {
    limits.push(
      "Of modules whose files were not given nothing is known but their names: give all of the stock kernel's packages.",
    );
  }
  if (kabi.length === 0) limits.push('No kABI list of the vendor was given (--kabi).');
  return limits;
}

/** Lays a comparison out for a person. */
export function layOut(report: ComparisonReport): Page {
  return {
    title: `${report.bundle}, compared with stock ${report.kernelRelease}`,
    verdict: verdictLine(report),
    tone: report.equal ? 'explained' : 'open',
    figures: keyFigures(report),
    sections: [
      releaseSection(report),
      configSection(report),
      exportsSection(report),
      ...kabiSections(report),
      modulesSection(report),
      fitSection(report),
      devicesSection(report),
    ],
    limits: limitsOf(report),
  };
}
