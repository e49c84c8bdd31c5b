/**
 * `npm run demo`: the whole way on an example. Makes an EL-9-style source
 * package out of Debian's linux-source, builds a netboot bundle of it, and boots
 * that over PXE on a BIOS and on a UEFI machine.
 */
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { makeExampleSrpm } from '../examples/make-srpm.ts';
import { perform } from '../src/cli/perform.ts';
import { type BuildOutcome, build } from '../src/pipeline/build.ts';
import { BootwrightError } from '../src/system/errors/index.ts';
import { formatBytes } from '../src/system/files.ts';

const home = join('bootwright-work', 'demo');

const minutes = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** The summary that the demo ends with. */
function summarise(outcome: BuildOutcome, srpm: string, elapsed: number): string {
  const { bundle, proofs } = outcome;
  if (bundle === undefined) throw new BootwrightError('BW-INTERNAL', 'The demo made no bundle.');
  const { manifest, folder, archiveBytes } = bundle;
  const { promotion, modules, kernel, target } = manifest;
  const drivers = promotion.promoted.map(({ symbol }) => symbol);
  const lines = [
    `Done in ${minutes(elapsed)}.`,
    '',
    `  From   ${relative('.', srpm)}`,
    `  To     ${relative('.', folder)}/`,
    '',
    `  uname -r         ${target.kernelRelease}, as the stock kernel's`,
    `  network drivers  ${drivers.length} of ${drivers.length + promotion.stuck.length} built in: ${drivers.slice(0, 6).join(', ')} …`,
    `  besides          ${promotion.raised.length} raised since they need them, ${promotion.requested.length} asked for (NFS root, buses), ${promotion.lost.length} lost`,
    `  kernel image     ${formatBytes(kernel.bytes)}`,
    `  modules          ${modules.count}: ${formatBytes(modules.bytesBefore)} compiled, ${formatBytes(modules.bytesAfter)} stripped and signed`,
    `  archive          ${formatBytes(archiveBytes)}`,
    '',
  ];
  for (const { proof } of proofs) {
    const at = (id: string): string => {
      const time = proof.stages.find((stage) => stage.id === id)?.at ?? null;
      return time === null ? '–' : `${(time / 1000).toFixed(1)} s`;
    };
    const passed = proof.checks.filter(({ verdict }) => verdict === 'passed').length;
    lines.push(
      `  proved  ${proof.title.padEnd(22)} kernel ${at('kernel')}, NFS root ${at('nfs-root')}, init ${at('init')}; ${passed} checks passed`,
    );
  }
  lines.push(
    '',
    'Now look at it, break it, or build your own:',
    `  ./bootwright show ${relative('.', folder)}`,
    `  ./bootwright prove --firmware uefi --nic e1000 ${relative('.', folder)}`,
    '  ./bootwright build kernel-….src.rpm',
  );
  return lines.join('\n');
}

await perform({ json: process.argv.includes('--json') }, async (terminal) => {
  const started = Date.now();
  if (process.getuid?.() !== 0) {
    throw new BootwrightError('BW-PROOF-PRIVILEGE', 'The demo ends with real boots.');
  }
  const srpm = await terminal.step.step('Make the example source package', async (step) => {
    const made = await makeExampleSrpm(home, {
      signal: terminal.signal,
      log: join(home, 'make-srpm.log'),
    });
    step.note(relative(home, made));
    return made;
  });
  const outcome = await build(
    {
      srpm,
      workspace: join(home, 'workspace'),
      architecture: 'x86_64',
      defines: {},
      sandbox: 'auto',
      scope: 'network-devices',
      debugInfo: 'auto',
      modules: 'all',
      jobs: availableParallelism(),
      ccache: 'auto',
      format: 'tar.zst',
      proofs: [
        { firmware: 'bios', nic: 'e1000', nfs: 3 },
        { firmware: 'uefi', nic: 'virtio', nfs: 4 },
      ],
    },
    'proof',
    terminal.step,
    terminal.signal,
  );
  terminal.result(outcome, summarise(outcome, srpm, Date.now() - started));
});
