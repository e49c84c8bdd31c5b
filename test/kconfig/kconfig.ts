import { detectDialect } from '../../src/kconfig/dialect.ts';
import {
  type Configuration,
  configure,
  type Dialect,
  type Kconfig,
  type KconfigSymbol,
  load,
  parseConfig,
} from '../../src/kconfig/index.ts';

/** The dialect of 6.12, and of any tree that does not say otherwise. */
export const modern: Dialect = detectDialect(() => undefined);

/** The dialect of 7.0. */
export const newest: Dialect = { ...modern, transitional: true, conditionalDependencies: true };

/** The dialect of 6.1. */
export const classic: Dialect = {
  ...modern,
  name: 'classic',
  classicChoices: true,
  zeroForEmptyNumbers: false,
  dropsValuesOutOfRange: true,
  strictConfigLines: false,
  shortRecursionReports: false,
};

/** The dialect of 4.18 as in EL 8. */
export const el8: Dialect = {
  ...classic,
  typedConstants: false,
  rangeKeepsText: false,
  unsetIsAssignment: false,
  closesEmptyMenus: false,
  weakensConditions: true,
  longShellOutput: false,
  keywordsByPlace: true,
  dashedHelp: true,
  optionLines: true,
  pathsAreWords: true,
  unquotedTexts: true,
  strictChoices: false,
  implyObeysDependencies: false,
  implyForbidsModule: true,
  marksMenuEnds: false,
  laxUnsetLines: true,
  plainManual: true,
};

/** The dialect of 3.10 as in EL 7. */
export const el7: Dialect = {
  ...el8,
  longShellOutput: true,
  macros: false,
  ignoresDashes: true,
  booleanKeyword: true,
  environmentOptions: true,
  expandsNames: true,
  writesDefconfigList: true,
  modulesByName: true,
  linuxTitle: true,
  choiceHidesModules: false,
  modularDependencies: false,
  narrowRanges: true,
  numericComparisons: false,
  hidesDefaultNo: false,
  choiceWritesMembers: true,
  toleratesCircles: true,
  dashedHelp: false,
  implyForbidsModule: false,
  plainManual: false,
};

/** The dialect of 2.6.32 as in EL 6. */
export const el6: Dialect = {
  ...el7,
  expandsNames: false,
  toleratesCircles: false,
  olddefconfig: false,
  makeHeading: true,
  versionHeading: true,
  unmetDependencies: false,
  summedHashes: true,
  choiceWritesHiddenMembers: true,
  choicesSettledOnReading: true,
  menuVisibility: false,
};

/** The dialect of 2.6.18 as in EL 5. */
export const el5: Dialect = {
  ...el6,
  environmentOptions: false,
  toleratesCircles: true,
  answersAll: true,
  predefinedEnvironment: true,
  idleTitles: true,
  earlyKeywords: true,
  bareDepends: true,
  unlimitedDefaults: true,
  firstMemberCounts: true,
  boolMembersNeedYes: false,
};

export interface Sources {
  readonly dialect?: Dialect;
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers of `$(shell,…)`; a command that is not here prints nothing. */
  readonly answers?: Readonly<Record<string, string>>;
}

/** Reads Kconfig files out of the test itself: one text, or several by name. */
export function read(
  files: string | Readonly<Record<string, string>>,
  { dialect = modern, environment = {}, answers = {} }: Sources = {},
): Promise<Kconfig> {
  const named: Readonly<Record<string, string>> =
    typeof files === 'string' ? { Kconfig: files } : files;
  return load({
    root: '/tree',
    environment,
    dialect,
    probe: async (commands) => commands.map((command) => answers[command] ?? ''),
    read: (path) => named[path.replace(/^\/tree\//, '')],
  });
}

/** The symbol of that name. */
export function symbol(kconfig: Kconfig, name: string): KconfigSymbol {
  const found = kconfig.symbols.get(name);
  if (!found) throw new Error(`there is no symbol ${name}`);
  return found;
}

/** The configuration that a `.config` gives. */
export function configured(kconfig: Kconfig, config = ''): Configuration {
  return configure(kconfig, parseConfig(config, kconfig));
}

/** Values by name. */
export function valuesOf(
  configuration: Configuration,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, configuration.get(symbol(configuration.kconfig, name))]),
  );
}
