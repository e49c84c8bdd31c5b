export { readPatch } from './changes/apply-patches.ts';
export { changeSource } from './changes/change-source.ts';
export { isChanged, journalOf } from './changes/journal.ts';
export { readKbuildArch } from './config.ts';
export {
  inspectSourcePackage,
  type SourceFile,
  type SourcePackage,
} from './package.ts';
export { type PreparedSource, type PrepareOptions, prepareSource } from './prepare.ts';
export type { SandboxMode } from './sandbox.ts';
export type { Supplied } from './supplies.ts';
