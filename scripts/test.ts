/**
 * Runs every check of the project, one after the other, and ends with
 * `N passed, N failed` alone on a line: `npm test`, or with `--fast` what needs
 * neither kernel trees nor root nor machines: `npm run test:fast`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const vitestReportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTotalTests: z.number(),
  numFailedTestSuites: z.number(),
  success: z.boolean(),
});

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
  return { passed: 1 - failed, failed, skipped: 0 };
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
    return { passed: result.numPassedTests, failed, skipped: result.numPendingTests };
  } catch (error) {
    console.log(
      `== ${title}: no report (${error instanceof Error ? error.message : String(error)})`,
    );
    return { passed: 0, failed: 1, skipped: 0 };
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
    'examples',
  ]),
  await check('Generated documents', process.execPath, ['scripts/docs.ts', '--check']),
  await tests('Unit tests', 'fast'),
];
if (!fast) counts.push(await tests('Kernel trees, builds and real boots', 'slow'));

const sum = (name: keyof Counts): number => counts.reduce((total, count) => total + count[name], 0);
console.log(`\nIn ${Math.round((Date.now() - started) / 1000)} s:`);
const skipped = sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`;
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
