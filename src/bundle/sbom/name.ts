/**
 * What the bill of materials is called. It lies beside the archive and not in it, so that the
 * bundles of before there was one keep their bytes and ids, and so that scanners find it without
 * unpacking.
 */
export const sbomName = 'sbom.cdx.json';
