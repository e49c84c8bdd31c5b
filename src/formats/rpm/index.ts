export { checkDigests, expectedDigests, expectedSize } from './digests.ts';
export { RpmFormatError } from './error.ts';
export { type RpmPackage, readPackage } from './package.ts';
export { tag } from './tags.ts';
