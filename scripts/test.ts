/**
 * Runs every check of the project, one after the other, and ends with
 * `N passed, N failed` alone on a line: `npm test`, or with `--fast` what needs
 * neither kernel trees nor root nor machines: `npm run test:fast`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, each with its first lines: told again at the very end, where a log is read first. */
  readonly failures: readonly string[];
}

const vitestReportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});
type VitestReport = z.infer<typeof vitestReportSchema>;

/** How much of a failure's message is told again. */
const FAILURE_LINES = 12;

/** The failed tests of a report, and the files that could not be loaded. */
function failuresOf({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}\n${shortened(message)}`] : [];
    return failed.map(
      ({ fullName, failureMessages }) =>
        `${file} > ${fullName}\n${shortened((failureMessages ?? []).join('\n'))}`,
    );
  });
}

function shortened(message: string): string {
  return stripVTControlCharacters(message)
    .split('\n')
    .slice(0, FAILURE_LINES)
    .map((line) => `    ${line}`)
    .join('\n');
}

/** Runs a program of node_modules/.bin with this terminal's output; its exit status is the answer. */
async function runTool(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATH: `${join(process.cwd(), 'node_modules/.bin')}:${process.env.PATH}`,
    },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function check(title: string, command: string, args: readonly string[]): Promise<Counts> {
  console.log(`\n== ${title}: ${command} ${args.join(' ')}`);
  const failed = (await runTool(command, args)) === 0 ? 0 : 1;
  if (failed === 1) console.log(`== ${title} has FAILED`);
  return { passed: 1 - failed, failed, skipped: 0, failures: failed === 1 ? [title] : [] };
}

async function tests(title: string, project: string): Promise<Counts> {
  console.log(`\n== ${title}`);
  const folder = mkdtempSync(join(tmpdir(), 'bootwright-tests-'));
  const report = join(folder, 'report.json');
  try {
    const status = await runTool('vitest', [
      'run',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    const result = vitestReportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
    // A file that cannot be loaded fails without a test of it being counted.
    const failed =
      result.numFailedTests === 0 && (status !== 0 || !result.success) ? 1 : result.numFailedTests;
    return {
      passed: result.numPassedTests,
      failed,
      skipped: result.numPendingTests,
      failures: failuresOf(result),
    };
  } catch (error) {
    console.log(
      `== ${title}: no report (${error instanceof Error ? error.message : String(error)})`,
    );
    return { passed: 0, failed: 1, skipped: 0, failures: [`${title}: no report`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const fast = process.argv.includes('--fast');
const started = Date.now();
const counts: Counts[] = [
  await check('Formatting and lint', 'biome', ['ci', '--error-on-warnings', '.']),
  await check('Types', 'tsc', ['--noEmit']),
  await check('Unused code', 'knip', ['--no-progress']),
  await check('Import floors', 'depcruise', [
    '--output-type',
    'err',
    'src',
    'test',
    'scripts',
    'bench',
    'fuzz',
    'examples',
  ]),
  await check('Generated documents', process.execPath, ['scripts/docs.ts', '--check']),
  await tests('Unit tests', 'fast'),
];
if (!fast) counts.push(await tests('Kernel trees, builds and real boots', 'slow'));

const sum = (name: 'passed' | 'failed' | 'skipped'): number =>
  counts.reduce((total, count) => total + count[name], 0);
for (const failure of counts.flatMap(({ failures }) => failures)) {
  console.log(`\nFAILED ${failure}`);
}
console.log(`\nIn ${Math.round((Date.now() - started) / 1000)} s:`);
const skipped = sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`;
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
