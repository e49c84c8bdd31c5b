import type { SymbolGroup } from '../explain-exports.ts';
import { providerModule } from '../exports.ts';
import { counted, formatNumber } from '../numbers.ts';
import type { ComparisonReport } from '../report.ts';
import { type Group, listsBy, type NameList, type Section, type Tone, worst } from './page.ts';

const titles: Readonly<Record<SymbolGroup['what'], string>> = {
  missing: 'Not exported',
  added: 'Exported besides',
  crc: 'With another CRC',
  kind: 'Exported in another way',
  namespace: 'In another namespace',
};

/** What differs, and of which module, if it is one; most of what is missing is of many. */
function titleOf({ what, symbols, cause }: SymbolGroup): string {
  const providers = new Set(symbols.map(({ provider }) => provider));
  const [provider = ''] = providers;
  if (cause === 'modules-left-out') return `${titles[what]}: of modules that were left out`;
  if (cause === 'module-absent') return `${titles[what]}: of modules that are not there`;
  return providers.size > 1 ? titles[what] : `${titles[what]}: of ${providerModule(provider)}`;
}

function listsOf({ what, symbols }: SymbolGroup): readonly NameList[] {
  if (what === 'missing' || what === 'added') {
    return listsBy(
      symbols,
      ({ provider }) => provider,
      ({ name }) => name,
    );
  }
  return listsBy(
    symbols,
    ({ provider }) => provider,
    ({ name, from, to }) => `${name} (${from || 'none'} -> ${to || 'none'})`,
  );
}

/** So many users are named; where they were left out with their symbols, none. */
const usersNamed = 12;

function whyOf({ reason, location, users, cause }: SymbolGroup): string {
  const where = location === '' ? '' : ` (${location})`;
  if (users.length === 0 || cause === 'modules-left-out') return `${reason}${where}.`;
  const more = users.length - usersNamed;
  const names = users.slice(0, usersNamed).join(', ');
  const rest = more > 0 ? ` and ${formatNumber(more)} more` : '';
  const which = cause === 'users-built-in' ? ', all in the image' : '';
  return `${reason}${where}. Modules of stock that need them${which}: ${names}${rest}.`;
}

function summaryOf({ exports }: ComparisonReport): { summary: string; known: Tone } {
  const missing = exports.groups
    .filter(({ what }) => what === 'missing')
    .reduce((sum, { symbols }) => sum + symbols.length, 0);
  const { source, stock, shared, equal, moved, unknown, withoutCrcs, bundle } = exports;
  if (source === 'none') {
    const summary =
      'What stock exports is not known: neither its symvers nor modules with versions were given.';
    return { summary, known: 'unknown' };
  }
  const whose =
    source === 'symvers'
      ? `Stock exports ${counted(stock, 'symbol')} (by its symvers)`
      : `Stock's modules import ${counted(stock, 'symbol')} (by their __versions; no symvers was given, so what no module imports is not compared)`;
  const crcs = withoutCrcs
    ? 'Neither kernel has CRCs (CONFIG_MODVERSIONS is off).'
    : equal === shared
      ? `All ${formatNumber(shared)} that both export have stock's CRC.`
      : `Of ${formatNumber(shared)} that both export, ${formatNumber(equal)} have stock's CRC.`;
  const builtIn =
    moved === 0 ? '' : ` ${formatNumber(moved)} of them were in modules and are in the image now.`;
  const gone = missing === 0 ? '' : ` It lacks ${formatNumber(missing)}.`;
  const maybe =
    unknown === 0
      ? ''
      : ` ${formatNumber(unknown)} are not known to be exported: they are of modules that were rebuilt, or may be of modules whose files were not given.`;
  return {
    summary: `${whose}, the bundle's kernel ${formatNumber(bundle)}. ${crcs}${builtIn}${gone}${maybe}`,
    known: 'same',
  };
}

/** What the two kernels export to modules. */
export function exportsSection(report: ComparisonReport): Section {
  const groups = report.exports.groups.map(
    (group): Group => ({
      title: titleOf(group),
      tone: group.standing,
      why: whyOf(group),
      lists: listsOf(group),
    }),
  );
  const { summary, known } = summaryOf(report);
  return {
    title: 'Exported symbols',
    tone: worst([known, ...groups.map(({ tone }) => tone)]),
    summary,
    groups,
  };
}

/** How the vendor's lists of symbols are kept. */
export function kabiSections({ kabi }: ComparisonReport): readonly Section[] {
  return kabi.map(({ list, symbols, kept, unchecked, missing, changed, moved, notStock }) => {
    const groups: readonly Group[] = [
      {
        title: 'Not exported',
        tone: 'open' as const,
        why: '',
        lists: listsBy(
          missing,
          ({ provider }) => provider || 'by an unknown module',
          ({ name }) => name,
        ),
      },
      {
        title: 'With another CRC',
        tone: 'open' as const,
        why: '',
        lists: [
          { label: '', names: changed.map(({ name, from, to }) => `${name} (${from} -> ${to})`) },
        ],
      },
      {
        title: 'Not checked',
        tone: 'unknown' as const,
        why: 'Neither the list nor stock tells a CRC.',
        lists: [{ label: '', names: unchecked }],
      },
      {
        title: 'Stock itself has another CRC than the list',
        tone: 'open' as const,
        why: 'The list is of another kernel, or stock does not keep it.',
        lists: [{ label: '', names: notStock }],
      },
      {
        title: 'Exported by another than the list says',
        tone: 'explained' as const,
        why: 'Modules do not mind.',
        lists: listsBy(
          moved,
          ({ from, to }) => `${from} -> ${to}`,
          ({ name }) => name,
        ),
      },
    ].filter(({ lists }) => lists.some(({ names }) => names.length > 0));
    return {
      title: `kABI: ${list}`,
      tone: worst(groups.map(({ tone }) => tone)),
      summary:
        kept === symbols
          ? `All ${counted(symbols, 'symbol')} of the list are there, with the CRCs that are promised.`
          : `${formatNumber(kept)} of ${counted(symbols, 'symbol')} of the list are there with the CRC that is promised; ${formatNumber(changed.length)} have another one, ${formatNumber(missing.length)} are missing.`,
      groups,
    };
  });
}
