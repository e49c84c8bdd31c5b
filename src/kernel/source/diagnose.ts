import { BootwrightError, type KnownErrorCode } from '../../system/errors/index.ts';
import { installCommand } from '../../system/tools.ts';

/** What went wrong in `%prep`, by the words of the programs that ran in it. */
export interface PrepDiagnosis {
  readonly code: KnownErrorCode;
  readonly detail: string;
  readonly hint?: string;
  /** The lines that say so. */
  readonly excerpt: readonly string[];
}

/** How a patch that does not apply shows, in the words of patch(1) and git-apply(1). */
const patchFailures = [
  /^\d+ out of \d+ hunks? (?:FAILED|ignored)/,
  /^Hunk #\d+ FAILED at/,
  /^error: patch failed: /,
  /^error: .*: patch does not apply$/,
  /^error: .*: (?:No such file or directory|does not exist in index|already exists in working directory)$/,
  /^error: (?:corrupt|unrecognized|No valid patches|git diff header lacks)/,
  /^can't find file to patch at input line/,
  /^(?:\S*\/)?patch: \*\*\*\* /,
  /^Reversed \(or previously applied\) patch detected/,
];

/** The file that a patch's failure is about. */
const rejectedFile =
  /saving rejects to (?:file )?(\S+?)\.rej|^error: patch failed: ([^:]+):\d+|^error: (\S+): patch does not apply|^error: ([^:]+): (?:No such|does not exist|already)/;

/** Lines by which programs say that something is wrong, in the order in which they are believed. */
const errorLines = [
  // What another sh than bash says of a script that is written for bash; the script goes on.
  /^\S+: \d+: (?:Bad substitution|Syntax error: )/,
  /: command not found$/,
  /\b(?:ERROR|Error|error|fatal|FATAL): /,
  /\*\*\* /,
  /: No such file or directory$/,
  /: Permission denied$/,
  /^(?:cp|mv|rm|tar|sed|chmod|mkdir|openssl|xz|bash|\S+: line \d+): /,
];

/**
 * Where rpm's own report at the end begins: it names the section and the status, never the cause,
 * and repeats what rpm had against the spec (dozens of lines, for EL 8's).
 */
const rpmReport = /^(?:error: Bad exit status|RPM build (?:errors|warnings):)/;

/** A line of the shell's trace: a command as it is run. */
const traced = /^\++ /;

/**
 * Explains why `%prep` failed.
 *
 * @param lines - what rpmbuild printed, the shell's trace included, as much as there is of the end
 * @param patches - names of the package's patches
 */
export function diagnosePrep(lines: readonly string[], patches: readonly string[]): PrepDiagnosis {
  return (
    wrongArchitecture(lines) ??
    undefinedMacro(lines) ??
    patchDoesNotApply(lines, patches) ??
    missingProgram(lines) ??
    firstError(lines)
  );
}

function wrongArchitecture(lines: readonly string[]): PrepDiagnosis | undefined {
  const line = lines.find((each) => /Architecture is (?:not included|excluded): /.test(each));
  if (line === undefined) return undefined;
  return {
    code: 'BW-SOURCE-ARCH',
    detail: `rpmbuild refuses the architecture: ${line.replace(/^error: /, '')}.`,
    excerpt: [line],
  };
}

/** An undefined macro stays as it is, and bash takes `%name` for a job. */
function undefinedMacro(lines: readonly string[]): PrepDiagnosis | undefined {
  const at = lines.findIndex((line) =>
    /fg: (?:no job control|%?\S*: no such job)|: %\S+: command not found$/.test(line),
  );
  const line = lines[at];
  if (line === undefined) return undefined;
  const command = lines.slice(Math.max(0, at - 5), at + 1).findLast((each) => traced.test(each));
  const macro = /^\++ '?%\{?[?!]*([A-Za-z_]\w*)/.exec(command ?? '')?.[1];
  return {
    code: 'BW-SOURCE-MACRO',
    detail:
      macro === undefined
        ? 'A macro in %prep is not defined on this host, and the log does not show which one.'
        : `The macro %{${macro}} in %prep is not defined on this host.`,
    ...(macro === undefined
      ? {}
      : {
          hint: `Supply it with --define "${macro} VALUE" (an empty value is: ${macro} %{nil}), or install the package that brings it on the distribution.`,
        }),
    excerpt: [...(command === undefined ? [] : [command]), line],
  };
}

function patchDoesNotApply(
  lines: readonly string[],
  patches: readonly string[],
): PrepDiagnosis | undefined {
  const failed = lines.flatMap((line, i) =>
    patchFailures.some((pattern) => pattern.test(line)) ? [i] : [],
  );
  const [first] = failed;
  if (first === undefined) return undefined;
  // The patch's name stands in the trace, or in rpm's "Patch #3 (name):", above its failure.
  const before = lines.slice(0, first + 1);
  const name = before
    .findLast((line) => patches.some((patch) => line.includes(patch)))
    ?.split(/[\s'"()<>/:=]+/)
    .find((word) => patches.includes(word));
  const file = failed
    .map((i) => rejectedFile.exec(lines[i] ?? ''))
    .flatMap((match) => match?.slice(1).filter((group) => group !== undefined) ?? [])[0];
  return {
    code: 'BW-SOURCE-PATCH',
    detail: `${name === undefined ? 'A patch' : `The patch ${name}`} does not apply${
      file === undefined ? '' : `: ${file} is not as it expects`
    }.`,
    excerpt: failed.slice(0, 8).map((i) => lines[i] ?? ''),
  };
}

function missingProgram(lines: readonly string[]): PrepDiagnosis | undefined {
  // Far from the end it was no reason to stop.
  const line = lines
    .slice(-20)
    .findLast((each) => /: command not found$/.test(each) && !traced.test(each));
  const program = /([^\s:]+): command not found$/.exec(line ?? '')?.[1];
  if (line === undefined || program === undefined) return undefined;
  const install = installCommand(program);
  return {
    code: 'BW-TOOL-MISSING',
    detail: `%prep runs "${program}", which is not on PATH.`,
    ...(install === undefined
      ? {}
      : { hint: `Install it (${install}) and run the command again.` }),
    excerpt: [line],
  };
}

function firstError(lines: readonly string[]): PrepDiagnosis {
  const end = lines.findIndex((line) => rpmReport.test(line));
  const own = end < 0 ? lines : lines.slice(0, end);
  const said = own.filter((line) => !traced.test(line));
  const line = errorLines
    .map((pattern) => said.find((each) => pattern.test(each)))
    .find((each) => each !== undefined);
  const command = own.findLast((each) => traced.test(each) && !/^\++ (?:exit|RPM_EC=)/.test(each));
  return {
    code: 'BW-SOURCE-PREP',
    detail:
      line === undefined
        ? `%prep failed without a word; its last command was: ${command?.replace(traced, '') ?? 'none'}.`
        : `%prep failed: ${line.trim()}`,
    excerpt: own.slice(-8),
  };
}

/** The diagnosis as an error, with the command and the log of the failure that it explains. */
export function prepError(
  failure: BootwrightError,
  lines: readonly string[],
  patches: readonly string[],
): BootwrightError {
  const { code, detail, hint, excerpt } = diagnosePrep(lines, patches);
  const { command, log } = failure.occasion;
  return new BootwrightError(code, detail, {
    cause: failure,
    excerpt,
    ...(hint === undefined ? {} : { hint }),
    ...(command === undefined ? {} : { command }),
    ...(log === undefined ? {} : { log }),
  });
}
