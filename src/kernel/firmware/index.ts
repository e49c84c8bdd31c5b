export {
  embeddedBlobs,
  type FirmwareBlob,
  firmwareBlobSchema,
} from './choose.ts';
export { assertCollection, identifyFirmware } from './collection.ts';
export { describeGaps, type FirmwareGap, firmwareGaps } from './gaps.ts';
export { gatherFirmware } from './gather.ts';
export { chooseWay, readFirmwareMeans } from './means.ts';
export { readFirmwareRequests } from './read-requests.ts';
export { type FirmwareRequest, firmwareRequestSchema } from './request.ts';
export { firmwareSettings } from './settings.ts';
export { readStockRequests } from './stock-requests.ts';
export { type FirmwareWay, firmwareWays } from './way.ts';
