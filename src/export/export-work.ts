import type { Step } from '../system/progress.ts';

/** What everything that makes a form of a bundle gets beside its inputs. */
export interface ExportWork {
  readonly step: Step;
  readonly signal: AbortSignal;
}
