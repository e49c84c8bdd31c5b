export { assertBuildPath } from './build-path.ts';
export type { CcacheStatistics } from './ccache.ts';
export { compileKernel } from './compile.ts';
export { type ConfigSetting, readConfigValues } from './config-values.ts';
export { type AbiRisk, debugInfoAbiRisk, debugInfoSettings } from './debug-info.ts';
export { makeArguments, makeEnvironment } from './make-kernel.ts';
export type { CompiledKernel, CompileRequest } from './request.ts';
export { signingKeyName, signingSettings, signsModules } from './signing.ts';
export type { Toolchain } from './toolchain.ts';
