import { missingHeaderPackage } from './required-tools.ts';

/** What kind of thing stopped a build. */
export type CompileErrorKind =
  | 'compiler'
  | 'linker'
  | 'missing-tool'
  | 'missing-header'
  | 'objtool'
  | 'crash'
  | 'modpost'
  | 'missing-file'
  | 'kconfig'
  | 'btf'
  | 'memory'
  | 'disk-full'
  | 'make';

/** The first real error of a build, as opposed to what make says after it. */
export interface CompileError {
  readonly kind: CompileErrorKind;
  /** The tool's own message. */
  readonly message: string;
  /** File that the message is about, as the tool names it. */
  readonly file?: string;
  readonly line?: number;
  /** The program that is not installed. */
  readonly tool?: string;
  /** What to do, where the message itself tells. */
  readonly hint?: string;
  /** The line and those around it that belong to it. */
  readonly excerpt: readonly string[];
}

type Finding = Omit<CompileError, 'excerpt'>;

/** How many lines of context an error takes along. */
const contextBefore = 2;
const contextAfter = 6;

function located(kind: CompileErrorKind, file: string, line: string, message: string): Finding {
  return { kind, file, line: Number(line), message };
}

/** Recognisers of one line each; the first that fits a line decides what it is. */
const recognisers: readonly ((line: string) => Finding | undefined)[] = [
  (line) =>
    line.includes('No space left on device')
      ? { kind: 'disk-full', message: 'No space left on device' }
      : undefined,
  (line) => {
    const match = /^(.+?):(\d+):(?:\d+:)? fatal error: (\S+): No such file or directory/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return;
    const hint = missingHeaderPackage(match[3]);
    return {
      ...located('missing-header', match[1], match[2], `${match[3]}: No such file or directory`),
      ...(hint === undefined ? {} : { hint: `Install ${hint}, then run the command again.` }),
    };
  },
  (line) =>
    /fatal error: Killed signal|Out of memory|out of memory allocating|virtual memory exhausted/i.test(
      line,
    )
      ? { kind: 'memory', message: line.trim() }
      : undefined,
  // gcc, clang: file:line:column: error: …; as: file:line: Error: …
  (line) => {
    const match = /^([^\s:][^:]*):(\d+):(?:\d+:)? (?:fatal )?[Ee]rror: (.+)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return;
    return located('compiler', match[1], match[2], match[3]);
  },
  (line) => {
    const match = /^(\S+): (?:error|warning): objtool: (.+)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined || line.includes(': warning:')) return;
    return { kind: 'objtool', file: match[1], message: match[2] };
  },
  (line) => {
    const match = /^(?:cc1|gcc|g\+\+|clang)\S*: (?:fatal )?error: (.+)$/.exec(line);
    return match?.[1] === undefined ? undefined : { kind: 'compiler', message: match[1] };
  },
  (line) => {
    const match =
      /(?:\/bin\/)?(?:ba|da)?sh: (?:line )?(?:\d+: )?(\S+): (?:command )?not found$/.exec(line);
    return match?.[1] === undefined ? undefined : missingTool(match[1]);
  },
  (line) => {
    const match = /^(\S+): line \d+: (\S+): command not found$/.exec(line);
    return match?.[2] === undefined ? undefined : missingTool(match[2]);
  },
  (line) => {
    const match = /^make(?:\[\d+\])?: (\S+): No such file or directory$/.exec(line);
    return match?.[1] === undefined ? undefined : missingTool(match[1]);
  },
  (line) => {
    const match = /^BTF: \S+: (pahole) \(.*\) is not available$/.exec(line);
    return match?.[1] === undefined ? undefined : missingTool(match[1]);
  },
  (line) =>
    /^(FAILED: load BTF|Failed to generate BTF)/.test(line)
      ? { kind: 'btf', message: line.trim() }
      : undefined,
  (line) => {
    const match = /^ERROR: modpost: (.+)$/.exec(line);
    if (match?.[1] === undefined) return;
    const module = /\[(\S+\.ko)\]/.exec(match[1])?.[1];
    return {
      kind: 'modpost',
      message: match[1],
      ...(module === undefined ? {} : { file: module }),
      ...(match[1].endsWith(' undefined!')
        ? {
            hint: 'What exports this symbol is off in the config: look where the tree has EXPORT_SYMBOL of it, and switch on that option, or the module off.',
          }
        : {}),
    };
  },
  (line) => {
    const match =
      /^(?:\S*\bld(?:\.\w+)?: )?(.*undefined reference to .+|multiple definition of .+)$/.exec(
        line,
      );
    if (match?.[1] === undefined) return;
    const place = /^(\S+?):(?:\((\S+?)\)|(\d+)): (.+)$/.exec(match[1]);
    return {
      kind: 'linker',
      message: place?.[4] ?? match[1],
      ...(place?.[1] === undefined ? {} : { file: place[1] }),
      ...(place?.[3] === undefined ? {} : { line: Number(place[3]) }),
    };
  },
  (line) => {
    const match =
      /^\S*\bld(?:\.\w+)?: (?!warning|.*: warning)(.*(?:cannot find|error|not recognized|overlaps|undefined).*)$/.exec(
        line,
      );
    return match?.[1] === undefined ? undefined : { kind: 'linker', message: match[1] };
  },
  (line) => {
    const match = /^make(?:\[\d+\])?: \*\*\* No rule to make target '([^']+)'(.*)$/.exec(line);
    if (match?.[1] === undefined) return;
    const certificate = match[1].includes('certs/') || match[1].endsWith('.pem');
    return {
      kind: 'missing-file',
      file: match[1],
      message: `No rule to make target '${match[1]}'${match[2] ?? ''}`,
      ...(certificate
        ? {
            hint: 'The config names a certificate that the tree does not have: empty CONFIG_SYSTEM_TRUSTED_KEYS or CONFIG_SYSTEM_REVOCATION_KEYS, or put the file in its place.',
          }
        : {}),
    };
  },
  (line) => {
    const match = /^(\S*Kconfig\S*):(\d+): (?!warning)(.+)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return;
    return located('kconfig', match[1], match[2], match[3]);
  },
];

