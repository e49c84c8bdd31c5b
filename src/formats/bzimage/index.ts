export { BzImageError } from './error.ts';
export { readBzImageHeader } from './header.ts';
export { readBzImageLayout } from './layout.ts';
export { type PayloadFormat, readBzImagePayload } from './payload.ts';
export { hasSecureBootSignature } from './secure-boot.ts';
