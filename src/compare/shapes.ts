import type { ConfigLine } from './config.ts';

/** A place in a header where a structure has other members with an option than without. */
export interface Shape {
  /** Without the CONFIG_ prefix. */
  readonly symbol: string;
  /** `struct module`; `union` for one without a name. */
  readonly type: string;
  /** The condition holds for a module too (IS_ENABLED), or only for what is built in (#ifdef). */
  readonly holds: 'enabled' | 'built-in';
  /** Counted from 1. */
  readonly line: number;
}

const open = /\b(struct|union|enum)(?:\s+(\w+))?[^;{}()]*\{/;
const condition = /^\s*#\s*(?:if|ifdef|ifndef|elif)\b(.*)/;

/** The options that a condition names, and whether it holds for modules. */
function* conditionsOf(text: string): Generator<Pick<Shape, 'symbol' | 'holds'>> {
  const seen = new Set<string>();
  const names = [...text.matchAll(/(IS_ENABLED\s*\(\s*)?\bCONFIG_(\w+)/g)];
  const all = new Set(names.map(([, , name = '']) => name));
  for (const [, isEnabled, name = ''] of names) {
    // CONFIG_X_MODULE is what CONFIG_X=m defines; some options are called …_MODULE themselves.
    const symbol = all.has(name.replace(/_MODULE$/, '')) ? name.replace(/_MODULE$/, '') : name;
    if (seen.has(symbol)) continue;
    seen.add(symbol);
    const holds = isEnabled !== undefined || all.has(`${symbol}_MODULE`) ? 'enabled' : 'built-in';
    yield { symbol, holds };
  }
}

const count = (text: string, character: string): number => text.split(character).length - 1;

/**
 * Finds the options by which structures of a C header change. It reads lines, not C: what macros make
 * of a header is not seen.
 */
export function shapesIn(header: string): readonly Shape[] {
  const found: Shape[] = [];
  const types: { readonly name: string; readonly depth: number }[] = [];
  let depth = 0;
  const text = header.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\/\/.*/, '');
    const inner = condition.exec(line)?.[1];
    const type = types.at(-1);
    if (inner !== undefined) {
      if (type === undefined) continue;
      for (const each of conditionsOf(inner))
        found.push({ ...each, type: type.name, line: index + 1 });
      continue;
    }
    if (/^\s*#/.test(line)) continue;
    const [, kind, name] = open.exec(line) ?? [];
    const before = depth;
    depth += count(line, '{') - count(line, '}');
    if (kind !== undefined && depth > before) {
      const around = types.at(-1)?.name;
      types.push({ name: name === undefined ? (around ?? kind) : `${kind} ${name}`, depth });
    }
    while (types.length > 0 && depth < (types.at(-1)?.depth ?? 0)) types.pop();
  }
  return found;
}

/** Whether a change of an option changes a structure. */
export function isShaping({ from, to }: ConfigLine, { holds }: Shape): boolean {
  const isOn = (value: string): boolean => value !== 'n' && value !== 'absent';
  return holds === 'enabled' ? isOn(from) !== isOn(to) : (from === 'y') !== (to === 'y');
}
