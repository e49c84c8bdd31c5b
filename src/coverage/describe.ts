import { plural, wrap } from '../bundle/text-layout.ts';
import { describeGaps } from '../kernel/firmware/gaps.ts';
import { stockSources } from '../kernel/stock/index.ts';
import type { BundleCoverage, Count, CoveredDriver, OwnDrivers } from './assess-bundle.ts';
import type { CoveredDevice, DeviceState, MachineCoverage } from './assess-machine.ts';
import type { DriverState } from './driver-state.ts';
import type { CoverageReport } from './report.ts';

const stateWords: Readonly<Record<DeviceState, string>> = {
  'built-in': 'built in',
  initramfs: 'in the initramfs',
  module: 'a module: not before the root is there',
  absent: 'no driver in this kernel',
  unknown: 'not known without --stock',
};

const placeWords = {
  'built-in': 'built in',
  initramfs: 'in the initramfs',
  module: 'a module',
  absent: 'not there',
} as const;

/** Words to be wrapped, of a text. */
const words = (text: string): readonly string[] => text.split(' ');

function addressOf({ device }: CoveredDevice): string {
  return device.address === '' ? device.bus : device.address;
}

function idOf({ device }: CoveredDevice): string {
  return device.ids === undefined ? 'no id' : `${device.ids.vendor}:${device.ids.device}`;
}

/** A line for each cell that has something to say, in columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = rows[0]?.map((_, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(columns?.[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function driverName({ drivers: [best] }: CoveredDevice): string {
  return best?.module ?? '-';
}

function deviceLines(devices: readonly CoveredDevice[]): readonly string[] {
  const heads = table(
    devices.map((each) => [addressOf(each), idOf(each), driverName(each), stateWords[each.state]]),
  );
  return devices.flatMap(({ device, drivers, note }, index) => {
    const details = [device.text, note, ...(drivers[0]?.location ? [drivers[0].location] : [])];
    const others = drivers.slice(1).map(({ module, place }) => `${module} (${placeWords[place]})`);
    if (others.length > 0) details.push(`claimed also by ${others.join(', ')}`);
    return [
      `  ${heads[index]}`,
      ...details
        .filter((detail) => detail !== '')
        .flatMap((detail) => wrap(words(detail), '        ', '      ')),
    ];
  });
}

/** The one line that answers. */
function verdictLine({ devices, verdict }: MachineCoverage): string {
  const all = plural(devices.length, 'network card');
  const serving = devices.filter(({ netboots }) => netboots);
  switch (verdict) {
    case 'netboots': {
      const by = serving.map((each) => `${addressOf(each)} (${driverName(each)})`).join(', ');
      const isGuess = serving.every(({ drivers: [best] }) => best?.evidence === 'name');
      const guess = isGuess ? ', going by the names of drivers alone' : '';
      return `Netboots by ${serving.length} of ${all}${guess}: ${by}.`;
    }
    case 'does-not':
      return `Does not netboot: none of ${all} is driven by the image.`;
    case 'unknown':
      return `Not known: of ${all}, none is known to be driven by the image.`;
    case 'no-network-device':
      return 'Not known: no network card was found.';
  }
}

function describeMachine({ machine, bundle, stock }: CoverageReport): readonly string[] {
  if (machine === undefined) return [];
  const { system, devices } = machine;
  const name = system === undefined ? 'The machine' : `${system.vendor} ${system.product}`.trim();
  return [
    `${name}, with ${bundle}`,
    ...deviceLines(devices),
    '',
    ...wrap(words(verdictLine(machine)), '  ', ''),
    ...(stock ? [] : ['', ...withoutStock]),
  ];
}

/** What cannot be said without stock's modules, and how to get it. */
const withoutStock: readonly string[] = [
  ...wrap(
    words(
      'A driver that is built in does not tell which devices it claims; only its module does, in the stock kernel. So devices can be matched by the names of drivers, not by ids.',
    ),
    '',
  ),
  ...wrap(words(`Give --stock with ${stockSources}.`), ''),
];

function countLine(title: string, { drivers, ids, buses }: Count): readonly string[] {
  const by = Object.entries(buses)
    .sort(([, a], [, b]) => b - a)
    .map(([bus, count]) => `${bus} ${count},`);
  const last = by.pop()?.replace(/,$/, '');
  const head = `  ${title.padEnd(10)} ${plural(ids, 'id')} of ${plural(drivers, 'driver')}`;
  return last === undefined ? [head] : wrap([':', ...by, last], '             ', head);
}

