import { counted, formatNumber } from './numbers.ts';
import type { ComparisonReport } from './report.ts';

/** What of stock is not here as it is there, and was asked for. */
function wanted({ modules, exports }: ComparisonReport): readonly string[] {
  const isMoved = modules.filter(({ stock, now }) => stock === 'module' && now === 'built-in');
  const absent = modules.filter(
    ({ stock, now, standing }) =>
      stock !== 'absent' && now === 'absent' && standing === 'explained',
  );
  const added = modules.filter(({ stock }) => stock === 'absent');
  const gone = exports.groups
    .filter(({ what, standing }) => what === 'missing' && standing === 'explained')
    .filter(({ cause }) => cause !== 'modules-left-out')
    .reduce((sum, { symbols }) => sum + symbols.length, 0);
  const parts: string[] = [];
  if (isMoved.length > 0) parts.push(`${counted(isMoved.length, 'module')} built in`);
  if (absent.length > 0) parts.push(`${counted(absent.length, 'module')} left out`);
  if (added.length > 0) parts.push(`${counted(added.length, 'driver')} added`);
  if (gone > 0) parts.push(`${counted(gone, 'symbol')} that only modules in the image needed`);
  return parts;
}

function symbolsPart({ exports }: ComparisonReport): string {
  const { source, shared, equal, withoutCrcs } = exports;
  if (source === 'none') return 'exported symbols not known';
  const whose = source === 'imports' ? 'symbols that its modules import' : 'exported symbols';
  if (withoutCrcs) return `${formatNumber(shared)} ${whose}, without CRCs`;
  return `${formatNumber(equal)} of ${formatNumber(shared)} ${whose} with stock's CRC`;
}

function fitPart({ fit }: ComparisonReport): string {
  if (fit.modules === 0) return '';
  return `; ${formatNumber(fit.fitting)} of ${formatNumber(fit.modules)} stock modules fit it by vermagic and CRCs`;
}

/** The one line that answers. */
export function verdictLine(report: ComparisonReport): string {
  const { equal, open, kernelRelease } = report;
  const figures = `${symbolsPart(report)}${fitPart(report)}`;
  if (!equal) return `Differs from stock ${kernelRelease}: ${open.join('; ')} (${figures}).`;
  const but = wanted(report);
  const head = `Equals stock ${kernelRelease}`;
  return but.length === 0
    ? `${head}: ${figures}.`
    : `${head} but for what was asked for (${but.join(', ')}): ${figures}.`;
}
