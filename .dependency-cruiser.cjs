/**
 * The floors of the house (docs/ARCHITECTURE.md): a room imports only from floors below it.
 * Listed from the ground up; the rooms of one floor do not know each other.
 */
const floors = [
  ['src/system', 'src/kconfig', 'src/formats', 'src/hardware'],
  ['src/kernel'],
  ['src/bundle'],
  ['src/export', 'src/coverage', 'src/advice', 'src/wrap'],
  ['src/lab', 'src/compare'],
  ['src/proof'],
  ['src/pipeline'],
  ['src/cli'],
];

/** Pure libraries: they know nothing of the product, not even its errors. */
const pure = ['src/kconfig', 'src/formats', 'src/hardware'];

const inFolders = (folders) => `^(${folders.join('|')})/`;

const floorRules = floors.map((rooms, index) => ({
  name: `floor-${index}-imports-downwards`,
  comment: `${rooms.join(', ')} may import from itself and from the floors below only.`,
  severity: 'error',
  from: { path: inFolders(rooms) },
  to: {
    path: '^(src|test|scripts|bench|fuzz|examples)/',
    pathNot: inFolders([...floors.slice(0, index).flat(), ...rooms]),
  },
}));

const neighbourRules = floors
  .filter((rooms) => rooms.length > 1)
  .flatMap((rooms) =>
    rooms.map((room) => ({
      name: `${room.replace('src/', '')}-does-not-know-its-neighbours`,
      severity: 'error',
      from: { path: inFolders([room]) },
      to: { path: inFolders(rooms.filter((other) => other !== room)) },
    })),
  );

module.exports = {
  forbidden: [
    ...floorRules,
    ...neighbourRules,
    {
      name: 'pure-libraries-run-nothing',
      comment: 'Kconfig, formats and hardware start no process; what is outside is passed in.',
      severity: 'error',
      from: { path: inFolders(pure) },
      to: { dependencyTypes: ['core'], path: '^(child_process|net|http|https)$' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'packages-are-declared',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
    },
  },
};
