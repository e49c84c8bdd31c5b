import { plural, wrap } from '../../bundle/text-layout.ts';
import { stockSources } from '../../kernel/stock/index.ts';
import { formatBytes } from '../../system/files.ts';
import { shellQuote } from '../../system/process.ts';
import type { BootTime } from './boot-times.ts';
import type { ImageEstimate } from './price.ts';
import type { FleetReport, MeasuredBundle } from './report.ts';
import type { SuggestedMachine, Suggestion } from './suggest.ts';

/** Words to be wrapped, of a text. */
const words = (text: string): readonly string[] => text.split(' ');

const paragraph = (text: string, indent = '  '): readonly string[] => wrap(words(text), indent);

function heading({ cards, isSmallest, drivers }: Suggestion): string {
  const count = plural(drivers.length, 'driver');
  if (cards === 'every') return `${count}, for every network card that this kernel can drive`;
  const proof = isSmallest
    ? 'fewer do not do it'
    : 'found by trying, as there are too many ways: maybe fewer would do it';
  return `${count}, for at least one network card of each machine; ${proof}`;
}

/** How many names of machines a line has. */
const namesShown = 6;

function namesOf(machines: readonly string[]): string {
  const more = machines.length - namesShown;
  const shown = machines.slice(0, namesShown).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function driverLines({ drivers }: Suggestion): readonly string[] {
  const column = Math.max(0, ...drivers.map(({ module }) => module.length)) + 4;
  return drivers.flatMap(({ module, machines, cards, reason }) =>
    wrap(
      words(`${plural(cards, 'card')} of ${namesOf(machines)}: ${reason}`),
      ' '.repeat(column),
      `  ${module}`.padEnd(column),
    ),
  );
}

/** Cards that could not be served, those of the same kind and reason together. */
function leftOutLines(machines: readonly SuggestedMachine[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { name, leftOut } of machines) {
    for (const { address, id, text, why } of leftOut) {
      const key = `${[id, text].filter(Boolean).join(' ')}: ${why}`;
      groups.set(key, [...(groups.get(key) ?? []), `${name} ${address}`]);
    }
  }
  if (groups.size === 0) return [];
  return [
    '',
    'Network cards that are left out',
    ...[...groups].flatMap(([what, places]) => [
      ...wrap(words(what), '    ', '  '),
      ...wrap(words(namesOf(places)), '      '),
    ]),
  ];
}

const verdictWords = {
  served: '',
  'not-served': 'does not boot from the network: no driver of this kernel serves a card of it',
  unknown: 'not known: no card of it is known to be served',
  'no-network-device': 'not known: no network card was found in its description',
} as const;

function machineLines({ machines }: Suggestion): readonly string[] {
  const bad = machines.filter(({ verdict }) => verdict !== 'served');
  if (bad.length === 0) return [];
  return [
    '',
    'Machines that it is not enough for',
    ...bad.flatMap(({ name, verdict }) =>
      wrap(words(`${name}: ${verdictWords[verdict]}`), '    ', '  '),
    ),
  ];
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

function bootLine({ transfer, unpacking, toLink, toInit }: BootTime): string {
  return `image loaded in ${seconds(transfer)}, unpacked in ${seconds(unpacking)}; from the kernel's first line, ${seconds(toLink)} to its first request for an address, ${seconds(toInit)} to init`;
}

function estimateText({ inBundle, inScope, rate, basis }: ImageEstimate): string {
  const percent = `${Math.round(rate * 100)} %`;
  return [
    `kernel image with this scope, an estimate: of ${inBundle.modules} modules of stock that are in that image,`,
    `${formatBytes(inBundle.bytes)} of code and data, this scope has ${inScope.modules},`,
    `${formatBytes(inScope.bytes)};`,
    basis === 'stock-image'
      ? `each byte counts ${percent}, which is what they add to stock's own image`
      : `packed to ${percent}, as that kernel is. Symbols, BTF and relocations of the rest go as well, so the image is rather smaller (by stock's own image, in --stock, it can be told better)`,
  ].join(' ');
}

function sizeLines({ price: { now, drivers, estimate, built } }: FleetReport): readonly string[] {
  const row = (bytes: string, text: string): readonly string[] =>
    wrap(words(text), ' '.repeat(13), `  ${bytes.padStart(9)}  `);
  return [
    '',
    'Size',
    ...(drivers === undefined
      ? []
      : row(
          formatBytes(drivers.bytes),
          `code and data of these drivers and what they need (${plural(drivers.modules, 'module')} of stock), unpacked`,
        )),
    ...(now === undefined
      ? []
      : row(formatBytes(now.bytes), `kernel image, scope ${now.scope}: ${now.bundle}`)),
    ...(estimate === undefined
      ? []
      : row(`~${formatBytes(estimate.bytes)}`, estimateText(estimate))),
    ...(built === undefined
      ? []
      : row(
          formatBytes(built.bytes),
          `kernel image, scope ${built.scope}, as built: ${built.bundle}`,
        )),
    ...(estimate === undefined && built === undefined ? paragraph(whyNoEstimate(now)) : []),
  ];
}

function whyNoEstimate(now: MeasuredBundle | undefined): string {
  return now === undefined
    ? 'What an image weighs with them is estimated from a bundle of this kernel: name one.'
    : 'With this scope: not known. The sizes of drivers are those of their modules: give --stock.';
}

/** The boots of two bundles on machines that both were proved on; those of the one, if there is but one. */
function comparable(
  boots: readonly BootTime[],
  others: MeasuredBundle | undefined,
): readonly BootTime[] {
  if (others === undefined) return boots;
  return boots.filter(({ machine }) => others.boots.some((boot) => boot.machine === machine));
}

function timeLines({ price: { now, built } }: FleetReport): readonly string[] {
  const lines = (
    bundle: MeasuredBundle | undefined,
    other: MeasuredBundle | undefined,
  ): readonly string[] =>
    comparable(bundle?.boots ?? [], other).flatMap((boot) =>
      wrap(words(`${boot.machine}, scope ${bundle?.scope}: ${bootLine(boot)}`), '    ', '  '),
    );
  const shown = [...lines(now, built), ...lines(built, now)];
  const isOpen = built === undefined || shown.length === 0;
  return [
    '',
    'Time to boot, as proved',
    ...shown,
    ...(now !== undefined && now.boots.length === 0
      ? paragraph('No proof lies beside the bundle.')
      : []),
    ...(isOpen
      ? paragraph(
          built === undefined
            ? howToMeasure
            : 'No machine that both bundles were proved on: prove them on the same one.',
        )
      : []),
  ];
}

const howToMeasure =
  'With this scope: not known. How long drivers take to start no file tells; build and prove it, and name that bundle by --built.';

/** What was found out, for a person, in 80 columns. */
export function describeFleetReport(report: FleetReport): string {
  const { suggestion, kernelRelease, stock, file } = report;
  const { machines } = suggestion;
  return [
    `The smallest scope for ${plural(machines.length, 'machine')}, with ${kernelRelease}`,
    '',
    ...wrap(words(heading(suggestion)), ''),
    ...driverLines(suggestion),
    ...leftOutLines(machines),
    ...machineLines(suggestion),
    ...(stock
      ? []
      : [
          '',
          ...paragraph(
            `Found by the names of drivers alone: which devices a driver claims stands in its module, in the stock kernel. Give --stock with ${stockSources}.`,
            '',
          ),
        ]),
    ...sizeLines(report),
    ...timeLines(report),
    ...(file === undefined
      ? ['', ...paragraph('To build it, write it to a file by --out FILE.', '')]
      : [
          '',
          `Written to ${file}. To build it:`,
          `  bootwright build --scope ${shellQuote(`fleet=${file}`)} SRPM`,
        ]),
  ].join('\n');
}
