export { readKbuildArch } from './config.ts';
export {
  inspectSourcePackage,
  type SourceFile,
  type SourcePackage,
} from './package.ts';
export { type PreparedSource, type PrepareOptions, prepareSource } from './prepare.ts';
export type { SandboxMode } from './sandbox.ts';
export type { Supplied } from './supplies.ts';
