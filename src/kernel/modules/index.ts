export type { ModuleCertificate } from './certificate.ts';
export { checkModule, type ModuleExpectation, type ModuleProblem } from './check-module.ts';
export { type InstallRequest, installModules, type StockModules } from './install.ts';
export { isModuleFile, moduleName, readModuleFile } from './module-file.ts';
export { type InstalledModule, type ModuleTree, parseModuleList } from './module-tree.ts';
export { type GivenSignatures, takeSignatures } from './signatures.ts';
export {
  earlierSigningKey,
  givenCertificate,
  givenSigningKey,
  ownSigningKey,
  type SigningKey,
} from './signing-key.ts';
export { verifyBuiltIn, verifyIndex, verifyModules } from './verify-tree.ts';
export { vermagicFlags } from './vermagic.ts';
