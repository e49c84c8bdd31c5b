/**
 * The flags that a config puts behind the release in every module's vermagic
 * (include/linux/vermagic.h), in their order. The seed of structure layout
 * randomisation is left out: it is known only after the build.
 *
 * @param values - values of the config, symbol to text
 */
export function vermagicFlags(values: ReadonlyMap<string, string>): string[] {
  const on = (symbol: string): boolean => values.get(symbol) === 'y';
  // PREEMPT_BUILD came with 5.13; before it PREEMPT was the symbol.
  const preemptible = on('PREEMPT_BUILD') || (!values.has('PREEMPT_BUILD') && on('PREEMPT'));
  return [
    on('SMP') && 'SMP',
    preemptible ? 'preempt' : on('PREEMPT_RT') && 'preempt_rt',
    on('MODULE_UNLOAD') && 'mod_unload',
    on('MODVERSIONS') && 'modversions',
  ].filter((flag) => flag !== false);
}

/** What is wrong with a vermagic; undefined if it is the expected one. */
export function vermagicProblem(
  vermagic: string | undefined,
  kernelRelease: string,
  flags: readonly string[],
): string | undefined {
  if (vermagic === undefined) return 'it has no vermagic';
  const [release, ...found] = vermagic.trim().split(/\s+/);
  if (release !== kernelRelease) return `its vermagic is of "${release}", not "${kernelRelease}"`;
  const known = found.filter((flag) => !flag.startsWith('RANDSTRUCT'));
  if (known.join(' ') === flags.join(' ')) return undefined;
  return `its vermagic has "${known.join(' ')}", the config leads to "${flags.join(' ')}"`;
}
