import type { Limits } from '../../../src/formats/minisign/index.ts';

/** The least that libsodium lets a passphrase cost: a test is to end soon. */
export const cheap: Limits = { operations: 32768n, memory: 1n << 24n };

/** A key and a signature that minisign 0.11 has made, of a key that it made for that alone. */
export const made = {
  secretKey: `untrusted comment: minisign encrypted secret key
RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAjzgHe+rr6VniXOdl1yPLcFU0NiY+3v2kK5mbqN7nxF6Vc5Hv6sSBI0jL0nNBG63Fo/Pt3y2/Rle7hESVjqjpkJXDKU0G6/tyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
`,
  publicKey: `untrusted comment: minisign public key 59E9EBEA7B07388F
RWSPOAd76uvpWUjL0nNBG63Fo/Pt3y2/Rle7hESVjqjpkJXDKU0G6/ty
`,
  content: 'hello\n',
  comment: 'hällo wörld',
  signature: `untrusted comment: signature from minisign secret key
RUSPOAd76uvpWRZ2h5FPnwGwcviVWGh/Q1sULFn9map4UwLK99a1sFaqV5AoRSFdW5lQwpAyLKdsoCebtIoRywe6vKflARAy5Q4=
trusted comment: hällo wörld
oy9aR5O4D363Fc4ez7x9YTsdMf2H36gHB7lCvzcJv8yzVYyPiOu7xx98EbqMtGpa/mbeSR2+qPFL+AhyTcwoCw==
`,
} as const;
