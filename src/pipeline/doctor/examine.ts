import { BootwrightError } from '../../system/errors/index.ts';
import { installPackages } from '../../system/tools.ts';
import { type Diagnosis, type Finding, type Job, jobs } from './finding.ts';
import { lookAtHost, lookAtPrivileges } from './host.ts';
import { lookAtFiles, lookAtPrograms } from './programs.ts';
import { lookAtRoom } from './room.ts';

/** Whether a job can be done: whatever prevents one prevents those after it. */
function canDo(job: Job, findings: readonly Finding[]): boolean {
  return findings.every(
    ({ prevents }) => prevents === undefined || jobs.indexOf(prevents) > jobs.indexOf(job),
  );
}

/**
 * What findings come to.
 *
 * @param aim - the last part of the main job for whoever asks
 */
export function diagnose(findings: readonly Finding[], aim: Job): Diagnosis {
  const can = { build: true, bundle: true, proof: true };
  for (const job of jobs) can[job] = canDo(job, findings);
  const lacking = findings.filter(({ state }) => state !== 'ok');
  const packages = [...new Set(lacking.flatMap((finding) => finding.packages ?? []))];
  return {
    aim,
    ready: can[aim],
    can,
    findings,
    ...(packages.length === 0 ? {} : { install: installPackages(packages) }),
  };
}

/**
 * Looks at everything that a build and a proof take, and changes nothing: what is tried (a sandbox,
 * a network) is gone again.
 *
 * @param workspace - the folder that would be built in
 * @param known - what the caller has found itself
 */
export async function examineHost(
  workspace: string,
  known: readonly Finding[] = [],
  signal?: AbortSignal,
): Promise<Diagnosis> {
  const findings = [
    await lookAtPrograms(),
    await lookAtFiles(),
    await lookAtRoom(workspace),
    await lookAtPrivileges(workspace, signal),
    await lookAtHost(),
    known,
  ].flat();
  return diagnose(findings, process.getuid?.() === 0 ? 'proof' : 'bundle');
}

/** The error that a diagnosis comes to; undefined if the main job can be done. */
export function diagnosisError({ aim, ready, findings }: Diagnosis): BootwrightError | undefined {
  if (ready) return undefined;
  const faults = findings.filter(
    ({ prevents }) => prevents !== undefined && jobs.indexOf(prevents) <= jobs.indexOf(aim),
  );
  const names = faults.map(({ name }) => name).join(', ');
  return new BootwrightError('BW-HOST-LACKS', `The way to the ${aim} is barred by: ${names}.`);
}
