import { readFile } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { cards } from '../../lab/qemu/cards.ts';
import { BootwrightError, toBootwrightError } from '../../system/errors/index.ts';
import { writeWhole } from '../../system/files.ts';
import type { Step } from '../../system/progress.ts';
import { unwatched } from '../../system/progress.ts';
import { availableModules, moduleName } from '../modules.ts';
import { proveUnpacked, type UnpackedBundle, withUnpacked, writeLatest } from '../prove-bundle.ts';
import type { Proof } from '../record.ts';
import { renderJunit } from './describe.ts';
import { describeMachine, type MatrixMachine, type MatrixName, machinesOf } from './machines.ts';
import { type Matrix, type MatrixBoot, matrixSchema, matrixSchemaVersion } from './record.ts';

/** How a matrix is run. */
export interface MatrixOptions {
  readonly name: MatrixName;
  /** How many machines run side by side; the default is what processors and memory allow. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
}

/** A matrix, and where it lies. */
export interface MatrixOutcome {
  readonly matrix: Matrix;
  readonly record: string;
}

/** What a machine of the lab takes of the host's memory with its servers, in bytes. */
const bytesPerMachine = 1.4e9;

/** How many machines this host can run side by side: each keeps a processor busy. */
export function machinesAtOnce(processors: number, freeBytes: number): number {
  return Math.max(1, Math.min(processors, Math.floor(freeBytes / bytesPerMachine)));
}

/**
 * Boots a bundle on every machine of a matrix, some side by side. A boot that fails is a result; one
 * that this host cannot do at all ends the matrix.
 *
 * @param path - the bundle's folder or archive
 * @throws BootwrightError as `proveBundle` does
 */
export async function proveMatrix(
  path: string,
  options: MatrixOptions,
  step: Step,
): Promise<MatrixOutcome> {
  const started = performance.now();
  const machines = machinesOf(options.name);
  const jobs = options.jobs ?? machinesAtOnce(availableParallelism(), freemem());
  return withUnpacked(path, `matrix-${options.name}`, options.signal, step, async (bundle) => {
    const drivers = await driversOf(bundle);
    const boots: MatrixBoot[] = [];
    const proofs: { readonly machine: MatrixMachine; readonly proof: Proof }[] = [];
    const stop = new AbortController();
    const signal =
      options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let i = next++; i < machines.length && !signal.aborted; i = next++) {
        const machine = machines[i] as MatrixMachine;
        const title = describeMachine(machine);
        await step.step(title, async (part) => {
          const lack = missingDriver(machine, drivers);
          if (lack !== undefined) {
            boots[i] = { title, verdict: 'skipped', elapsed: 0, initAt: null, reason: lack };
            part.unchanged(lack);
            return;
          }
          const { proof, record } = await proveUnpacked(bundle, { ...machine, signal }, unwatched);
          proofs.push({ machine, proof });
          boots[i] = bootOf(title, proof, relative(bundle.folder, record));
          part.note(noteOf(proof));
        });
      }
    };
    await Promise.all(
      Array.from({ length: jobs }, () =>
        work().catch((error: unknown) => {
          // What one machine cannot have on this host, the others cannot either.
          stop.abort(toBootwrightError(error));
          throw error;
        }),
      ),
    ).catch((error: unknown) => {
      throw stop.signal.aborted ? stop.signal.reason : error;
    });
    const told = proofs.find(({ proof }) => proof.verdict === 'failed') ?? proofs.at(-1);
    if (told !== undefined) await writeLatest(bundle, told.machine, told.proof);
    const matrix = matrixSchema.parse({
      schemaVersion: matrixSchemaVersion,
      matrix: options.name,
      time: new Date().toISOString(),
      bundle: bundle.manifest.id,
      verdict: boots.some(({ verdict }) => verdict === 'failed') ? 'failed' : 'passed',
      boots,
      elapsed: Math.round(performance.now() - started),
      jobs,
    } satisfies Matrix);
    const record = join(bundle.folder, 'matrix.json');
    await writeWhole(record, `${JSON.stringify(matrix, undefined, 2)}\n`);
    await writeWhole(join(bundle.folder, 'matrix.xml'), renderJunit(matrix));
    return { matrix, record };
  });
}

/** The names of all drivers of a bundle, built in or modules. */
async function driversOf({ modulesFolder }: UnpackedBundle): Promise<ReadonlySet<string>> {
  return availableModules(
    await readFile(join(modulesFolder, 'modules.dep'), 'utf8'),
    await readFile(join(modulesFolder, 'modules.builtin'), 'utf8'),
  );
}

/** Why a machine need not be tried: stock has no driver for its card, or no overlay. */
function missingDriver(
  { nic, root }: MatrixMachine,
  drivers: ReadonlySet<string>,
): string | undefined {
  const needed: readonly (readonly string[])[] = [
    cards[nic].drivers,
    ...(root === 'overlay' ? [['overlay']] : []),
  ];
  const missing = needed.find((names) => !names.some((name) => drivers.has(moduleName(name))));
  return missing === undefined
    ? undefined
    : `this kernel has no ${missing.join(' or ')}, neither built in nor as a module`;
}

function bootOf(title: string, proof: Proof, record: string): MatrixBoot {
  const { failure } = proof;
  return {
    title,
    verdict: proof.verdict,
    record,
    elapsed: proof.elapsed,
    initAt: proof.stages.find(({ id }) => id === 'init')?.at ?? null,
    ...(failure === null
      ? {}
      : {
          reason: `stage "${failure.stage}": ${failure.what} ${failure.cause}`,
          console: join(dirname(record), proof.logs, 'console.log'),
        }),
  };
}

function noteOf({ verdict, failure }: Proof): string {
  return failure === null ? verdict : `${verdict} at stage "${failure.stage}"`;
}

/**
 * Takes a matrix with failures for an error.
 *
 * @param record - where the matrix lies
 * @throws BootwrightError `BW-PROOF-MATRIX`
 */
export function requireMatrixPassed(matrix: Matrix, record: string): void {
  const failed = matrix.boots.filter(({ verdict }) => verdict === 'failed');
  if (failed.length === 0) return;
  throw new BootwrightError(
    'BW-PROOF-MATRIX',
    `${failed.length} of ${matrix.boots.length} boots failed; see "${record}".`,
    {
      excerpt: failed
        .slice(0, 12)
        .flatMap(({ title, reason, console }) => [
          `${title}: ${reason}`,
          ...(console === undefined ? [] : [`  console ${join(dirname(record), console)}`]),
        ]),
    },
  );
}
