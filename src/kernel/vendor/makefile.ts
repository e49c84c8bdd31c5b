/** A Makefile's lines with continued ones joined, without comments. */
function logicalLines(text: string): string[] {
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim());
}

/**
 * The names of the modules that a Makefile for kbuild makes, as lsmod would show them: what stands
 * in `obj-m`, `obj-y` and `obj-$(…)`, with the Makefile's own plain variables in their places.
 *
 * @param text - a Kbuild or Makefile (Documentation/kbuild/makefiles.rst, "Built-in object goals")
 * @returns an empty list for a Makefile that is not for kbuild
 */
export function modulesOfMakefile(text: string): readonly string[] {
  const variables = new Map<string, string>();
  const names = new Set<string>();
  const expand = (words: string): string =>
    words.replaceAll(/\$[({](\w+)[)}]/g, (whole, name: string) => variables.get(name) ?? whole);
  for (const line of logicalLines(text)) {
    const assignment = /^(?:export\s+)?([\w-]+)\s*(?::{0,3}|\?)=\s*(.*)$/.exec(line);
    if (assignment?.[1] !== undefined && !assignment[1].startsWith('obj-')) {
      variables.set(assignment[1], expand(assignment[2] ?? ''));
    }
    const goal = /^obj-(?:m|y|\$[({]\w+[)}])\s*[:+?]?=\s*(.*)$/.exec(line)?.[1];
    for (const word of expand(goal ?? '').split(/\s+/)) {
      const name = /^([\w.+-]+)\.o$/.exec(word)?.[1];
      if (name !== undefined) names.add(name.replaceAll('-', '_'));
    }
  }
  return [...names].sort();
}

/** Whether a Makefile is one that kbuild can be sent to: it names goals of kbuild's. */
export function isKbuildMakefile(text: string): boolean {
  return logicalLines(text).some((line) => /^obj-(?:m|y|\$[({])/.test(line));
}

/**
 * The symbols that have kbuild compile a module, by the Makefiles of a tree's folder.
 *
 * @param text - a Makefile of the tree
 * @param module - as lsmod shows it
 */
export function symbolsOfModule(text: string, module: string): readonly string[] {
  return logicalLines(text).flatMap((line) => {
    const match = /^obj-\$[({]CONFIG_(\w+)[)}]\s*[:+]?=\s*(.*)$/.exec(line);
    const objects = (match?.[2] ?? '').split(/\s+/).map((word) => word.replaceAll('-', '_'));
    return match?.[1] !== undefined && objects.includes(`${module}.o`) ? [match[1]] : [];
  });
}
