import { type Command, Option } from 'commander';
import { BootwrightError, toBootwrightError } from '../system/errors/index.ts';
import { type ProgressListener, watch } from '../system/progress.ts';
import type { Terminal } from './terminal.ts';

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Adds the options that every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print progress, result and errors as JSON, one object a line')
    .option('-q, --quiet', 'print no progress, only warnings, the result and errors')
    .addOption(
      new Option('-v, --verbose', 'print progress as plain lines, with every detail').conflicts(
        'quiet',
      ),
    );
}

/** Columns to write within where the terminal does not say. */
const defaultWidth = 80;

/** What is written where: the progress on standard error, the result on standard output. */
async function progressListener(
  options: CommonOptions,
): Promise<{ listener: ProgressListener; finish: () => void }> {
  const { stderr, stdout } = process;
  const render = await import('./render/index.ts');
  const finish = (): void => undefined;
  if (options.json) {
    return { listener: render.jsonProgress(stdout, options.quiet ?? false), finish };
  }
  if (options.quiet) return { listener: render.quietProgress(stderr), finish };
  if (options.verbose || !render.canRedraw(stderr)) {
    return { listener: render.plainProgress(stderr), finish };
  }
  const { terminalProgress } = await import('./render/terminal-progress.ts');
  const live = terminalProgress(stderr);
  return { listener: live.listener, finish: live.stop };
}

/**
 * Tells an error, as a person or (with `--json`) a script reads it, and sets the exit status.
 */
export async function reportError(error: BootwrightError, options: CommonOptions): Promise<void> {
  const { stdout, stderr } = process;
  if (options.json) {
    stdout.write(`${JSON.stringify({ type: 'error', error: error.toReport() })}\n`);
  } else {
    const { renderError, showsUnicode } = await import('./render/index.ts');
    stderr.write(
      renderError(error, {
        colour: stderr.isTTY && stderr.hasColors(),
        width: Math.min(stderr.columns || defaultWidth, 100),
        unicode: showsUnicode(),
      }),
    );
  }
  process.exitCode = error.exitStatus;
}

/**
 * Runs a command's work for a person or a script: shows its progress, stops it
 * on Ctrl-C, prints an error with its hint, and sets the exit status.
 *
 * The first Ctrl-C stops the work in good order; a second one, for whoever
 * cannot wait, ends the process at once.
 */
export async function perform(
  options: CommonOptions,
  work: (terminal: Terminal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const { stdout } = process;
  const { listener, finish } = await progressListener(options);
  try {
    await work({
      step: watch(listener),
      signal: controller.signal,
      json: options.json ?? false,
      colour: stdout.isTTY && stdout.hasColors(),
      width: Math.min(stdout.columns || defaultWidth, 100),
      result(value, text) {
        finish();
        stdout.write(options.json ? `${JSON.stringify({ type: 'result', value })}\n` : `${text}\n`);
      },
    });
    finish();
  } catch (thrown) {
    finish();
    const error =
      controller.signal.aborted && !(thrown instanceof BootwrightError)
        ? new BootwrightError('BW-INTERRUPTED', 'The run was stopped.', { cause: thrown })
        : toBootwrightError(thrown);
    await reportError(error, options);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
