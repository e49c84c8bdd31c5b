import { formatNumber } from '../numbers.ts';
import type { ComparisonReport } from '../report.ts';
import type { Figure, Tone } from './page.ts';

const share = (part: number, whole: number): string =>
  part === whole ? `all ${formatNumber(whole)}` : `${formatNumber(part)} of ${formatNumber(whole)}`;

/** The figures that somebody who reads nothing else should see. */
export function keyFigures(report: ComparisonReport): readonly Figure[] {
  const { exports, fit, modules, config, devices, kabi } = report;
  const figures: Figure[] = [];
  const isOpen = (open: boolean): Tone => (open ? 'open' : 'same');
  if (exports.shared > 0 && !exports.withoutCrcs) {
    figures.push({
      value: share(exports.equal, exports.shared),
      label:
        exports.source === 'symvers'
          ? 'exported symbols have the CRC of stock'
          : 'symbols that stock modules import have the CRC of stock',
      tone: isOpen(exports.equal !== exports.shared),
    });
  }
  for (const list of kabi) {
    figures.push({
      value: share(list.kept, list.symbols),
      label: `symbols of ${list.list} kept`,
      tone: isOpen(list.kept !== list.symbols),
    });
  }
  if (fit.modules > 0) {
    figures.push({
      value: share(fit.fitting, fit.modules),
      label: 'stock modules that are not built in fit, by vermagic and CRCs',
      tone: isOpen(fit.fitting !== fit.modules),
    });
  }
  const gone = modules.filter(({ now, standing }) => now === 'absent' && standing === 'open');
  if (gone.length > 0) {
    figures.push({
      value: formatNumber(gone.length),
      label: 'drivers of stock are in no part of the bundle',
      tone: 'open',
    });
  }
  const builtIn = modules.filter(({ stock, now }) => stock === 'module' && now === 'built-in');
  figures.push({
    value: formatNumber(builtIn.length),
    label: 'modules of stock are built in',
    tone: builtIn.some(({ standing }) => standing === 'open') ? 'open' : 'explained',
  });
  const accounted = config.lines.filter(({ standing }) => standing === 'explained').length;
  if (config.lines.length > 0) {
    figures.push({
      value: share(accounted, config.lines.length),
      label: 'options that differ are accounted for',
      tone: accounted === config.lines.length ? 'explained' : 'open',
    });
  }
  if (devices.total.ids > 0) {
    figures.push({
      value: formatNumber(devices.total.image),
      label: `of ${formatNumber(devices.total.ids)} device ids are served by the image`,
      tone: 'explained',
    });
  }
  return figures;
}
