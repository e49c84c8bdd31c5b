export { assertBuildPath } from './build-path.ts';
export type { CcacheStatistics } from './ccache.ts';
export { compileKernel } from './compile.ts';
export { type ConfigSetting, readConfigValues } from './config-values.ts';
export {
  type AbiRisk,
  type DebugInfoMeans,
  type DebugInfoMode,
  type DebugInfoPlan,
  debugInfoAbiRisk,
  debugInfoSettings,
} from './debug-info.ts';
export { firstCompileError } from './first-error.ts';
export { makeArguments, makeEnvironment, mapPlace } from './make-kernel.ts';
export type { CompiledKernel, CompileRequest } from './request.ts';
export {
  signingKeyName,
  signingMeans,
  signingSettings,
  signsModules,
  trustSettings,
} from './signing.ts';
export { readToolchain, type Toolchain } from './toolchain.ts';
