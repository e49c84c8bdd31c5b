import type { Dialect } from '../../src/kconfig/index.ts';
import { random } from './judge.ts';

/** A Kconfig file and a `.config` for it, made up at random: small, but of everything. */
export interface Program {
  readonly kconfig: string;
  readonly config: string;
}

type Pick = <T>(items: readonly T[]) => T;

interface Writer {
  readonly next: () => number;
  readonly pick: Pick;
  readonly chance: (share: number) => boolean;
  readonly dialect: Dialect;
  readonly lines: string[];
  /** Names of the symbols so far, with their types. */
  readonly known: { name: string; type: string }[];
  readonly total: number;
}

/**
 * Makes a program up. A symbol refers to earlier ones and selects later ones, so that there are no
 * circles; now and then it does not care.
 *
 * @param dialect - what older kernels alone know is in it only where they do
 */
export function makeProgram(seed: number, dialect: Dialect): Program {
  const next = random(seed * 7919 + (dialect.classicChoices ? 1 : 0));
  const pick: Pick = (items) => items[Math.floor(next() * items.length)] as never;
  const writer: Writer = {
    next,
    pick,
    chance: (share) => next() < share,
    dialect,
    lines: [],
    known: [],
    total: 4 + Math.floor(next() * 14),
  };
  if (writer.chance(0.8)) {
    writer.lines.push(
      'config MODULES',
      '\tbool "modules"',
      dialect.keywordsByPlace ? '\toption modules' : '\tmodules',
      `\tdefault ${pick('yyn'.split(''))}`,
    );
    writer.known.push({ name: 'MODULES', type: 'bool' });
  }
  if (dialect.transitional) transitional(writer);
  block(writer, 0);
  return { kconfig: `${writer.lines.join('\n')}\n`, config: makeConfig(writer) };
}

function block(writer: Writer, depth: number): void {
  const { lines, chance, pick, dialect } = writer;
  const entries = 1 + Math.floor(writer.next() * (depth === 0 ? 12 : 4));
  for (let i = 0; i < entries || (depth === 0 && writer.known.length < writer.total); i++) {
    const kind = pick([
      'config',
      'config',
      'config',
      'menuconfig',
      'choice',
      'menu',
      'if',
      'comment',
    ]);
    if (depth > 2 || kind === 'config' || kind === 'menuconfig') {
      config(writer, kind === 'menuconfig' && chance(0.5) ? 'menuconfig' : 'config');
    } else if (kind === 'choice') {
      choice(writer);
    } else if (kind === 'comment') {
      lines.push(`comment "c${lines.length}"`);
      if (chance(0.5)) lines.push(`\tdepends on ${expression(writer)}`);
    } else {
      if (kind === 'if') lines.push(`if ${expression(writer)}`);
      else {
        lines.push(`menu "m${lines.length}"`);
        const options: string[] = [];
        if (chance(0.4)) options.push(`\tdepends on ${expression(writer)}`);
        // Before macros, the m of such a condition was that of an expression (menu.c).
        const condition = dialect.macros ? expression(writer) : symbolName(writer);
        if (chance(0.3) && dialect.menuVisibility) options.push(`\tvisible if ${condition}`);
        // The grammar of 4.18 has them in this order only (zconf.y).
        lines.push(...(dialect.keywordsByPlace ? options.reverse() : options));
      }
      block(writer, depth + 1);
      lines.push(`end${kind}`);
    }
  }
}

/** Former names of symbols, which the rest takes for any others. */
function transitional({ lines, known, pick, chance }: Writer): void {
  while (chance(0.5)) {
    const name = `S${known.length}`;
    const type = pick(['bool', 'tristate', 'int', 'hex', 'string']);
    lines.push(`config ${name}`, `\t${type}`, '\ttransitional');
    if (chance(0.3)) lines.push('\thelp', '\t  A former name.');
    known.push({ name, type });
  }
}

function config(writer: Writer, keyword: string): void {
  const { lines, known, pick, chance } = writer;
  const { dashedHelp, optionLines } = writer.dialect;
  const again = known.length > 2 && chance(0.03) ? pick(known) : undefined;
  const name = again?.name ?? `S${known.length}`;
  const type =
    again?.type ??
    pick(['bool', 'bool', 'tristate', 'tristate', 'tristate', 'int', 'hex', 'string']);
  lines.push(`${keyword} ${name}`);
  const prompt = keyword === 'menuconfig' || chance(0.7);
  const condition = chance(0.2) ? ` if ${expression(writer)}` : '';
  lines.push(`\t${type}${prompt ? ` "p ${name}"${condition}` : ''}`);
  if (chance(0.4)) lines.push(`\tdepends on ${expression(writer)}${dependsIf(writer)}`);
  while (chance(0.4)) lines.push(`\tdefault ${value(writer, type)}${maybeIf(writer)}`);
  if (type === 'bool' || type === 'tristate') {
    while (chance(0.25)) {
      const target = known.length + 1 + Math.floor(writer.next() * 4);
      // `imply` is younger than 3.10, as macros are.
      const keyword = writer.dialect.macros ? pick(['select', 'imply']) : 'select';
      lines.push(`\t${keyword} S${target}${maybeIf(writer)}`);
    }
  }
  if ((type === 'int' || type === 'hex') && chance(0.5)) {
    const limit = (): string =>
      type === 'int' ? String(Math.floor(writer.next() * 40)) : pick(['0x5', '0x1F', '1e']);
    const numbers = known.filter((symbol) => symbol.type === type && symbol.name !== name);
    const low = limit();
    const high = numbers.length > 0 && chance(0.3) ? pick(numbers).name : limit();
    lines.push(`\trange ${low} ${high}${maybeIf(writer)}`);
  }
  if (optionLines && type === 'string' && chance(0.1)) lines.push('\toption defconfig_list');
  if (chance(0.1))
    lines.push(
      dashedHelp && chance(0.5) ? '\t---help---' : '\thelp',
      '\t  Some help.',
      '',
      '\t    And more.',
    );
  if (!again) known.push({ name, type });
}

