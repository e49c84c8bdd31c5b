import { type Command, CommanderError } from 'commander';
import { BootwrightError, toBootwrightError } from '../system/errors/index.ts';
import { findDefaultsFiles } from './defaults/files.ts';
import { type CommonOptions, reportError } from './perform.ts';
import { createProgram } from './program.ts';

/** Makes every command of the tree throw instead of ending the process, so that exit statuses are ours. */
function throwInsteadOfExiting(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const sub of command.commands) throwInsteadOfExiting(sub);
}

/** Whether the person only wants to know something: then a broken file must not stand in the way. */
function onlyAsks(args: readonly string[]): boolean {
  const [verb] = args;
  if (verb === undefined || ['help', 'complete', 'completion'].includes(verb)) return true;
  return args.some((arg) => ['--help', '-h', '--version', '-V'].includes(arg));
}

/** Says which defaults are not the product's own: what is in a file is soon forgotten. */
function tellDefaults(line: string, command: Command): void {
  const { json, quiet }: CommonOptions = command.opts();
  if (quiet) return;
  const event = { type: 'message', level: 'info', text: line, time: Date.now() };
  if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
  else process.stderr.write(`${line}\n`);
}

// Whoever reads may have seen enough (bootwright show … | head): work that goes on is stopped in
// good order, as by SIGTERM; otherwise that is no failure.
let readerIsGone = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (!readerIsGone) process.emit('SIGTERM', 'SIGTERM');
  readerIsGone = true;
});

const args = process.argv.slice(2);
const program = createProgram();
throwInsteadOfExiting(program);
try {
  if (!onlyAsks(args) && findDefaultsFiles().length > 0) {
    const { applyDefaults } = await import('./defaults/apply.ts');
    try {
      applyDefaults(program, tellDefaults);
    } catch (error) {
      // The doctor tells what is the matter with a file, beside all else.
      if (args[0] !== 'doctor') throw error;
    }
  }
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) {
    await reportError(toBootwrightError(error), { json: args.includes('--json') });
  } else if (error.code === 'commander.help') {
    // A verb is missing: the help has been printed on standard error.
    process.exitCode = new BootwrightError('BW-USAGE', '').exitStatus;
  } else if (error.exitCode !== 0) {
    const usage = new BootwrightError('BW-USAGE', error.message.replace(/^error: /, ''));
    await reportError(usage, { json: args.includes('--json') });
  }
}
