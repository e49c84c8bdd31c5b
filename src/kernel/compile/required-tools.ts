/** A program that compiling a config takes, and what for. */
export interface RequiredTool {
  readonly name: string;
  /** As the end of "… is needed to". */
  readonly purpose: string;
}

/** Compressors of the image and of modules, by the symbol that asks for them. */
const compressors: readonly (readonly [symbol: string, tool: string])[] = [
  ['KERNEL_GZIP', 'gzip'],
  ['KERNEL_BZIP2', 'bzip2'],
  ['KERNEL_LZMA', 'lzma'],
  ['KERNEL_XZ', 'xz'],
  ['KERNEL_LZO', 'lzop'],
  ['KERNEL_LZ4', 'lz4'],
  ['KERNEL_ZSTD', 'zstd'],
  ['MODULE_COMPRESS_GZIP', 'gzip'],
  ['MODULE_COMPRESS_XZ', 'xz'],
  ['MODULE_COMPRESS_ZSTD', 'zstd'],
];

/**
 * The programs that kbuild will run for a config (Documentation/process/changes.rst
 * and the Makefiles), so that a missing one is named before an hour of compiling.
 *
 * @param values - values of the config, see `readConfigValues`
 */
export function requiredTools(values: ReadonlyMap<string, string>): RequiredTool[] {
  const on = (symbol: string): boolean => values.get(symbol) === 'y';
  const compile = 'compile the kernel';
  const tools: RequiredTool[] = ['make', 'flock', 'gcc', 'ld', 'flex', 'bison', 'bc'].map(
    (name) => ({
      name,
      purpose: compile,
    }),
  );
  if (on('DEBUG_INFO_BTF')) {
    tools.push({
      name: 'pahole',
      purpose: 'make the BTF that the config asks for (DEBUG_INFO_BTF)',
    });
  }
  if (on('IKHEADERS')) tools.push({ name: 'cpio', purpose: 'pack kernel headers (IKHEADERS)' });
  if (on('MODULES')) tools.push({ name: 'depmod', purpose: 'install the modules' });
  for (const [symbol, tool] of compressors) {
    if (on(symbol)) tools.push({ name: tool, purpose: `compress as the config asks (${symbol})` });
  }
  return tools.filter(({ name }, at) => tools.findIndex((other) => other.name === name) === at);
}

/** The packages of headers that the kernel's host programs include. */
const headerPackages: readonly (readonly [header: RegExp, packages: string])[] = [
  [/^openssl\//, 'libssl-dev (Debian) or openssl-devel (RHEL)'],
  [/^(libelf|gelf)\.h$/, 'libelf-dev (Debian) or elfutils-libelf-devel (RHEL)'],
  [/^(dwarf|libdw|elfutils\/.*)\.h$/, 'libdw-dev (Debian) or elfutils-devel (RHEL)'],
  [/^gmp\.h$|^mpc\.h$/, 'libgmp-dev and libmpc-dev (Debian) or gmp-devel and libmpc-devel (RHEL)'],
  [/^(gcc-plugin|plugin-version)\.h$/, 'gcc-12-plugin-dev (Debian) or gcc-plugin-devel (RHEL)'],
  [/^(stdio|stdlib|string|sys\/types)\.h$/, 'libc6-dev (Debian) or glibc-devel (RHEL)'],
];

/** The packages that bring a header, for a person; undefined if the header is not known. */
export function missingHeaderPackage(header: string): string | undefined {
  return headerPackages.find(([pattern]) => pattern.test(header))?.[1];
}
