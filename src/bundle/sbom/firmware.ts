import { embeddedBlobs } from '../../kernel/firmware/choose.ts';
import type { Manifest } from '../manifest.ts';
import { type Component, sha256Hash } from './component.ts';

/** The blobs in the image, with the name by which the document calls each. */
export function firmwareComponents({ firmware }: Manifest): readonly Component[] {
  return embeddedBlobs(firmware?.blobs ?? []).map((blob) => ({
    type: 'firmware',
    'bom-ref': `firmware/${blob.path}`,
    name: blob.path,
    description: `Firmware for ${blob.driver}, in the image`,
    ...(blob.sha256 === undefined ? {} : { hashes: sha256Hash(blob.sha256) }),
    ...(blob.licence === undefined ? {} : { licenses: [{ license: { name: blob.licence } }] }),
    properties: [{ name: 'bootwright:collection', value: blob.source ?? '' }],
  }));
}
