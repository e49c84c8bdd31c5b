import { styleText } from 'node:util';
import { type Diagnosis, type Finding, type Job, jobs } from '../../pipeline/doctor/finding.ts';
import type { Paint } from './frame.ts';
import { printable, wrapWords } from './text.ts';

const headings: Readonly<Record<Finding['group'], string>> = {
  programs: 'Programs',
  files: 'Files',
  room: 'Room',
  privileges: 'Privileges',
  host: 'Host',
};

const parts: Readonly<Record<Job, string>> = {
  build: 'compile a kernel',
  bundle: 'pack a bundle',
  proof: 'prove it by a PXE boot',
};

/** Words, not signs: they can be searched for, and any terminal has them. */
const words = { ok: 'ok', missing: 'MISSING', poor: 'poor', note: '-' } as const;
const styles = { ok: 'green', missing: 'red', poor: 'yellow', note: 'dim' } as const;
type Style = (typeof styles)[keyof typeof styles];

const wordColumns = 9;
const versionColumns = 9;

/** How it stands, in a word: in capitals only what stops the main job. */
function stateOf({ state, detail, prevents }: Finding, aim: Job): readonly [string, Style] {
  const stops = prevents !== undefined && jobs.indexOf(prevents) <= jobs.indexOf(aim);
  if (stops) return [state === 'missing' ? words.missing : 'FAULT', 'red'];
  if (detail === 'missing') return ['without', 'yellow'];
  return [words[state], styles[state]];
}

/** What there is to say: of a program its version and what it is for, of other things how they are. */
function textOf({ group, detail, purpose = '' }: Finding): string {
  if (detail === 'missing') return purpose;
  return group === 'programs' ? `${detail.padEnd(versionColumns)}${purpose}` : detail;
}

function findingLines(
  finding: Finding,
  aim: Job,
  nameColumns: number,
  width: number,
  paint: Paint,
): string[] {
  const { name, prevents, packages, remedy } = finding;
  const [word, style] = stateOf(finding, aim);
  const indent = 2 + wordColumns + nameColumns + 2;
  const margin = ' '.repeat(indent);
  const [first = '', ...rest] = wrapWords(printable(textOf(finding)), width - indent);
  const deeper = finding.group === 'programs' && finding.state === 'ok' ? versionColumns : 0;
  const lines = [
    `  ${paint(style, word.padEnd(wordColumns))}${name.padEnd(nameColumns)}  ${first}`,
    ...rest.map((line) => margin + ' '.repeat(deeper) + line),
  ];
  if (finding.state === 'ok') return lines;
  const more: string[] = [];
  if (prevents !== undefined) more.push(`prevents: ${prevents}`);
  if (packages !== undefined) more.push(`package: ${packages.join(' ')}`);
  if (more.length > 0) lines.push(margin + paint('dim', more.join('; ')));
  if (remedy !== undefined) {
    const hint = wrapWords(printable(remedy), width - indent - 3);
    lines.push(
      ...hint.map((line, at) => margin + paint('dim', `${at === 0 ? '->' : '  '} ${line}`)),
    );
  }
  return lines;
}

/** What a diagnosis says to a person. */
export function renderDiagnosis(
  { aim, ready, can, findings, install }: Diagnosis,
  { colour, width }: { readonly colour: boolean; readonly width: number },
): string {
  const paint: Paint = (style, text) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const lines: string[] = [];
  for (const group of Object.keys(headings) as Finding['group'][]) {
    const own = findings.filter((finding) => finding.group === group);
    if (own.length === 0) continue;
    const nameColumns = Math.max(...own.map(({ name }) => name.length));
    lines.push(paint('bold', headings[group]));
    for (const each of own) lines.push(...findingLines(each, aim, nameColumns, width, paint));
    lines.push('');
  }
  lines.push(paint('bold', 'What can be done here'));
  for (const job of jobs) {
    const word = can[job] ? paint('green', 'yes') : paint('red', 'NO ');
    const reasons = findings.filter(({ prevents }) => prevents === job).map(({ name }) => name);
    const why = reasons.length === 0 ? '' : `: ${reasons.join(', ')}`;
    const [first = '', ...rest] = wrapWords(parts[job] + why, width - 7);
    lines.push(`  ${word}  ${first}`, ...rest.map((line) => `       ${line}`));
  }
  if (install !== undefined) {
    lines.push('', 'This brings what is missing:', `  ${install}`);
  }
  lines.push(
    '',
    ready
      ? `"bootwright build SRPM" can go as far as the ${aim} here.`
      : `"bootwright build SRPM" cannot go as far as the ${aim} here.`,
  );
  return lines.join('\n');
}
