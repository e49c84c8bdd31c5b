import { adviceErrors } from './table/advice.ts';
import { bundleErrors } from './table/bundle.ts';
import { compareErrors } from './table/compare.ts';
import { compileErrors } from './table/compile.ts';
import { configErrors } from './table/config.ts';
import { coverageErrors } from './table/coverage.ts';
import { defaultsErrors } from './table/defaults.ts';
import { deviationErrors } from './table/deviations.ts';
import { exportErrors } from './table/export.ts';
import { firmwareErrors } from './table/firmware.ts';
import { keyErrors } from './table/key.ts';
import { modulesErrors } from './table/modules.ts';
import { pipelineErrors } from './table/pipeline.ts';
import { proofErrors } from './table/proof.ts';
import { reproduceErrors } from './table/reproduce.ts';
import { sourceErrors } from './table/source.ts';
import { systemErrors } from './table/system.ts';
import { wrapErrors } from './table/wrap.ts';

/**
 * The one table of everything that can go wrong and is told to a person.
 * `docs/ERRORS.md` is made from it. It is split by area only for reading.
 */
export const errorTable = {
  ...systemErrors,
  ...sourceErrors,
  ...configErrors,
  ...deviationErrors,
  ...compileErrors,
  ...modulesErrors,
  ...firmwareErrors,
  ...bundleErrors,
  ...keyErrors,
  ...exportErrors,
  ...wrapErrors,
  ...coverageErrors,
  ...adviceErrors,
  ...compareErrors,
  ...proofErrors,
  ...pipelineErrors,
  ...reproduceErrors,
  ...defaultsErrors,
} as const;

/** A code that stands in the table. */
export type KnownErrorCode = keyof typeof errorTable;