/** The name of a driver, with the number of its ids where that is known. */
function counted({ module, ids }: DriverState & { readonly ids?: readonly string[] }): string {
  return ids === undefined ? module : `${module}(${ids.length})`;
}

/** Drivers that are not in the image, those of the same reason together. */
function reasonLines(
  drivers: readonly (DriverState & { readonly ids?: readonly string[] })[],
): readonly string[] {
  const groups = new Map<string, typeof drivers>();
  for (const driver of drivers) {
    const where = driver.location === '' ? '' : ` (${driver.location})`;
    const key = driver.reason + where;
    groups.set(key, [...(groups.get(key) ?? []), driver]);
  }
  return [...groups].flatMap(([reason, group]) => [
    ...wrap(words(reason), '    ', '  '),
    ...wrap(group.map(counted), '      '),
  ]);
}

/** How many ids of a driver are told one by one; all of them stand in the report as JSON. */
const toldIds = 12;

/** Drivers that lack firmware: what is missing, what comes of that, and for which devices. */
function firmwareLines(drivers: readonly CoveredDriver[]): readonly string[] {
  const lacking = drivers.filter(({ firmware }) => (firmware?.gaps.length ?? 0) > 0);
  const heads = describeGaps(
    lacking.flatMap(({ module, firmware }) => {
      const [gap] = firmware?.gaps ?? [];
      return gap === undefined ? [] : [{ ...gap, driver: module }];
    }),
  );
  return lacking.flatMap(({ ids }, index) => {
    const told = ids.slice(0, toldIds);
    const more = ids.length > told.length ? [`and ${ids.length - told.length} more`] : [];
    return [
      ...wrap(words(heads[index] ?? ''), '      ', '  '),
      ...(ids.length === 0 ? [] : wrap([told.join(', '), ...more].flatMap(words), '      ')),
    ];
  });
}

function describeCoverage(coverage: BundleCoverage, release: string): readonly string[] {
  const { counts, drivers, stockBuiltIn } = coverage;
  const at = (place: CoveredDriver['place']): readonly CoveredDriver[] =>
    drivers.filter((driver) => driver.place === place);
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', title, ...lines];
  const names = at('built-in').map(counted);
  const early = at('initramfs').map(counted);
  return [
    `Network device ids of the stock kernel ${release}`,
    ...countLine('built in', counts['built-in']),
    ...(early.length === 0 ? [] : countLine('initramfs', counts.initramfs)),
    ...countLine('a module', counts.module),
    ...countLine('not there', counts.absent),
    ...list('Built in, with the number of ids', names.length === 0 ? [] : wrap(names, '    ')),
    ...list(
      'In the initramfs, with the number of ids',
      early.length === 0 ? [] : wrap(early, '    '),
    ),
    ...list('Built in, and firmware is missing in the image', firmwareLines(drivers)),
    ...list('Modules: not before the root is there', reasonLines(at('module'))),
    ...list('In no part of the bundle', reasonLines(at('absent'))),
    ...list(
      'Built in by stock itself, so that their ids are not told',
      stockBuiltIn.length === 0
        ? []
        : wrap(
            stockBuiltIn.map(({ module }) => module),
            '    ',
          ),
    ),
  ];
}

function describeOwn({ builtIn, initramfs, modules, gaps }: OwnDrivers): readonly string[] {
  return [
    `${plural(builtIn.length, 'network driver')} built in`,
    ...(builtIn.length === 0 ? [] : wrap(builtIn, '    ')),
    ...(initramfs.length === 0
      ? []
      : [
          `${plural(initramfs.length, 'network driver')} in the initramfs`,
          ...wrap(initramfs, '    '),
        ]),
    ...(modules.length === 0
      ? []
      : [
          `${plural(modules.length, 'network driver')} as ${modules.length === 1 ? 'a module' : 'modules'}: not before the root is there`,
          ...reasonLines(modules),
        ]),
    ...(gaps.length === 0
      ? []
      : [
          '',
          `Firmware is missing in the image for ${plural(gaps.length, 'driver')}`,
          ...describeGaps(gaps).flatMap((line) => wrap(words(line), '      ', '  ')),
        ]),
    '',
    ...withoutStock,
  ];
}

/** What was found out, for a person, in 80 columns. */
export function describeCoverageReport(report: CoverageReport): string {
  const { machine, coverage, drivers, bundle, kernelRelease } = report;
  if (machine !== undefined) return describeMachine(report).join('\n');
  const lines = [bundle, ''];
  if (coverage !== undefined) lines.push(...describeCoverage(coverage, kernelRelease));
  if (drivers !== undefined) lines.push(...describeOwn(drivers));
  return lines.join('\n');
}
