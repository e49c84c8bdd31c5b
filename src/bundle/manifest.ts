import { z } from 'zod';
import { debugInfoModes } from '../kernel/compile/debug-info.ts';
import { firmwareBlobSchema } from '../kernel/firmware/choose.ts';
import { firmwareWays } from '../kernel/firmware/way.ts';
import { type KernelTarget, kernelTargetSchema } from '../kernel/target.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { sha256 } from '../system/files.ts';
import { isMemberName } from './members.ts';
import { changesSchema, promotionSchema } from './promotion.ts';

/** The version of the manifest's schema that this code writes and reads. */
export const schemaVersion = 1;

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 digest');
const countSchema = z.int().nonnegative();

/** A bundle's name, fit to be a file name: `<package>[+variant]-netboot-<10 hex digits>`. */
export const bundleIdSchema = z
  .string()
  .max(200)
  .regex(/^[0-9A-Za-z][0-9A-Za-z._+~^-]*-netboot-[0-9a-f]{10}$/, 'is not a bundle id')
  .brand<'BundleId'>();
export type BundleId = z.infer<typeof bundleIdSchema>;

const fileSchema = z.object({
  /** Name in the archive. */
  path: z.string().refine(isMemberName, 'is not a name that a bundle may hold'),
  bytes: countSchema,
  /** Permissions as chmod(1) takes them, such as `0644`. */
  mode: z.string().regex(/^0[0-7]{3}$/),
  sha256: digestSchema,
});
export type BundleFile = z.infer<typeof fileSchema>;

/** A file that somebody gave to a build, kept in the bundle so that the build can be repeated. */
const keptFileSchema = z.object({
  /** What it was called. */
  name: z.string(),
  sha256: digestSchema,
  /** Name in the archive. */
  path: z.string(),
});
export type KeptFile = z.infer<typeof keptFileSchema>;

/** What was asked of a build besides its other settings: all that is needed to ask for it again. */
const wishesSchema = z.object({
  /** A config that was used instead of the package's. */
  config: keptFileSchema.exactOptional(),
  /** Macros for rpmbuild. */
  defines: z.record(z.string(), z.string()),
  promote: z.array(z.string()),
  exclude: z.array(z.string()),
  fragment: keptFileSchema.exactOptional(),
  /** In the order in which they are applied. */
  patches: z.array(keptFileSchema),
  /** Vendors' drivers, by all of their sources. */
  drivers: z
    .array(
      z.object({
        name: z.string(),
        /** Into the image; else a module in `updates/`. */
        builtIn: z.boolean(),
        /** Of the names and digests of its files. */
        sha256: digestSchema,
        /** By its MODULE_VERSION. */
        version: z.string().exactOptional(),
        files: z.array(keptFileSchema),
      }),
    )
    .exactOptional(),
});

/** The machines that a kernel is for, and the drivers that they need, as a fleet file has them. */
const fleetRecordSchema = z.object({
  file: keptFileSchema,
  machines: z.array(z.string()),
  /** Names of modules. */
  drivers: z.array(z.string()),
});
export type FleetRecord = z.infer<typeof fleetRecordSchema>;

const remarksSchema = z.array(z.object({ what: z.string(), reason: z.string() }));

/** What of stock's debug information was not compiled, what was although much of a build goes into it, and why. */
export const debugInfoRemarksSchema = z.object({ spared: remarksSchema, kept: remarksSchema });

const stockRemarksSchema = z.array(z.object({ path: z.string(), why: z.array(z.string()) }));

/** In what the modules of a bundle differ from the stock modules that they are. */
export const stockPlacementSchema = z.object({
  /** Modules that are the vendor's to the byte, with his signature. */
  untouched: countSchema,
  /** Modules that are the vendor's but for the signature, and for types that were taken out. */
  resigned: countSchema,
  /** Whether the types (BTF) that the vendor's modules carry were left in them. */
  types: z.enum(['kept', 'removed']),
  /** Modules whose code is in the image now: stock's paths. */
  inImage: z.array(z.string()),
  /** Modules that did not fit, and were compiled from the tree. */
  rebuilt: stockRemarksSchema,
  /** Modules that neither fit nor could be compiled: they are not there. */
  missing: stockRemarksSchema,
});

const stockSchema = z.object({
  /** Packages, or a folder, of which the digest is that of all files' names and contents. */
  sources: z.array(z.object({ name: z.string(), sha256: digestSchema })),
  /** The vendor's certificates that the image trusts for the modules' sake. */
  trusted: z.array(z.object({ subject: z.string(), sha256: digestSchema })),
  ...stockPlacementSchema.shape,
});

