import type { Argument, Command, Option } from 'commander';
import { visibleCommands } from '../../src/cli/command-tree.ts';
import { examples } from '../../src/cli/program.ts';
import { isRepeatable } from '../../src/cli/value-kind.ts';
import {
  type ErrorDefinition,
  type ExitClass,
  exitMeaning,
  exitStatus,
} from '../../src/system/errors/definition.ts';
import { errorTable } from '../../src/system/errors/table.ts';
import { bold, entry, italic, paragraph, roffText } from './roff.ts';

/** When the wording was last looked through as a whole. */
const revised = '2026-11-22';

const description = [
  'Bootwright makes the kernel that a bare machine boots from the network before it has a system, out of the very source package of the system that it is going to run: same version, same vendor patches, same configuration, same *uname -r*, with every network driver that the distro ships as a module built in, and root over NFS. There is no initramfs.',
  'What was changed and why stands in the bundle. The result is booted over PXE in QEMU, with real DHCP, TFTP, HTTP and NFS servers in a network namespace of its own, before it is handed over.',
  'A build goes through six stages: source, configure, compile, modules, bundle, proof. Each is sealed when it has ended; what is sealed and has not changed is kept by the next run. Building needs no root. Proving does, since it makes network namespaces; as an ordinary user *bootwright build* ends with the bundle.',
];

const environment: readonly (readonly [variable: string, text: string])[] = [
  ['PATH', 'where programs are looked for; after it, /usr/sbin and /sbin.'],
  [
    'NO_COLOR',
    'if it is set to anything, nothing is coloured. Without it, only what goes to a terminal is.',
  ],
  [
    'TERM',
    'with *dumb*, with none at all, and on a serial line, progress is told in plain lines instead of a display that redraws itself.',
  ],
  [
    'LC_ALL, LC_CTYPE, LANG',
    'whether the display may use more than ASCII: if the first of them that is set says UTF-8.',
  ],
  [
    'XDG_CACHE_HOME',
    'where what can be made again is kept, in the folder *bootwright*; the default is ~/.cache.',
  ],
  [
    'XDG_CONFIG_HOME',
    "where a person's defaults are, in the folder *bootwright*; the default is ~/.config.",
  ],
  [
    'XTERM_VERSION, STY',
    'tell the display that the terminal (xterm, screen) cuts lines off when it becomes narrower.',
  ],
  ['SUDO_UID', "under sudo(8), the user whose ./bootwright.json is trusted besides root's."],
  ['TMPDIR', 'where small files are kept for a moment; the default is /tmp.'],
  [
    'CCACHE_DIR and its like',
    'are for ccache(1), which the compiler is called through if it is installed.',
  ],
];

const files: readonly (readonly [path: string, text: string])[] = [
  [
    './bootwright.json',
    'defaults for what is run in this folder. It has to belong to you or to root, and not to be writable by everybody.',
  ],
  [
    '~/.config/bootwright/config.json',
    'your defaults. Both files hold JSON: an object for each command, in it each option by its name without dashes, as in *{"build": {"jobs": 8, "ccache": false}, "prove": {"firmware": "uefi"}}*. What is under *all* (quiet, verbose) holds for every command. The nearer file wins, and the command line wins over both; options that can be repeated are added to what the file has. Relative paths are meant from where the file is. docs/bootwright.schema.json describes all of it to an editor.',
  ],
  [
    '~/.cache/bootwright/',
    'answers of compilers and the like, which save time; it can be deleted.',
  ],
  [
    'bootwright-work/NAME/',
    'the workspace of a build: unpacked source, objects, logs/, keys/, and what it is all for, bundles/. It can be deleted as a whole.',
  ],
  [
    'bundles/ID/',
    'a bundle: the kernel image, its modules and the configs (in one archive, or with *--format folder* as they are), manifest.json, the bill of materials sbom.cdx.json, SHA256SUMS, its signature SHA256SUMS.minisig if it was signed, and the records of its proofs.',
  ],
];

