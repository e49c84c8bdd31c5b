import { plural, wrap } from '../bundle/text-layout.ts';
import type { AdvisedDevice, AdvisedModule } from './advise.ts';
import { deviceLabel } from './device.ts';
import { purposeNames, reasonPhrases } from './phrases.ts';
import type { AdviceReport } from './report.ts';

const words = (text: string): readonly string[] => text.split(' ');

/** How many reasons of a module are told; a server may have twenty disks of one kind. */
const toldReasons = 3;

function moduleLines({ name, reasons, inNetbootImage, firmware }: AdvisedModule) {
  const phrases = reasonPhrases(reasons);
  const more = phrases.length - toldReasons;
  const told = [
    ...phrases.slice(0, toldReasons),
    ...(more > 0 ? [plural(more, 'more reason')] : []),
    ...(firmware.length > 0
      ? [`firmware: ${firmware.slice(0, 4).join(', ')}${firmware.length > 4 ? ', …' : ''}`]
      : []),
  ];
  return [
    `  ${name}${inNetbootImage ? ' (in the netboot image, where it is no module)' : ''}`,
    ...told.flatMap((each) => wrap(words(each), '        ', '      ')),
  ];
}

function deviceLine({ device, purpose }: AdvisedDevice): readonly string[] {
  const what = device.text === device.modalias ? '' : `: ${device.text}`;
  return wrap(words(`${purposeNames[purpose]} ${deviceLabel(device)}${what}`), '    ', '  ');
}

/** A heading with its lines; nothing where there are no lines. */
function part(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...wrap(words(heading), ''), ...lines];
}

/** What was found out, for a person, in 80 columns. */
export function describeAdvice(report: AdviceReport): string {
  const { system, kernelRelease, modules, builtIn, devices, later, missing, rootOn } = report;
  const name = system === undefined ? 'This machine' : `${system.vendor} ${system.product}`.trim();
  const where = rootOn.length === 0 ? 'wherever its root is' : `root on ${rootOn.join(', ')}`;
  const laterLines = later.map(
    ({ device, modules: names }) => `${names.join(' ')} (${deviceLabel(device)})`,
  );
  return [
    ...wrap(words(`${name}, ${where}; stock kernel ${kernelRelease}`), '  ', ''),
    ...part(
      `${plural(modules.length, 'stock module')} for its initramfs, in the order of loading`,
      modules.flatMap(moduleLines),
    ),
    ...part(
      'Built into the stock kernel, so that no module is needed',
      builtIn.flatMap(({ name: driver, reasons }) => {
        const [first = ''] = reasonPhrases(reasons);
        return wrap(words(`${driver}: ${first}`), '      ', '  ');
      }),
    ),
    ...part(
      'Claimed by no stock module: stock has no driver, or has it built in, where ids are not told',
      devices.filter(({ state }) => state === 'unknown').flatMap(deviceLine),
    ),
    ...part(
      'Asked for, but stock has neither a module nor built-in code of that name',
      missing.map((kind) => `  ${kind}`),
    ),
    ...part(
      'Not needed to find the root; udev loads them when it is there',
      [...new Set(laterLines)].flatMap((line) => wrap(words(line), '      ', '  ')),
    ),
  ].join('\n');
}
