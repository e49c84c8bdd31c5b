import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { type ExitClass, exitMeaning, exitStatus } from '../system/errors/definition.ts';
import { shellQuote } from '../system/process.ts';
import { adviceCommand } from './commands/advice.ts';
import { buildCommand } from './commands/build.ts';
import { compareCommand } from './commands/compare.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { coverageCommand } from './commands/coverage.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { keyCommand } from './commands/key.ts';
import { proveCommand } from './commands/prove.ts';
import { reproduceCommand } from './commands/reproduce.ts';
import { showCommand } from './commands/show.ts';
import { signCommand } from './commands/sign.ts';
import { verifyCommand } from './commands/verify.ts';
import { wrapCommand } from './commands/wrap.ts';

/** Of our own package.json, so without zod: to load that takes longer than all else of --help. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const content: unknown = JSON.parse(text);
  return typeof content === 'object' && content !== null && 'version' in content
    ? String(content.version)
    : '';
}

/** Calls to begin with, for --help and the manual. */
export const examples: readonly { readonly command: string; readonly what: string }[] = [
  {
    command: 'bootwright doctor',
    what: 'See whether this host has all that it takes, and what to install.',
  },
  {
    command: 'bootwright build kernel-5.14.0-570.32.1.el9_6.src.rpm',
    what: 'Build a bundle, and as root boot it over PXE to prove it. Run it again after a stop: it goes on where it was.',
  },
  {
    command: 'bootwright build --until configure kernel-5.14.0-570.32.1.el9_6.src.rpm',
    what: 'Only prepare the tree and make the config.',
  },
  {
    command: 'bootwright prove --firmware uefi --nic e1000e bootwright-work/…/bundles/kernel-…',
    what: 'Boot a bundle on another machine.',
  },
  {
    command:
      'bootwright build --like bootwright-work/…/bundles/kernel-… kernel-5.14.0-570.33.1.el9_6.src.rpm',
    what: 'Build an erratum as its predecessor was built, and say what differs.',
  },
  {
    command: 'bootwright wrap kernel-core-….rpm kernel-modules-core-….rpm',
    what: 'Make a bundle of the stock kernel itself, signature and all, with a small initramfs.',
  },
  {
    command: 'bootwright verify kernel-…-netboot-….tar.zst',
    what: 'Check a bundle before it is served.',
  },
  {
    command: 'bootwright reproduce kernel-…-netboot-…/ kernel-5.14.0-570.32.1.el9_6.src.rpm',
    what: 'Build a bundle a second time, and see whether it comes out byte for byte the same.',
  },
  {
    command: 'bootwright sign --key ~/keys/bundles.key kernel-…-netboot-…/',
    what: 'Sign a bundle, for whoever verifies it by --public-key or with minisign.',
  },
  {
    command:
      'bootwright coverage --stock kernel-modules-core-….rpm --lspci machine.txt kernel-…-netboot-…/',
    what: 'See whether a machine netboots with it: machine.txt is its "lspci -nnk".',
  },
  {
    command:
      'bootwright coverage --stock kernel-modules-core-….rpm --out fleet.json --suggest machine-1.txt machine-2.txt',
    what: 'Find the few drivers that these machines need; "bootwright build --scope fleet=fleet.json" builds that.',
  },
  {
    command:
      'bootwright advice --format dracut --modaliases machine.txt --bundle kernel-…-netboot-…/',
    what: 'Say which stock modules the initramfs of the installed system needs on a machine.',
  },
  {
    command:
      'bootwright compare --stock kernel-core-….rpm --stock kernel-modules-core-….rpm --html comparison.html kernel-…-netboot-…/',
    what: 'See in what its kernel equals stock, in what not, and why.',
  },
  {
    command: 'bootwright export --format iso --nfsroot 10.0.0.1:/srv/root kernel-…-netboot-…/',
    what: 'Make a CD or USB stick that boots it where the firmware has no PXE.',
  },
];

/** The whole command line: one verb a file. */
export function createProgram(): Command {
  return new Command('bootwright')
    .description(
      "Builds, out of a distro's own kernel source package, the kernel that a " +
        'bare-metal machine boots from the network: every network driver built in, ' +
        'root over NFS.',
    )
    .version(version())
    .addCommand(buildCommand())
    .addCommand(wrapCommand())
    .addCommand(proveCommand())
    .addCommand(verifyCommand())
    .addCommand(signCommand())
    .addCommand(reproduceCommand())
    .addCommand(showCommand())
    .addCommand(diffCommand())
    .addCommand(coverageCommand())
    .addCommand(adviceCommand())
    .addCommand(compareCommand())
    .addCommand(exportCommand())
    .addCommand(keyCommand())
    .addCommand(configCommand())
    .addCommand(doctorCommand())
    .addCommand(completionCommand())
    .addCommand(completeCommand(), { hidden: true })
    .addHelpText('after', epilogue);
}

/** What --help ends with. */
function epilogue(): string {
  const statuses = Object.entries(exitStatus).map(
    ([name, status]) => `  ${String(status).padEnd(4)} ${exitMeaning[name as ExitClass]}`,
  );
  const manual = fileURLToPath(new URL('../../man/bootwright.1', import.meta.url));
  return [
    '',
    'Examples:',
    ...examples.map(({ command }) => `  ${command}`),
    '',
    'Exit status:',
    '  0    done',
    ...statuses,
    '',
    'Completion for your shell: bootwright completion bash|zsh|fish',
    `Manual: man -l ${shellQuote(manual)}`,
  ].join('\n');
}
