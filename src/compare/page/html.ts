import { formatNumber } from '../numbers.ts';
import {
  type Figure,
  type Group,
  type NameList,
  type Page,
  type Section,
  type Table,
  type Tone,
  toneWords,
} from './page.ts';
import { styles } from './styles.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that stays text wherever it stands in a page: in an element, or in an attribute. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(/[^\P{Cc}\n]/gu, '\ufffd');
}

/** A name for links within the page. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const mark = (tone: Tone): string => `<span class="mark ${tone}">${toneWords[tone]}</span>`;

function figure({ value, label, tone }: Figure): string {
  return `<li class="${tone}"><b>${escapeHtml(value)}</b> <span>${escapeHtml(label)}</span></li>`;
}

function table({ caption, head, rows }: Table): string {
  const isNumber = (cell: string): boolean => /^[\d,]+$|^-$/.test(cell);
  const isCount = head.map((_, column) => rows.every((row) => isNumber(row[column] ?? '')));
  const cell = (tag: string, text: string, column: number, scope = ''): string =>
    `<${tag}${scope === '' ? '' : ` scope="${scope}"`}${isCount[column] ? ' class="count"' : ''}>${escapeHtml(text)}</${tag}>`;
  const heads = head.map((text, column) =>
    text === '' ? '<td></td>' : cell('th', text, column, 'col'),
  );
  const body = rows.map(
    (row) =>
      `<tr>${row.map((text, column) => (column === 0 ? cell('th', text, column, 'row') : cell('td', text, column))).join('')}</tr>`,
  );
  return [
    '<div class="wide"><table>',
    `<caption>${escapeHtml(caption)}</caption>`,
    `<thead><tr>${heads.join('')}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody>`,
    '</table></div>',
  ].join('\n');
}

function nameList({ label, names }: NameList): string {
  const items = names.map((name) => `<li><code>${escapeHtml(name)}</code></li>`).join(' ');
  const list = `<ul class="names">${items}</ul>`;
  if (label === '') return list;
  const count =
    names.length > 1 ? ` <span class="number">${formatNumber(names.length)}</span>` : '';
  return `<h4>${escapeHtml(label)}${count}</h4>\n${list}`;
}

function group({ title, tone, why, lists }: Group): string {
  const count = lists.reduce((sum, { names }) => sum + names.length, 0);
  // What nothing accounts for is to be seen without a click.
  return [
    `<details${tone === 'open' ? ' open' : ''}>`,
    `<summary><h3>${escapeHtml(title)}</h3> <span class="number">${formatNumber(count)}</span> ${mark(tone)}</summary>`,
    why === '' ? '' : `<p>${escapeHtml(why)}</p>`,
    ...lists.map(nameList),
    '</details>',
  ].join('\n');
}

function section({ title, tone, summary, table: figures, groups }: Section): string {
  const id = anchor(title);
  return [
    `<section aria-labelledby="${id}">`,
    `<h2 id="${id}">${escapeHtml(title)} ${mark(tone)}</h2>`,
    `<p>${escapeHtml(summary)}</p>`,
    figures === undefined ? '' : table(figures),
    ...groups.map(group),
    '</section>',
  ].join('\n');
}

function overview(sections: readonly Section[]): string {
  const rows = sections.map(
    ({ title, tone, summary }) =>
      `<tr><th scope="row"><a href="#${anchor(title)}">${escapeHtml(title)}</a></th><td>${mark(tone)}</td><td>${escapeHtml(summary)}</td></tr>`,
  );
  return [
    '<div class="wide"><table class="overview">',
    '<caption>What was compared</caption>',
    '<thead><tr><th scope="col">what</th><th scope="col">how it stands</th><th scope="col">in figures</th></tr></thead>',
    `<tbody>${rows.join('\n')}</tbody>`,
    '</table></div>',
  ].join('\n');
}

/**
 * A comparison as one HTML file: it loads nothing, runs no script, and is of the same bytes for the
 * same comparison.
 */
export function comparisonHtml({ title, verdict, tone, figures, sections, limits }: Page): string {
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${styles}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<p class="what">Netboot kernel against stock</p>`,
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="verdict ${tone}">${escapeHtml(verdict)}</p>`,
    `<ul class="figures">${figures.map(figure).join('\n')}</ul>`,
    '</header>',
    '<main>',
    overview(sections),
    ...sections.map(section),
    '</main>',
    '<footer>',
    '<h2>What this does not say</h2>',
    `<ul>${limits.map((limit) => `<li>${escapeHtml(limit)}</li>`).join('\n')}</ul>`,
    '<p>Made by <code>bootwright compare</code>.</p>',
    '</footer>',
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}
