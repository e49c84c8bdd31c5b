/**
 * Variables of make that choose tools, for a build from this config.
 *
 * Where nothing is written in Rust, the Rust compiler is taken out of sight: Kconfig would only
 * record its version, and with it the bytes of config and image would hang on whether the user who
 * builds has one (rustup installs it for each user).
 *
 * @param shipped - text of the shipped config
 */
export function toolVariables(shipped: string): Readonly<Record<string, string>> {
  return /^CONFIG_RUST=y$/m.test(shipped) ? {} : { RUSTC: 'rustc-is-not-used' };
}
