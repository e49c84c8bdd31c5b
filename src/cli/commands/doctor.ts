import { Command } from 'commander';
import type { Finding } from '../../pipeline/doctor/finding.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { findDefaultsFiles } from '../defaults/files.ts';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

interface DoctorOptions extends CommonOptions {
  readonly workspace: string;
}

/** The files of defaults that there are, and whether they can be used. */
async function lookAtDefaults(program: Command): Promise<readonly Finding[]> {
  const { defaultsSchema } = await import('../defaults/schema.ts');
  const { readDefaultsFile } = await import('../defaults/files.ts');
  const schema = defaultsSchema(program);
  return findDefaultsFiles().map((file): Finding => {
    const base = {
      group: 'host' as const,
      name: 'defaults',
      purpose: 'give options their defaults',
    };
    try {
      readDefaultsFile(file, schema);
      return { ...base, state: 'ok', detail: file.path };
    } catch (error) {
      if (!(error instanceof BootwrightError)) throw error;
      const { message, hint } = error;
      return { ...base, state: 'poor', detail: message, prevents: 'build', remedy: hint };
    }
  });
}

/** `bootwright doctor`. */
export function doctorCommand(): Command {
  return withCommonOptions(
    new Command('doctor')
      .description('look whether this host has what building and proving take, and what to install')
      .option('-w, --workspace <dir>', 'where would be built', 'bootwright-work'),
  ).action((options: DoctorOptions, command: Command) =>
    perform(options, async (terminal) => {
      const { examineHost, diagnosisError } = await import('../../pipeline/doctor/examine.ts');
      const { renderDiagnosis } = await import('../render/diagnosis.ts');
      const known = await lookAtDefaults(command.parent ?? command);
      const diagnosis = await examineHost(options.workspace, known, terminal.signal);
      terminal.result(diagnosis, renderDiagnosis(diagnosis, terminal));
      const error = diagnosisError(diagnosis);
      if (error !== undefined) throw error;
    }),
  );
}
