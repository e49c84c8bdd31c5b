import type { Decision, DeviceCount, SharedDevices } from '../devices.ts';
import { counted, formatNumber } from '../numbers.ts';
import type { ComparisonReport } from '../report.ts';
import type { Group, NameList, Section } from './page.ts';

const by: Readonly<Record<Decision, string>> = {
  'image-first': 'it is in the image',
  initcalls: 'by the order of initcalls',
  'link-order': 'by the order of linking',
  'modules-order': 'by modules.order',
  only: 'it is the only one there',
  none: 'none is there',
};

/** Buses with fewer ids are told together. */
const namedBuses = 12;

function rows(buses: readonly DeviceCount[], total: DeviceCount): readonly (readonly string[])[] {
  const row = ({ bus, ids, image, module, none }: DeviceCount): readonly string[] => [
    bus,
    ...[ids, image, module, none].map(formatNumber),
  ];
  const rest = buses.slice(namedBuses);
  const sum = (part: 'ids' | 'image' | 'module' | 'none'): number =>
    rest.reduce((all, each) => all + each[part], 0);
  const others: DeviceCount = {
    bus: `${rest.length} more`,
    ids: sum('ids'),
    image: sum('image'),
    module: sum('module'),
    none: sum('none'),
  };
  return [
    ...buses.slice(0, namedBuses).map(row),
    ...(rest.length === 0 ? [] : [row(others)]),
    row(total),
  ];
}

function list(shared: SharedDevices, isStockTold: boolean): NameList {
  const { nowFirst, nowBy, stockFirst, drivers } = shared;
  const others = drivers.filter((driver) => driver !== nowFirst).join(', ');
  const stock = isStockTold
    ? `; in stock ${stockFirst || 'none'}${stockFirst === '' ? '' : ` (${by[shared.stockBy]})`}`
    : '';
  const first = nowFirst === '' ? 'none' : nowFirst;
  const before = nowBy === 'only' || nowBy === 'none' ? '' : ` before ${others}`;
  return {
    label: `${first}${before} (${by[nowBy]})${stock}`,
    names: shared.ids.map((id) => `${shared.bus} ${id}`),
  };
}

/** Who serves which devices. */
export function devicesSection({ devices }: ComparisonReport): Section {
  const { total, buses, shared, added, builtInByStock } = devices;
  const both = shared.filter(({ inImage }) => inImage.length > 1);
  const isOther = ({ stockFirst, nowFirst }: SharedDevices): boolean =>
    stockFirst !== nowFirst && nowFirst !== '';
  const other = shared.filter((each) => isOther(each) && !both.includes(each));
  const groups: Group[] = [];
  if (both.length > 0) {
    groups.push({
      title: 'Ids that several drivers in the image claim',
      tone: 'explained',
      why: 'The one that registers first is asked first, and has the device if its probe succeeds; else the next one is asked.',
      lists: both.map((each) => list(each, isOther(each))),
    });
  }
  if (other.length > 0) {
    groups.push({
      title: 'Ids for which another driver than in stock is asked first',
      tone: 'explained',
      why: 'Stock has these drivers as modules, and the bundle has not all of them in the same place.',
      lists: other.map((each) => list(each, true)),
    });
  }
  if (added.length > 0) {
    groups.push({
      title: 'Claimed by modules of the bundle, and by none of stock',
      tone: 'explained',
      why: '',
      lists: [{ label: '', names: added }],
    });
  }
  const moved = devices.drivers.filter(
    (each) => each.stock === 'module' && each.now === 'built-in',
  );
  if (moved.length > 0) {
    groups.push({
      title: 'Drivers that serve their devices from the image now, with the number of ids',
      tone: 'explained',
      why: '',
      lists: [{ label: '', names: moved.map(({ module, ids }) => `${module}(${ids.length})`) }],
    });
  }
  return {
    title: 'Devices',
    tone: total.ids === 0 ? 'unknown' : groups.length === 0 ? 'same' : 'explained',
    summary:
      total.ids === 0
        ? 'No module of stock was given that tells which devices it claims.'
        : `Stock's modules claim ${counted(total.ids, 'device id')}: ${formatNumber(total.image)} are served by the image, ${formatNumber(total.module)} by modules of the bundle, ${formatNumber(total.none)} by none of it. Drivers that stock itself has built in (${formatNumber(builtInByStock)}) tell theirs only from 6.18 on.`,
    ...(total.ids === 0
      ? {}
      : {
          table: {
            caption: 'Device ids that modules of stock claim, by what serves them now',
            head: ['bus', 'ids', 'image', 'module', 'none'],
            rows: rows(buses, total),
          },
        }),
    groups,
  };
}
