/** The parts of a component of CycloneDX 1.6 that we write. */
export interface Component {
  readonly type: 'application' | 'device-driver' | 'file' | 'firmware' | 'operating-system';
  /** What the rest of the document calls it. */
  readonly 'bom-ref'?: string;
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly hashes?: readonly Hash[];
  /** By its SPDX id, or by what it is called. */
  readonly licenses?: readonly [
    { readonly license: { readonly id: string } | { readonly name: string } },
  ];
  readonly purl?: string;
  readonly externalReferences?: readonly {
    readonly type: 'distribution' | 'source-distribution';
    readonly url: string;
    readonly hashes: readonly Hash[];
  }[];
  readonly pedigree?: {
    readonly ancestors?: readonly Component[];
    readonly patches?: readonly {
      readonly type: 'unofficial';
      readonly diff: { readonly url: string };
    }[];
    readonly notes?: string;
  };
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly components?: readonly Component[];
}

interface Hash {
  readonly alg: 'SHA-256';
  readonly content: string;
}

/** A digest, as CycloneDX has it. */
export function sha256Hash(content: string): readonly Hash[] {
  return [{ alg: 'SHA-256', content }];
}

/** The kernel's licence, which its modules are under as well. */
export const kernelLicence: NonNullable<Component['licenses']> = [
  { license: { id: 'GPL-2.0-only' } },
];

/** A file's name as a reference (RFC 3987), whatever is in it. */
export function reference(name: string): string {
  return encodeURI(name.toWellFormed());
}

/** A file of the bundle, by its name in it. */
export function fileComponent({ path, sha256 }: { path: string; sha256: string }): Component {
  return { type: 'file', 'bom-ref': path, name: path, hashes: sha256Hash(sha256) };
}
