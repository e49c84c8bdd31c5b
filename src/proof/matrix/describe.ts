import { dirname, join } from 'node:path';
import type { Matrix } from './record.ts';

const signs = { passed: '✓', failed: '✗', skipped: '–' } as const;

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * A matrix as a person reads it: a line for each boot, why those failed that did, and the sum.
 *
 * @param record - where the matrix lies
 */
export function describeMatrix(matrix: Matrix, record: string): string {
  const width = Math.max(...matrix.boots.map(({ title }) => title.length));
  const lines = [`Matrix "${matrix.matrix}" of ${matrix.bundle}: ${matrix.verdict}`, ''];
  for (const { title, verdict, initAt, reason, console } of matrix.boots) {
    const init = initAt === null ? '' : `init after ${seconds(initAt)}`;
    lines.push(`  ${signs[verdict]} ${title.padEnd(width)}  ${init}`.trimEnd());
    if (reason !== undefined) lines.push(`      ${reason}`);
    if (console !== undefined) lines.push(`      console ${join(dirname(record), console)}`);
  }
  const count = (verdict: string): number =>
    matrix.boots.filter((boot) => boot.verdict === verdict).length;
  lines.push(
    '',
    `  ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped in ${seconds(matrix.elapsed)}`,
    `  record ${record}`,
  );
  return lines.join('\n');
}

/** Text as XML's character data or an attribute's value takes it (XML 1.0, 2.2 and 2.4). */
function escapeXml(text: string): string {
  const known: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
    '\n': '&#10;',
  };
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
    .replace(/[&<>"'\n]/g, (character) => known[character] ?? character);
}

/** A matrix as JUnit XML (the form that Jenkins and GitLab read), a test case for each boot. */
export function renderJunit(matrix: Matrix): string {
  const failures = matrix.boots.filter(({ verdict }) => verdict === 'failed').length;
  const skipped = matrix.boots.filter(({ verdict }) => verdict === 'skipped').length;
  const time = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);
  const counts = `tests="${matrix.boots.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${time(matrix.elapsed)}"`;
  const cases = matrix.boots.map(({ title, verdict, elapsed, reason = '' }) => {
    const open = `    <testcase classname="${escapeXml(matrix.bundle)}" name="${escapeXml(title)}" time="${time(elapsed)}"`;
    if (verdict === 'passed') return `${open}/>`;
    const element = verdict === 'failed' ? 'failure' : 'skipped';
    return `${open}>\n      <${element} message="${escapeXml(reason)}"/>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="bootwright prove --matrix ${matrix.matrix}" timestamp="${matrix.time.replace(/\.\d+Z$/, '')}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