/** How make tells that what it ran was ended by a signal that stands for a bug, through a shell or itself. */
const crashes: Readonly<Record<string, string>> = {
  'Error 132': 'illegal instruction',
  'Error 134': 'abort',
  'Error 135': 'bus error',
  'Error 136': 'arithmetic exception',
  'Error 139': 'segmentation fault',
  Aborted: 'abort',
  'Bus error': 'bus error',
  'Floating point exception': 'arithmetic exception',
  'Illegal instruction': 'illegal instruction',
  'Segmentation fault': 'segmentation fault',
};

/** The shell does not say which program it was. A compiler tells of its own crashes, objtool does not. */
const objtoolHint =
  "If it was an object file, it was most likely the kernel's own objtool. That of kernels before 5.11, EL 8's too, cannot do without section symbols, and binutils from 2.36 on leaves out those that nothing refers to. Build on the distribution that the package is for, or mend objtool with --patch, after Linux's commits e81e07244325 and 44f6a7c0755d.";

/** make's own words for "a recipe failed": true of every failure, so only the last resort. */
function makeFailure(line: string): Finding | undefined {
  const match = /^make(?:\[\d+\])?: \*\*\* \[(?:(\S+?):(\d+): )?(\S+)\] (Error \d+|\S.*)$/.exec(
    line,
  );
  if (match?.[3] !== undefined && match[4] !== undefined) {
    const [, , , file, reason] = match;
    const signal = crashes[reason.replace(/ \(core dumped\)$/, '')];
    return signal === undefined
      ? { kind: 'make', file, message: reason }
      : {
          kind: 'crash',
          file,
          message: `a program of the build crashed while making it (${signal})`,
          hint: objtoolHint,
        };
  }
  const stop = /^(?:\S+:\d+: |make(?:\[\d+\])?: )\*\*\* (.+)$/.exec(line);
  return stop?.[1] === undefined ? undefined : { kind: 'make', message: stop[1] };
}

function missingTool(name: string): Finding {
  const tool = name.slice(name.lastIndexOf('/') + 1);
  return { kind: 'missing-tool', tool, message: `${tool}: not found` };
}

/** The object that ld names above an error in it; without debug information the error itself has no file. */
function linkedObject(above: string | undefined): string | undefined {
  return /^(?:\S*\bld(?:\.\w+)?: )?(\S+): in function /.exec(above ?? '')?.[1];
}

/** Lines that say nothing about an error: progress, make's folders, warnings of other jobs. */
function isNoise(line: string): boolean {
  return /^ {2}[A-Z]|^make(\[\d+\])?: (Entering|Leaving|Waiting)/.test(line);
}

function excerptAt(lines: readonly string[], index: number): string[] {
  const before = lines
    .slice(Math.max(0, index - contextBefore), index)
    .filter((line) => /: [Ii]n function|^In file included|^ +from /.test(line));
  const after: string[] = [];
  for (const line of lines.slice(index + 1, index + 1 + contextAfter)) {
    if (/\*\*\*/.test(line)) break;
    if (!isNoise(line)) after.push(line);
  }
  return [...before, lines[index] ?? '', ...after];
}

/**
 * Finds the first real error in the output of a (parallel) make: the line of
 * the compiler, linker, modpost or shell that set off the rest, not the chain
 * of `make[3]: *** … Error 2` that follows it.
 *
 * A full disk and a lack of memory count wherever they stand, since they bring
 * about errors of every other kind.
 *
 * @param lines - what make printed, in its order
 * @returns undefined if no line looks like an error
 */
export function firstCompileError(lines: readonly string[]): CompileError | undefined {
  let first: { finding: Finding; index: number } | undefined;
  for (const [index, line] of lines.entries()) {
    for (const recognise of recognisers) {
      const finding = recognise(line);
      if (finding === undefined) continue;
      const decisive = finding.kind === 'disk-full' || finding.kind === 'memory';
      if (decisive) return { ...finding, excerpt: excerptAt(lines, index) };
      first ??= { finding, index };
      break;
    }
  }
  if (first !== undefined) {
    const { finding, index } = first;
    const object = finding.kind === 'linker' ? linkedObject(lines[index - 1]) : undefined;
    return {
      ...finding,
      ...(finding.file === undefined && object !== undefined ? { file: object } : {}),
      excerpt: excerptAt(lines, index),
    };
  }

  for (const [index, line] of lines.entries()) {
    const finding = makeFailure(line);
    if (finding === undefined) continue;
    // Nothing was recognised: the lines before make's complaint are the best there is.
    const before = lines.slice(Math.max(0, index - 12), index).filter((other) => !isNoise(other));
    return { ...finding, excerpt: [...before, line] };
  }
  return undefined;
}
