export { type AliasIndex, indexAliases, type ModuleAlias } from './alias-index.ts';
export type { HardwareDevice, HardwareReport, SystemName } from './device.ts';
export { type ClaimedId, claimedId, isPartlyKnown, withoutDetails } from './device-id.ts';
export { type HardwareProblem, HardwareTextError } from './error.ts';
export { parseBuiltInAliases, parseModulesAlias } from './modules-alias.ts';
export {
  isInNetworkMenu,
  isNetworkDevice,
  isNetworkDriver,
  type NetworkKind,
  networkKind,
  networkModalias,
  virtualDriver,
} from './network.ts';
export { readHardware } from './read.ts';
export { modaliasDevice } from './readers/modalias-list.ts';
export { textLimit } from './readers/text.ts';
