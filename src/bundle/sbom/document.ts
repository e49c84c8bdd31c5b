import type { Manifest } from '../manifest.ts';
import type { Component } from './component.ts';
import { firmwareComponents } from './firmware.ts';
import { kernelComponent, userlandComponents } from './kernel.ts';
import { modulesComponent, vendorComponents } from './modules.ts';

/** The last second of the year 9999, which is the last that RFC 3339 can write. */
const lastTimestamp = 253_402_300_799;

/** A number for this document and no other, out of a digest: a UUID of version 8 (RFC 9562, 5.8). */
function serialNumber(digest: string): string {
  const bytes = Buffer.from(digest.slice(0, 32), 'hex');
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const parts = [[0, 8], [8, 12], [12, 16], [16, 20], [20]] as const;
  return `urn:uuid:${parts.map(([start, end]) => hex.slice(start, end)).join('-')}`;
}

/**
 * A bundle's bill of materials, CycloneDX 1.6 in JSON. It is made from the manifest alone, and the
 * same manifest gives the same bytes: its number is made of the content key, its time is that of
 * the source package.
 */
export function renderSbom(manifest: Manifest): string {
  const { id, contentKey, target, timestamp } = manifest;
  const kernel = kernelComponent(manifest);
  const modules = modulesComponent(manifest);
  const drivers = vendorComponents(manifest);
  const userland = userlandComponents(manifest);
  const firmware = firmwareComponents(manifest);
  const components = [
    kernel,
    ...(modules === undefined ? [] : [modules]),
    ...drivers,
    ...userland,
    ...firmware,
  ];
  const refs = (parts: readonly Component[]) => parts.flatMap((part) => part['bom-ref'] ?? []);
  const driversIn = (builtIn: boolean) =>
    refs(drivers.filter((_, at) => manifest.settings.wishes?.drivers?.[at]?.builtIn === builtIn));
  const tools: readonly Component[] = [
    { type: 'application', name: 'bootwright' },
    ...manifest.toolchain.map(({ name, version }) => ({
      type: 'application' as const,
      name,
      version,
    })),
  ];
  const root: Component = {
    type: 'operating-system',
    'bom-ref': 'bundle',
    name: id,
    version: target.kernelRelease,
    description: `Netboot kernel and modules for ${target.kernelRelease}`,
  };
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(contentKey),
    version: 1,
    metadata: {
      ...(timestamp > lastTimestamp
        ? {}
        : { timestamp: new Date(timestamp * 1000).toISOString().replace('.000Z', 'Z') }),
      lifecycles: [{ phase: 'build' }],
      tools: { components: tools },
      component: root,
    },
    components,
    dependencies: [
      { ref: 'bundle', dependsOn: refs(components) },
      { ref: 'kernel', dependsOn: [...driversIn(true), ...refs(firmware)] },
      ...(modules === undefined
        ? []
        : [{ ref: 'modules', dependsOn: ['kernel', ...driversIn(false)] }]),
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
