export {
  compileVendorModules,
  explainBuiltIn,
  requireBuiltIn,
  type VendorModules,
} from './compile.ts';
export {
  parseWantedDriver,
  readVendorDrivers,
  type VendorDriver,
  type WantedDriver,
} from './driver.ts';
export { placeDrivers } from './place.ts';
export { findRivals, requireUsable, rivalSettings } from './rivals.ts';
