import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTool } from '../../system/tools.ts';
import { type LabContext, labHome } from '../context.ts';
import { findPart } from '../parts.ts';
import { readableLine } from './console.ts';
import { type Machine, machineArguments } from './machine.ts';
import { type Monitor, watchMachine } from './monitor.ts';

/** What of a machine is free to choose; the rest is the lab's. */
export type MachineChoice = Pick<
  Machine,
  'card' | 'secondCard' | 'firmware' | 'secureBoot' | 'method' | 'accelerator' | 'memory' | 'medium'
>;

/** Puts UEFI's firmware, with variables of its own, into the lab; nothing to do for a BIOS. */
async function placeFirmware(
  context: LabContext,
  { firmware, secureBoot }: Pick<MachineChoice, 'firmware' | 'secureBoot'>,
): Promise<Pick<Machine, 'uefi'>> {
  if (firmware === 'bios') return {};
  const kind = secureBoot ? '.secboot' : '';
  const code = `${labHome}/OVMF_CODE.fd`;
  const variables = `${labHome}/OVMF_VARS.fd`;
  await copyFile(findPart(`OVMF_CODE${kind}.fd`), context.namespace.path(code));
  await copyFile(findPart(`OVMF_VARS${kind}.fd`), context.namespace.path(variables));
  return { uefi: { code, variables } };
}

/** Brings a boot medium into the lab, where QEMU can read it whoever may read the original. */
async function placeMedium(
  context: LabContext,
  medium: MachineChoice['medium'],
): Promise<Pick<Machine, 'medium'>> {
  if (medium === undefined) return {};
  const image = `${labHome}/medium.iso`;
  await copyFile(medium.image, context.namespace.path(image));
  return { medium: { kind: medium.kind, image } };
}

/**
 * Prepares a machine.
 *
 * @returns switches it on; its monitor, unless it ended at once
 */
export async function prepareMachine(
  context: LabContext,
  choice: MachineChoice,
): Promise<() => Promise<Monitor | undefined>> {
  const qemu = requireTool('qemu-system-x86_64', 'boot a machine in the lab');
  const monitor = `${labHome}/qemu.sock`;
  const args = machineArguments({
    ...choice,
    ...(await placeFirmware(context, choice)),
    ...(await placeMedium(context, choice.medium)),
    monitor,
    uuid: randomUUID(),
  });
  return async () => {
    const started = performance.now();
    const consoleLog = createWriteStream(join(context.logs, 'console.log'));
    consoleLog.on('error', () => undefined);
    const service = await context.start('qemu', qemu, args, {
      onLine: (line, stream) => {
        const text = readableLine(line);
        const seconds = ((performance.now() - started) / 1000).toFixed(3).padStart(8);
        if (stream === 'stderr') {
          consoleLog.write(`${seconds} [qemu] ${text}\n`);
        } else if (text !== '') {
          consoleLog.write(`${seconds} ${text}\n`);
          context.sight({ type: 'console', text });
        }
      },
    });
    void service.ended.then(() => consoleLog.end());
    const machineOver = new AbortController();
    void service.ended.then(() => machineOver.abort());
    return watchMachine(
      context.namespace.path(monitor),
      AbortSignal.any([context.signal, machineOver.signal]),
      (reason) => context.sight({ type: 'machine', event: 'shutdown', reason }),
    ).catch((error: unknown) => {
      // A machine that ends at once is reported by its end.
      if (!machineOver.signal.aborted) throw error;
      return undefined;
    });
  };
}
