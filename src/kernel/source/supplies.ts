import type { SourcePackage } from './package.ts';

/** Something that a RHEL-like host would have had, and that was supplied instead. */
export interface Supplied {
  /** Such as `%{dist}` or `pathfix.py`. */
  readonly name: string;
  /** Its value, for a macro. */
  readonly value?: string;
  /** Why it is needed and where it comes from. */
  readonly reason: string;
}

/** What the host's rpm and PATH have. */
export interface Host {
  /** Values of the macros that are defined, by name. */
  readonly macros: Readonly<Record<string, string>>;
  readonly hasPathfix: boolean;
  /** Absolute path of bash. */
  readonly bash: string;
  /** Whether /bin/sh is bash too, as on all distributions whose kernels come as RPMs. */
  readonly shIsBash: boolean;
}

/** The macros whose value on the host matters here. */
export const hostMacroNames = [
  '_buildshell',
  '_wrong_version_format_terminate_build',
  '__python3',
  'centos',
  'dist',
  'fedora',
  'py3_shebang_fix',
  'rhel',
] as const;

/** What to give to rpmbuild so that a spec for a RHEL-like host runs through on this one. */
export interface Supplies {
  /** Values of macros, by name. */
  readonly defines: Readonly<Record<string, string>>;
  /** Macros of this host that are not to be seen. */
  readonly undefines: readonly string[];
  /** Whether our own pathfix.py is to be put on PATH. */
  readonly pathfix: boolean;
  /** Whether a gpg that makes no key is to be put on PATH. */
  readonly gpg: boolean;
  /** Whether a make that first splits EL 5's mixed rules is to be put on PATH. */
  readonly make: boolean;
  /** All of it, for the log and the manifest. */
  readonly supplied: readonly Supplied[];
}

/** Whether a spec mentions a macro. */
const mentions = (spec: string, macro: string): boolean =>
  new RegExp(`%\\{?[?!]*${macro}\\b`).test(spec);

/** Whether a spec knows a build condition, in the old or the new way of writing it. */
export function knowsCondition(spec: string, name: string): boolean {
  return (
    new RegExp(`_with(?:out)?_${name}\\b`).test(spec) ||
    new RegExp(`%\\{?bcond(?:_with|_without)?\\s+${name}\\b`).test(spec)
  );
}

/**
 * Works out from the source package what this host lacks for it.
 *
 * @param source - the package: its dist tag says what it was made for
 * @param spec - text of its spec: what it mentions is what it needs
 * @param options - `configChecks`: let the spec fail over options that its configs do not set;
 *   `defines`: macros that the user has set, which go before all
 */
export function planSupplies(
  source: Pick<SourcePackage, 'dist' | 'rhelMajor' | 'vendor'>,
  spec: string,
  host: Host,
  options: { readonly configChecks: boolean; readonly defines: Readonly<Record<string, string>> },
): Supplies {
  const defines: Record<string, string> = {};
  const undefines: string[] = [];
  const supplied: Supplied[] = [];
  const define = (macro: string, value: string, reason: string): void => {
    if (macro in options.defines || host.macros[macro] === value) return;
    defines[macro] = value;
    supplied.push({ name: `%{${macro}}`, value, reason });
  };

  if (!/(^|\/)bash$/.test(host.macros._buildshell ?? '')) {
    define('_buildshell', host.bash, "kernel specs are written for bash, this host's rpm uses sh");
  }
  if (source.dist !== undefined) {
    define('dist', source.dist, "the dist tag in the package's release");
  }
  if (source.rhelMajor !== undefined) {
    define('rhel', source.rhelMajor, "the distribution's major version, by the dist tag");
    if (/centos/i.test(source.vendor ?? '') && mentions(spec, 'centos')) {
      define('centos', source.rhelMajor, "the package's vendor is CentOS");
    }
  }
  if (source.rhelMajor === '5') {
    define(
      '_wrong_version_format_terminate_build',
      '0',
      "EL 5's spec provides versions with two hyphens, which newer rpm refuses",
    );
  }
  const fedora = /^\.fc(\d+)/.exec(source.dist ?? '')?.[1];
  if (fedora !== undefined) define('fedora', fedora, "Fedora's version, by the dist tag");
  for (const [macro, wanted] of [
    ['fedora', fedora],
    ['rhel', source.rhelMajor],
  ] as const) {
    if (wanted === undefined && source.dist !== undefined && macro in host.macros) {
      undefines.push(macro);
      supplied.push({
        name: `no %{${macro}}`,
        reason: `this host's own, but the package is for ${source.dist.slice(1)}`,
      });
    }
  }

  const python = host.macros.__python3 ?? '/usr/bin/python3';
  if (host.macros.__python3 === undefined && mentions(spec, '__python3')) {
    define('__python3', python, "the interpreter's path, which python-rpm-macros would define");
  }
  let pathfix = /\bpathfix\.py\b/.test(spec) && !host.hasPathfix;
  if (host.macros.py3_shebang_fix === undefined && mentions(spec, 'py3_shebang_fix')) {
    define(
      'py3_shebang_fix',
      `pathfix.py -p -n -i ${python}`,
      'sets the interpreter of Python scripts, which python-rpm-macros would define',
    );
    pathfix = !host.hasPathfix;
  }
  if (pathfix) {
    supplied.push({
      name: 'pathfix.py',
      reason: 'sets the interpreter of Python scripts; a stand-in for the one of python3-devel',
    });
  }
  if (!options.configChecks && knowsCondition(spec, 'configchecks')) {
    // What "--without configchecks" stands for.
    define(
      '_without_configchecks',
      '--without-configchecks',
      "another compiler than the vendor's brings options that the shipped configs do not set",
    );
  }
  const gpg = /^\s*gpg .*--gen-key\b/m.test(spec);
  if (gpg) {
    supplied.push({
      name: 'gpg',
      reason:
        'a stand-in that makes no key: today’s gpg cannot make one as the spec of EL 5 and 6 asks, and netboot modules are not signed by GnuPG',
    });
  }
  const make = source.rhelMajor === '5';
  if (make) {
    supplied.push({
      name: 'make',
      reason:
        'splits the rules “config %config:” and “/ %/:” in the tree’s Makefile, if it has them, which make knows no more since 3.82',
    });
  }
  return { defines, undefines, pathfix, gpg, make, supplied };
}
