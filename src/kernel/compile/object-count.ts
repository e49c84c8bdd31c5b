/** How many objects a build will compile, as far as its Makefiles tell. */
export interface ObjectCount {
  /** Objects that go into the image. */
  readonly image: number;
  /** Objects that go into modules, one more for each module itself (`.mod.o`). */
  readonly modules: number;
}

/** What kbuild's Makefiles are read against. */
export interface KbuildView {
  /** Values of the `.config`, see `readConfigValues`. */
  readonly values: ReadonlyMap<string, string>;
  /** kbuild's SRCARCH, such as `x86`. */
  readonly sourceArch: string;
  /** The text of a file of the tree, undefined if there is none. */
  readonly read: (path: string) => string | undefined;
}

/** Lists that name parts of the image: `obj-y` in all Makefiles, the others in those at the top. */
const imageLists = ['obj-y', 'lib-y', 'core-y', 'drivers-y', 'libs-y', 'net-y', 'virt-y', 'init-y'];

/** Start-up code, decompressor, vDSO: compiled by Makefiles of another make than kbuild's descent. */
const outsideOfDescent = 60;

/** Joins continued lines and drops comments and recipes. */
function logicalLines(text: string): string[] {
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split('\n')
    .filter((line) => !line.startsWith('\t'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

function expand(text: string, view: KbuildView): string {
  return text
    .replaceAll(/\$\(subst m,y,\$\(CONFIG_(\w+)\)\)/g, (_, symbol: string) =>
      ['y', 'm'].includes(view.values.get(symbol) ?? 'n') ? 'y' : '',
    )
    .replaceAll(/\$[({]CONFIG_(\w+)[)}]/g, (_, symbol: string) => {
      const value = view.values.get(symbol) ?? 'n';
      return value === 'n' ? '' : value.replaceAll('"', '');
    })
    .replaceAll(/\$[({]SRCARCH[)}]/g, view.sourceArch)
    .replaceAll(/\$[({]BITS[)}]/g, view.values.get('64BIT') === 'y' ? '64' : '32');
}

/** Whether a conditional holds; undefined for one that is not about the config. */
function conditionHolds(line: string, view: KbuildView): boolean | undefined {
  const defined = /^(ifn?def)\s+CONFIG_(\w+)/.exec(line);
  if (defined?.[2] !== undefined) {
    return (defined[1] === 'ifdef') === ((view.values.get(defined[2]) ?? 'n') !== 'n');
  }
  const compared = /^(ifn?eq)\s*\(([^,]*),([^)]*)\)\s*$/.exec(expand(line, view));
  if (compared?.[2] === undefined || compared[3] === undefined) return undefined;
  if (compared[2].includes('$') || compared[3].includes('$')) return undefined;
  return (compared[1] === 'ifeq') === (compared[2].trim() === compared[3].trim());
}

function invert(condition: boolean | undefined): boolean | undefined {
  return condition === undefined ? undefined : !condition;
}

/** The variables that a Makefile assigns, each with the words of all its assignments. */
function readMakefile(text: string, view: KbuildView): Map<string, string[]> {
  const variables = new Map<string, string[]>();
  // Of a conditional that is not understood both branches count.
  const conditions: (boolean | undefined)[] = [];
  for (const line of logicalLines(text)) {
    if (/^if(n?eq|n?def)\b/.test(line)) {
      conditions.push(conditionHolds(line, view));
    } else if (/^else\b/.test(line)) {
      const rest = line.slice('else'.length).trim();
      const before = conditions.pop();
      conditions.push(
        before === true ? false : rest === '' ? invert(before) : conditionHolds(rest, view),
      );
    } else if (/^endif\b/.test(line)) {
      conditions.pop();
    } else if (!conditions.includes(false)) {
      const assignment = /^(\S+?)\s*(\+=|:=|\?=|=)\s*(.*)$/.exec(expand(line, view));
      if (assignment?.[1] === undefined || assignment[3] === undefined) continue;
      const words = variables.get(assignment[1]) ?? [];
      words.push(...assignment[3].split(/\s+/).filter((word) => word !== ''));
      variables.set(assignment[1], words);
    }
  }
  return variables;
}

/**
 * Counts the objects that a config compiles, by reading the Makefiles as kbuild
 * descends them. An estimate: make's functions are not evaluated. (`make -n`
 * would tell exactly, and takes minutes.)
 */
export function countObjects(view: KbuildView): ObjectCount {
  const image = new Set<string>();
  const modules = new Set<string>();
  const visited = new Set<string>();

  const take = (
    folder: string,
    words: readonly string[],
    variables: ReadonlyMap<string, string[]>,
    kind: 'y' | 'm',
  ): void => {
    for (const word of words) {
      if (word.includes('$')) continue;
      if (word.endsWith('/')) {
        descend(`${folder}${word}`, kind);
      } else if (word.endsWith('.o')) {
        const stem = word.slice(0, -2);
        const suffixes = kind === 'm' ? ['-y', '-objs', '-m'] : ['-y', '-objs'];
        const parts = suffixes.flatMap((suffix) => variables.get(`${stem}${suffix}`) ?? []);
        const objects = parts.filter((part) => part.endsWith('.o') && !part.includes('$'));
        const set = kind === 'm' ? modules : image;
        if (kind === 'm') set.add(`${folder}${stem}.mod.o`);
        if (objects.length === 0) set.add(`${folder}${word}`);
        // A part may be a composite of its own.
        else
          take(
            folder,
            objects.filter((part) => part !== word),
            withoutOwn(variables, stem),
            'y',
          );
        if (kind === 'm') {
          for (const part of objects) {
            image.delete(`${folder}${part}`);
            set.add(`${folder}${part}`);
          }
        }
      }
    }
  };
  const withoutOwn = (variables: ReadonlyMap<string, string[]>, stem: string) => {
    const rest = new Map(variables);
    for (const suffix of ['-y', '-objs', '-m']) rest.delete(`${stem}${suffix}`);
    return rest;
  };
  const descend = (folder: string, kind: 'y' | 'm'): void => {
    const key = `${kind} ${folder}`;
    if (visited.has(key)) return;
    visited.add(key);
    const text = view.read(`${folder}Kbuild`) ?? view.read(`${folder}Makefile`);
    if (text === undefined) return;
    const variables = readMakefile(text, view);
    // What is `y` in a folder that is entered as `m` becomes part of a module all the same.
    for (const list of imageLists) take(folder, variables.get(list) ?? [], variables, kind);
    take(folder, variables.get('obj-m') ?? [], variables, 'm');
  };

  descend('', 'y');
  // The lists at the top name folders from the root of the tree.
  for (const top of ['Makefile', `arch/${view.sourceArch}/Makefile`]) {
    const variables = readMakefile(view.read(top) ?? '', view);
    for (const list of imageLists) take('', variables.get(list) ?? [], variables, 'y');
  }
  return { image: image.size + outsideOfDescent, modules: modules.size };
}
