import type { ModuleComparison, ModulePlace } from '../modules.ts';
import { counted, formatNumber } from '../numbers.ts';
import type { ComparisonReport } from '../report.ts';
import { type Group, listsBy, type Section, worst } from './page.ts';

const words: Readonly<Record<ModulePlace, string>> = {
  'built-in': 'built in',
  module: 'a module',
  absent: 'not there',
};

/** So many parts of a path name what is compiled there: `drivers/net/ethernet`. */
const folderParts = 3;

function folderOf({ path }: ModuleComparison): string {
  const parts = path.split('/');
  return (
    parts
      .slice(parts[0] === 'kernel' ? 1 : 0, -1)
      .slice(0, folderParts)
      .join('/') || path
  );
}

const changes: readonly (readonly [ModulePlace, ModulePlace, string])[] = [
  ['module', 'built-in', 'Modules of stock, built in'],
  ['module', 'absent', 'Modules of stock, in no part of the bundle'],
  ['built-in', 'module', 'Built in by stock, modules now'],
  ['built-in', 'absent', 'Built in by stock, in no part of the bundle'],
  ['absent', 'built-in', 'In the image, and in no part of stock'],
  ['absent', 'module', 'Modules that stock does not have'],
  ['module', 'module', 'Modules of stock, compiled anew'],
];

function groupsOf(modules: readonly ModuleComparison[]): readonly Group[] {
  return changes.flatMap(([stock, now, title]) => {
    const own = modules.filter(
      (each) => each.stock === stock && each.now === now && each.reason !== '',
    );
    return (['open', 'explained'] as const).flatMap((standing): Group[] => {
      const some = own.filter((each) => each.standing === standing);
      const [first] = some;
      if (first === undefined) return [];
      const isOneReason = some.every(({ reason }) => reason === first.reason);
      // Of what was built in, the config says why; here its places say more.
      const isByFolder = isOneReason || now === 'built-in';
      return [
        {
          title,
          tone: standing,
          why: isOneReason ? `${first.reason}.` : '',
          lists: listsBy(
            some,
            (each) => (isByFolder ? folderOf(each) : each.reason),
            ({ module }) => module,
          ),
        },
      ];
    });
  });
}

/** Where the two kernels have their drivers. */
export function modulesSection({ modules, notGiven }: ComparisonReport): Section {
  const number = (stock: ModulePlace, now: ModulePlace): number =>
    modules.filter((each) => each.stock === stock && each.now === now).length;
  const places: readonly ModulePlace[] = ['module', 'built-in', 'absent'];
  const groups = groupsOf(modules);
  const all = modules.filter(({ stock }) => stock === 'module').length;
  const files =
    notGiven === 0 ? '' : ` The files of ${counted(notGiven, 'module')} were not given.`;
  return {
    title: 'Drivers and other modules',
    tone: worst(groups.map(({ tone }) => tone)),
    summary: `Of ${counted(all, 'module')} of stock, ${formatNumber(number('module', 'built-in'))} are built in, ${formatNumber(number('module', 'module'))} are modules of the bundle, ${formatNumber(number('module', 'absent'))} are in no part of it.${files}`,
    table: {
      caption: 'Where stock has them (down), and where the bundle does (across)',
      head: ['in stock', ...places.map((place) => words[place])],
      rows: places
        .map((stock) => [words[stock], ...places.map((now) => formatNumber(number(stock, now)))])
        .map((row, index) => (index === 2 ? [...row.slice(0, 3), '-'] : row)),
    },
    groups,
  };
}

/** Whether stock's own modules fit the bundle's kernel. */
export function fitSection({ fit, exports }: ComparisonReport): Section {
  const { modules, fitting, imports, unfit } = fit;
  if (modules === 0) {
    const summary = 'No module of stock was given that is not in the image.';
    return { title: "Stock's own modules", tone: 'unknown', summary, groups: [] };
  }
  const crcs =
    imports === 0
      ? ' by vermagic. They have no CRCs (CONFIG_MODVERSIONS is off).'
      : `, by vermagic and the CRCs of ${counted(imports, 'import')}.`;
  return {
    title: "Stock's own modules",
    tone: unfit.length > 0 ? 'open' : exports.source === 'none' ? 'unknown' : 'same',
    summary: `${fitting === modules ? 'All' : `${formatNumber(fitting)} of`} ${counted(modules, 'module')} of stock that are not in the image fit this kernel${crcs}`,
    groups:
      unfit.length === 0
        ? []
        : [
            {
              title: 'Would be refused',
              tone: 'open',
              why: '',
              lists: unfit.map(({ module, problem, problems }) => ({
                label: problems === 1 ? problem : `${problem}, and ${problems - 1} more`,
                names: [module],
              })),
            },
          ],
  };
}
