/**
 * What a bundle's signature is called: minisign looks for it under this name, beside what is
 * signed. SHA256SUMS is signed, which has the digests of all else that was packed.
 */
export const signatureName = 'SHA256SUMS.minisig';