function choice(writer: Writer): void {
  const { lines, known, pick, chance } = writer;
  const { classicChoices: classic, strictChoices } = writer.dialect;
  const type = classic && chance(0.3) ? 'tristate' : 'bool';
  lines.push('choice', classic ? `\t${type} "ch"` : '\tprompt "ch"');
  if (classic && chance(0.3)) lines.push('\toptional');
  if (chance(0.3)) lines.push(`\tdepends on ${expression(writer)}`);
  const members = Array.from(
    { length: 1 + Math.floor(writer.next() * 4) },
    (_, i) => `S${known.length + i}`,
  );
  while (chance(0.4)) lines.push(`\tdefault ${pick(members)}${maybeIf(writer)}`);
  // What members depend on has to be older than the choice: they know nothing of each other.
  const older = [...known];
  const before: Writer = { ...writer, known: older };
  for (const name of members) {
    const own = type === 'tristate' && chance(0.8) ? 'tristate' : 'bool';
    lines.push(
      `${strictChoices || chance(0.9) ? 'config' : 'menuconfig'} ${name}`,
      `\t${own} "p ${name}"${chance(0.2) ? ` if ${expression(before)}` : ''}`,
    );
    if (chance(0.35)) lines.push(`\tdepends on ${expression(before)}`);
    if (chance(0.2)) lines.push(`\tselect S${known.length + members.length + 1}`);
    known.push({ name, type: own });
  }
  lines.push('endchoice');
}

function dependsIf(writer: Writer): string {
  return writer.dialect.conditionalDependencies ? maybeIf(writer) : '';
}

function maybeIf(writer: Writer): string {
  return writer.chance(0.4) ? ` if ${expression(writer)}` : '';
}

function symbolName({ known, pick }: Writer): string {
  return known.length > 0 ? pick(known).name : 'y';
}

function expression(writer: Writer, depth = 0): string {
  const { pick, chance } = writer;
  const symbol = (): string => symbolName(writer);
  const kind = depth > 2 ? 'symbol' : pick(['symbol', 'symbol', 'and', 'or', 'not', 'compare']);
  switch (kind) {
    case 'and':
    case 'or': {
      const operator = kind === 'and' ? '&&' : '||';
      return `(${expression(writer, depth + 1)} ${operator} ${expression(writer, depth + 1)})`;
    }
    case 'not':
      return `!${expression(writer, depth + 1)}`;
    case 'compare': {
      const constants = ['y', 'm', 'n', '7', '0x10', '"abc"', '""', 'UNDEFINED'];
      const right = chance(0.4) ? symbol() : pick(constants);
      const equality = ['=', '!='];
      const operator = pick(
        writer.dialect.numericComparisons ? [...equality, '<', '<=', '>', '>='] : equality,
      );
      // The conf of 6.12 takes the symbol of a bool `A != y` for an expression, and crashes.
      const safe =
        operator === '!=' && right === 'y' && !writer.dialect.classicChoices ? '=' : operator;
      return `${symbol()} ${safe} ${right}`;
    }
    default:
      return chance(0.12) ? pick(['y', 'm', 'n', 'UNDEFINED']) : symbol();
  }
}

function value(writer: Writer, type: string): string {
  const { pick, known, chance } = writer;
  const same = known.filter((symbol) => symbol.type === type);
  switch (type) {
    case 'int':
      return same.length > 0 && chance(0.3)
        ? pick(same).name
        : String(Math.floor(writer.next() * 50) - 5);
    case 'hex':
      return same.length > 0 && chance(0.3)
        ? pick(same).name
        : pick(['0x0', '0xFF', '1F', '0xabc']);
    case 'string':
      return same.length > 0 && chance(0.3)
        ? pick(same).name
        : pick(['"a b"', '"q\\"q"', '""', '"\\\\"', "'x'"]);
    default:
      return chance(0.4) ? pick(['y', 'm', 'n']) : expression(writer);
  }
}

function makeConfig(writer: Writer): string {
  const { known, chance, pick } = writer;
  const lines: string[] = [];
  const share = pick([0.2, 0.6, 0.9]);
  const names = [...known, { name: 'UNDEFINED', type: 'bool' }, { name: 'NONE', type: 'bool' }];
  for (const { name, type } of names) {
    while (chance(share)) {
      lines.push(assignment(writer, name, type));
      if (chance(0.8)) break;
    }
  }
  if (chance(0.2)) lines.reverse();
  if (chance(0.1)) lines.push('nonsense', '#CONFIG_S1=y', '');
  return `${lines.join('\n')}\n`;
}

function assignment({ chance, pick, next }: Writer, name: string, type: string): string {
  const other = chance(0.05) ? pick(['int', 'hex', 'string', 'tristate']) : type;
  switch (other) {
    case 'int':
      return `CONFIG_${name}=${Math.floor(next() * 60) - 10}`;
    case 'hex':
      return `CONFIG_${name}=${pick(['0x1', '0x7', '0x20', 'ff', '0x'])}`;
    case 'string':
      return `CONFIG_${name}=${pick(['"x"', '"a\\"b\\\\"', '"open', 'bare', '""'])}`;
    default: {
      const level = pick(['y', 'm', 'n', '']);
      return level === '' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${level}`;
    }
  }
}
