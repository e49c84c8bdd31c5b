/** How an archive is compressed, named by the end of its file name. */
export const archiveFormats = ['tar.zst', 'tar.bz2', 'tar.xz', 'tar.gz'] as const;
export type ArchiveFormat = (typeof archiveFormats)[number];

/** What a bundle's files lie in: one archive, or the bundle's folder itself (`folder`). */
export const bundleFormats = [...archiveFormats, 'folder'] as const;
export type BundleFormat = (typeof bundleFormats)[number];
