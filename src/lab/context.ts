import { setTimeout as sleep } from 'node:timers/promises';
import { BootwrightError } from '../system/errors/index.ts';
import { describeEnd, type Service, type ServiceOptions } from '../system/service.ts';
import type { LabNamespace } from './namespace.ts';
import type { LabProgram, Sighting } from './observation.ts';

/** What the parts of a lab share while it is made and while it runs. */
export interface LabContext {
  readonly namespace: LabNamespace;
  /** Folder that gets the logs. */
  readonly logs: string;
  /** Aborted when the lab is taken apart, or no longer wanted. */
  readonly signal: AbortSignal;
  /** Reports what is seen. */
  sight(sighting: Sighting): void;
  /** Starts a program of the lab, whose end is reported. */
  start(
    program: LabProgram,
    command: string,
    args: readonly string[],
    options: ServiceOptions,
  ): Promise<Service>;
}

/** Everything that a lab has in files lies here, inside of its namespace. */
export const labHome = '/run/bootwright';

/** How long a server may take until it serves, in milliseconds. */
const readyTimeout = 20_000;

/**
 * Waits until a server serves.
 *
 * @param ready - asked until it says yes
 * @throws BootwrightError `BW-PROOF-LAB` if the server ends or takes too long
 */
export async function waitUntilReady(
  context: LabContext,
  service: Service,
  ready: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + readyTimeout;
  while (!(await ready())) {
    if (service.end !== undefined) {
      throw labError(service, `ended before it served (${describeEnd(service.end)})`);
    }
    if (performance.now() > deadline) {
      throw labError(service, `did not serve within ${readyTimeout / 1000} s`);
    }
    await sleep(15, undefined, { signal: context.signal });
  }
}

function labError(service: Service, what: string): BootwrightError {
  return new BootwrightError('BW-PROOF-LAB', `${service.name} ${what}.`, {
    command: service.command,
    excerpt: service.lastLines,
  });
}