/** What the build knows of a bundle; the rest of the manifest follows from the packed files. */
export const provenanceSchema = z.object({
  target: kernelTargetSchema,
  /** The source package that all of it was made from. */
  source: z.object({
    fileName: z.string(),
    sha256: digestSchema,
    /** File name of the spec. */
    spec: z.string(),
    /** What the build host lacked for this package and was given. */
    supplied: z.array(z.object({ name: z.string(), value: z.string(), reason: z.string() })),
  }),
  /** The programs that made it, by their own words: `gcc`, `gcc (Debian 12.2.0-14) 12.2.0`. */
  toolchain: z.array(z.object({ name: z.string(), version: z.string() })),
  settings: z.object({
    scope: z.string(),
    /** Of the scope `fleet`. */
    fleet: fleetRecordSchema.exactOptional(),
    debugInfo: z.enum(debugInfoModes),
    /** Bundles of before there was `auto` have none. */
    debugInfoRemarks: debugInfoRemarksSchema.exactOptional(),
    modules: z.enum(['all', 'none', 'stock']),
    /** Where the build departs from stock on request, such as a reduced config. */
    deviations: remarksSchema,
    /** Bundles of before there was this have none. */
    wishes: wishesSchema.exactOptional(),
  }),
  /**
   * What the drivers in the image may ask for, and how it came into it, if any did. Bundles of before
   * there was this, and of kernels that do not tell (before 5.2, without stock's modules), have none.
   */
  firmware: z
    .object({ way: z.enum(firmwareWays).nullable(), blobs: z.array(firmwareBlobSchema) })
    .exactOptional(),
  /** Shipped config to stock config: what the tree's own olddefconfig changed. */
  configDelta: changesSchema,
  modules: z.object({
    count: countSchema,
    /** Sum of sizes as compiled, in bytes. */
    bytesBefore: countSchema,
    /** Sum of sizes as packed, in bytes. */
    bytesAfter: countSchema,
    /** Whether every module is to carry a signature. */
    signed: z.boolean(),
  }),
  /** What became of stock's modules, where the bundle's are they. */
  stock: stockSchema.exactOptional(),
  /**
   * What is kept of all modules of the stock kernel: their aliases, dependencies and firmware.
   * Bundles that were built without a stock kernel have none.
   */
  stockIndex: z
    .object({
      /** How many modules stock has. */
      modules: countSchema,
      /** How many of them are in the netboot image. */
      promoted: countSchema,
      /** Name of the index in the archive. */
      path: z.string(),
      sha256: digestSchema,
    })
    .exactOptional(),
  /** The certificate by which the image trusts the bundle's modules. */
  certificate: z.object({ subject: z.string(), sha256: digestSchema }).optional(),
  /** Of a stock kernel that was not built but wrapped; kernels that were built have none. */
  wrapped: z
    .object({
      /** What the kernel was read from: the vendor's packages, or files of a folder. */
      sources: z.array(z.object({ fileName: z.string(), sha256: digestSchema })),
      /** Whether the image carries a signature for Secure Boot, which is as it was. */
      secureBoot: z.boolean(),
      initramfs: z.object({
        compression: z.string(),
        /** What it takes in memory, in bytes. */
        bytesUnpacked: countSchema,
        modules: countSchema,
        firmware: countSchema,
        /** Files of firmware that its modules may ask for and that are not there. */
        firmwareMissing: countSchema,
        userland: z.object({ version: z.string(), sha256: digestSchema }),
      }),
    })
    .exactOptional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** Whether names are sorted, none comes twice, and none is a file and a folder at the same time. */
function isFileList(files: readonly BundleFile[]): boolean {
  const names = new Set(files.map(({ path }) => path));
  return files.every(({ path }, index) => {
    const before = files[index - 1]?.path;
    if (path === 'manifest.json' || (before !== undefined && before >= path)) return false;
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (names.has(path.slice(0, end))) return false;
    }
    return true;
  });
}

export const manifestSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  id: bundleIdSchema,
  /** SHA-256 of all of the manifest but `id` and itself: what the id is made of. */
  contentKey: digestSchema,
  ...provenanceSchema.shape,
  kernel: z.object({
    /** Name of the image in the archive. */
    image: z.string(),
    sha256: digestSchema,
    bytes: countSchema,
    /** The image's own words: `uname -r`, builder, `uname -v`. */
    version: z.string(),
  }),
  promotion: z.object({
    /** Name of the whole report in the archive. */
    report: z.string(),
    ...promotionSchema.shape,
  }),
  /** All files of the archive but the manifest itself, sorted by name. */
  files: z.array(fileSchema).refine(isFileList, 'is not a sorted list of files'),
  /** Sum of the sizes of all files. */
  bytes: countSchema,
  /** The time that all files in the archive bear, in seconds since the epoch. */
  timestamp: countSchema,
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The files that a bundle keeps of what was given to its build. */
export function keptFiles({ settings: { fleet, wishes } }: Manifest): readonly KeptFile[] {
  const { config, fragment, patches = [], drivers = [] } = wishes ?? {};
  const ofDrivers = drivers.flatMap(({ files }) => files);
  return [fleet?.file, config, fragment, ...patches, ...ofDrivers].filter(
    (file) => file !== undefined,
  );
}

/** A manifest's content before it has a name. */
export type ManifestContent = Omit<Manifest, 'id' | 'contentKey'>;

/** The names of a bundle's fixed members. */
export function layoutOf(kernelRelease: string) {
  return {
    image: `boot/vmlinuz-${kernelRelease}`,
    systemMap: `boot/System.map-${kernelRelease}`,
    config: `boot/config-${kernelRelease}`,
    stockConfig: `boot/config-${kernelRelease}.stock`,
    moduleSymvers: `boot/symvers-${kernelRelease}`,
    promotionReport: `boot/promotion-${kernelRelease}.json`,
    /** Of bundles that keep it; see `stockIndex` of the manifest. */
    stockIndex: `boot/stock-modules-${kernelRelease}.json`,
    initramfs: `boot/initramfs-${kernelRelease}.img`,
    initramfsReport: `boot/initramfs-${kernelRelease}.json`,
    /** What was given to the build besides the package. */
    kept: `boot/deviations-${kernelRelease}`,
    modules: `lib/modules/${kernelRelease}`,
  } as const;
}

/** The fixed members that a bundle has to have: of a wrapped kernel, nothing was configured. */
export function requiredMembers({
  target,
  wrapped,
}: Pick<Manifest, 'target' | 'wrapped'>): readonly string[] {
  const layout = layoutOf(target.kernelRelease);
  const { image, config, initramfs, initramfsReport } = layout;
  return wrapped === undefined
    ? [
        ...[image, layout.systemMap, config, layout.stockConfig, layout.moduleSymvers],
        layout.promotionReport,
      ]
    : [image, config, initramfs, initramfsReport];
}

function contentKeyOf(content: object): string {
  return sha256(JSON.stringify(content));
}

/** A bundle's name: the package it is made from, and ten digits of what is in it. */
function idOf(target: KernelTarget, contentKey: string): string {
  const variant = target.variant === undefined ? '' : `+${target.variant}`;
  return `${target.name}-${target.version}-${target.release}.${target.architecture}${variant}-netboot-${contentKey.slice(0, 10)}`;
}

/** The content key of what a file says; undefined if it nests deeper than can be written again. */
function foundContentKey(content: object): string | undefined {
  try {
    return contentKeyOf(content);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Names a manifest's content. The same content gets the same name, whatever the
 * order in which the caller's objects list their properties.
 */
export function nameManifest(content: ManifestContent): Manifest {
  // One pass through the schema brings the properties into the schema's order.
  const unnamed = manifestSchema.omit({ id: true, contentKey: true }).parse(content);
  const contentKey = contentKeyOf(unnamed);
  const { schemaVersion: version, ...rest } = unnamed;
  return {
    schemaVersion: version,
    id: bundleIdSchema.parse(idOf(unnamed.target, contentKey)),
    contentKey,
    ...rest,
  };
}

/** A manifest as it stands in `manifest.json`. */
export function renderManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

const versionSchema = z.looseObject({ schemaVersion: z.int().positive() });

/**
 * Reads a manifest.
 *
 * @param text - content of a `manifest.json`
 * @param where - what it is called in messages
 * @throws BootwrightError `BW-BUNDLE-NOT` (no manifest at all), `BW-BUNDLE-NEWER-SCHEMA`,
 *   `BW-BUNDLE-CORRUPT` (a manifest of ours, but not as it was written)
 */
export function parseManifest(text: string, where: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BootwrightError('BW-BUNDLE-CORRUPT', `"${where}" is not JSON: ${why}.`, {
      cause: error,
    });
  }
  const version = versionSchema.safeParse(json);
  if (!version.success) {
    throw new BootwrightError('BW-BUNDLE-NOT', `"${where}" is JSON, but not a bundle's manifest.`);
  }
  if (version.data.schemaVersion > schemaVersion) {
    throw new BootwrightError(
      'BW-BUNDLE-NEWER-SCHEMA',
      `"${where}" has schema version ${version.data.schemaVersion}; this Bootwright knows versions up to ${schemaVersion}.`,
    );
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw new BootwrightError('BW-BUNDLE-CORRUPT', `"${where}" is damaged.`, {
      excerpt: z.prettifyError(parsed.error).split('\n').slice(0, 12),
    });
  }
  const { id, contentKey, ...content } = version.data;
  const found = foundContentKey(content);
  if (found === undefined || found !== contentKey || id !== idOf(parsed.data.target, found)) {
    throw new BootwrightError(
      'BW-BUNDLE-CORRUPT',
      `"${where}" was changed after packing: its content key is ${found ?? 'none'}, and it says ${contentKey} for ${id}.`,
    );
  }
  return parsed.data;
}
