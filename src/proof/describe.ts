import type { Proof } from './record.ts';

const signs = { passed: '✓', failed: '✗', noted: '·', 'not-applicable': '–' } as const;

/**
 * A proof as a person reads it: when each stage of the boot was reached, what
 * was checked, and the verdict.
 *
 * @param record - where the proof lies
 */
export function describeProof(proof: Proof, record: string): string {
  const lines = [`${proof.title}: ${proof.verdict}`, `  ${proof.kernelRelease}`, ''];
  for (const { title, at } of proof.stages) {
    lines.push(
      `  ${at === null ? '      – ' : `${(at / 1000).toFixed(1).padStart(6)} s`}  ${title}`,
    );
  }
  if (proof.checks.length > 0) lines.push('');
  for (const { verdict, title, expected, found } of proof.checks) {
    lines.push(`  ${signs[verdict]} ${title}`);
    if (verdict === 'failed') lines.push(`      expected ${expected}`, `      found    ${found}`);
  }
  lines.push('', `  record ${record}`);
  return lines.join('\n');
}