/** `--nic <model>` with the flag in bold and the placeholder in italics. */
function flags(text: string): string {
  return text
    .split(/([<[][^>\]]+[>\]])/)
    .map((part) => (/^[<[]/.test(part) ? italic(part.replaceAll(/[<>']/g, '')) : part))
    .map((part) =>
      part.startsWith('\\fI') ? part : part.replaceAll(/-{1,2}[\w-]+/g, (flag) => bold(flag)),
    )
    .join('')
    .trim();
}

function argument(each: Argument): string {
  const name = italic(each.variadic ? `${each.name()}...` : each.name());
  return each.required ? name : `[${name}]`;
}

function argumentText({ description, argChoices }: Argument): string {
  return argChoices === undefined
    ? `${description}.`
    : `${description}. One of ${argChoices.join(', ')}.`;
}

function optionText(option: Option): string {
  const { argChoices, defaultValue, defaultValueDescription } = option;
  const text = [`${option.description}.`];
  if (argChoices !== undefined) text.push(`One of ${argChoices.join(', ')}.`);
  // What depends on the machine, such as the number of its processors, is none for a manual.
  if (typeof defaultValue === 'string') {
    text.push(`The default is ${defaultValueDescription ?? defaultValue}.`);
  } else if (typeof defaultValue === 'number') {
    text.push(`The default is ${defaultValueDescription ?? 'the number of processors'}.`);
  }
  if (isRepeatable(option) && !/repeated/.test(option.description)) {
    text.push('It can be repeated.');
  }
  return text.join(' ');
}

/** The words by which a command is called, without the program's own name. */
function verb(command: Command): string {
  const parent = command.parent;
  return parent?.parent ? `${verb(parent)} ${command.name()}` : command.name();
}

function commandSection(command: Command, common: ReadonlySet<string>): readonly string[] {
  const own = command.options.filter(
    ({ hidden, long, flags: all }) => !hidden && !common.has(long ?? all),
  );
  const call = [
    bold(`bootwright ${verb(command)}`),
    ...(own.length === 0 ? [] : [`[${italic('option')} ...]`]),
    ...command.registeredArguments.map(argument),
  ].join(' ');
  return [
    `.SS ${roffText(verb(command))}`,
    call,
    '.PP',
    paragraph(`${command.description().replace(/^./, (first) => first.toUpperCase())}.`),
    ...command.registeredArguments
      .filter((each) => each.description !== '')
      .map((each) => entry(argument(each), argumentText(each))),
    ...own.map((option) => entry(flags(option.flags), optionText(option))),
  ];
}

function exitSection(): readonly string[] {
  const rows: readonly (readonly [string, ErrorDefinition])[] = Object.entries(errorTable);
  const statuses = Object.entries(exitStatus).map(([name, status]) => {
    const codes = rows.filter(([, { exit }]) => exit === name).map(([code]) => code);
    return entry(
      bold(String(status)),
      `${exitMeaning[name as ExitClass]} (${codes.sort().join(', ')}).`,
    );
  });
  return [
    '.SH EXIT STATUS',
    paragraph(
      'Every failure has a code that does not change. What each means and what to do stands in docs/ERRORS.md; with *--json* the last line has it as an object.',
    ),
    entry(bold('0'), 'done.'),
    ...statuses,
  ];
}

/**
 * `man/bootwright.1`, in man(7): commands and options from the program itself, exit statuses from
 * the table of errors.
 */
export function manualPage(program: Command): string {
  const leaves = visibleCommands(program).filter(({ commands }) => commands.length === 0);
  const every = (flag: string): boolean =>
    leaves.every(({ options }) => options.some(({ long }) => long === flag));
  const common = new Set(
    (leaves[0]?.options ?? []).map(({ long }) => long ?? '').filter((flag) => every(flag)),
  );
  const shared = (leaves[0]?.options ?? []).filter(({ long }) => common.has(long ?? ''));
  const version = program.version() ?? '';
  const synopsis = leaves.map((command) => {
    const args = command.registeredArguments.map(argument).join(' ');
    return `${bold(`bootwright ${verb(command)}`)} [${italic('option')} ...] ${args}`.trim();
  });
  return `${[
    '.\\" Made from the program itself by "npm run docs": change it there.',
    `.TH BOOTWRIGHT 1 "${revised}" "Bootwright ${version}" "User Commands"`,
    // Codes and file names are not to be torn apart at the end of a line.
    '.nh',
    '.ad l',
    '.SH NAME',
    'bootwright \\- netboot kernels out of a distro\\(aqs own source package',
    '.SH SYNOPSIS',
    synopsis.join('\n.br\n'),
    '.br',
    `${bold('bootwright help')} [${italic('command')}]`,
    '.SH DESCRIPTION',
    description.map(paragraph).join('\n.PP\n'),
    '.SH OPTIONS',
    'These are common to all commands.',
    ...shared.map((option) => entry(flags(option.flags), optionText(option))),
    entry(flags('-h, --help'), 'what a command does and takes.'),
    entry(flags('-V, --version'), 'of bootwright itself: its version.'),
    '.SH COMMANDS',
    ...leaves.flatMap((command) => commandSection(command, common)),
    ...exitSection(),
    '.SH ENVIRONMENT',
    ...environment.map(([variable, text]) => entry(bold(variable), text)),
    '.SH FILES',
    ...files.map(([path, text]) => entry(italic(path), text)),
    '.SH EXAMPLES',
    ...examples.map(({ command, what }) => entry(bold(command), what)),
    entry(
      bold('source <(bootwright completion bash)'),
      'Complete commands, options and values in this shell.',
    ),
    '.SH SEE ALSO',
    [
      'rpmbuild(8)',
      'dracut(8)',
      'depmod(8)',
      'dnsmasq(8)',
      'qemu-system-x86_64(1)',
      'rpm(8)',
      'dpkg(1)',
      'xorrisofs(1)',
      'bwrap(1)',
      'ccache(1)',
      'minisign(1)',
    ]
      .map((page) =>
        page.replace(
          /^(.+)(\(\d\))$/,
          (_, name: string, section: string) => `${bold(name)}${section}`,
        ),
      )
      .join(',\n'),
    '.PP',
    paragraph(
      "Documentation/admin-guide/nfs/nfsroot.rst and Documentation/kbuild/kconfig-language.rst in the kernel's source.",
    ),
  ].join('\n')}\n`;
}
