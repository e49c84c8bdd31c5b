import { CommanderError } from 'commander';
import { BootwrightError } from '../system/errors/index.ts';
import { createProgram } from './program.ts';

/** Makes every command of the tree throw instead of ending the process, so that exit statuses are ours. */
function throwInsteadOfExiting(command: ReturnType<typeof createProgram>): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const sub of command.commands) throwInsteadOfExiting(sub);
}

const program = createProgram();
throwInsteadOfExiting(program);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version end this way too, with 0.
  if (error.exitCode !== 0 && error.code !== 'commander.help') {
    const { renderError } = await import('./render/index.ts');
    const usage = new BootwrightError('BW-USAGE', error.message.replace(/^error: /, ''));
    process.stderr.write(
      renderError(usage, { colour: process.stderr.isTTY && process.stderr.hasColors(), width: 80 }),
    );
    process.exitCode = usage.exitStatus;
  }
}
