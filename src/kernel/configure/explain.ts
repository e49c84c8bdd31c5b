import {
  type Configuration,
  type Expression,
  expressionToString,
  type KconfigSymbol,
  type Tristate,
} from '../../kconfig/index.ts';
import { collect, influences } from './influences.ts';
import { formatLocation, type Origins } from './origin.ts';

/** Why something is so, and the Kconfig line that says it. */
export interface Explanation {
  readonly reason: string;
  readonly location: string;
}

/** How much of an expression is shown, in characters. */
const longestExpression = 120;

export function nameOf(symbol: KconfigSymbol): string {
  return symbol.name ?? 'a choice';
}

function show(expression: Expression | undefined): string {
  const text = expressionToString(expression);
  return text.length <= longestExpression ? text : `${text.slice(0, longestExpression - 1)}…`;
}

/** Where a symbol is defined. */
export function definedAt(symbol: KconfigSymbol): string {
  return formatLocation(symbol.menus[0]?.location);
}

/**
 * Which select or default holds a symbol at its value.
 *
 * @param values - the state in which it does
 */
export function explainValue(symbol: KconfigSymbol, values: Configuration): Explanation {
  const level = values.tristate(symbol);
  for (const { source, condition, location } of symbol.selectedBy) {
    const reached = Math.min(values.tristate(source), values.evaluate(condition));
    if (reached > 0 && (symbol.type === 'bool' || reached >= level)) {
      return { reason: `selected by ${nameOf(source)}`, location: formatLocation(location) };
    }
  }
  for (const { value, condition, location } of symbol.defaults) {
    if (values.evaluate(condition) === 0) continue;
    const guard = condition === undefined ? '' : `, since ${show(condition)}`;
    return { reason: `default ${show(value)}${guard}`, location: formatLocation(location) };
  }
  for (const { source, condition, location } of symbol.impliedBy) {
    if (Math.min(values.tristate(source), values.evaluate(condition)) > 0) {
      return { reason: `implied by ${nameOf(source)}`, location: formatLocation(location) };
    }
  }
  if (symbol.choice !== undefined) {
    return {
      reason: 'the choice that it belongs to has come into view',
      location: definedAt(symbol),
    };
  }
  return { reason: 'follows from the values around it', location: definedAt(symbol) };
}

/**
 * The way from a symbol to a raise that it needs, over symbols that were too low: the first is the
 * symbol, the last the raise.
 */
function trail(
  from: KconfigSymbol,
  to: KconfigSymbol,
  before: Configuration,
): readonly KconfigSymbol[] {
  const cameFrom = new Map<KconfigSymbol, KconfigSymbol | undefined>([[from, undefined]]);
  const queue = [from];
  for (const symbol of queue) {
    if (symbol === to) break;
    for (const near of influences(symbol)) {
      if (cameFrom.has(near) || before.tristate(near) !== 1) continue;
      cameFrom.set(near, symbol);
      queue.push(near);
    }
  }
  const way: KconfigSymbol[] = [];
  for (let at: KconfigSymbol | undefined = to; at !== undefined; at = cameFrom.get(at))
    way.push(at);
  return way.at(-1) === from ? way.reverse() : [from, to];
}

/** Why a symbol was raised by hand: who needed it, over what, and at which line. */
export function explainRaise(
  raise: KconfigSymbol,
  neededBy: readonly KconfigSymbol[],
  isWanted: (symbol: KconfigSymbol) => boolean,
  before: Configuration,
  origins: Origins,
): Explanation {
  const trails = neededBy.map((symbol) => trail(symbol, raise, before));
  const shortest = trails.sort((one, two) => one.length - two.length)[0];
  if (shortest === undefined) return { reason: 'needed', location: definedAt(raise) };
  const [first, ...between] = shortest.slice(0, -1);
  if (first === undefined) return { reason: 'needed', location: definedAt(raise) };
  const others = trails.length - 1;
  const more = others === 0 ? '' : ` and ${others} more`;
  const over = between.length === 0 ? '' : `, through ${between.map(nameOf).join(', ')}`;
  const purpose = isWanted(first) ? 'needed by' : 'keeps';
  const next = shortest[1] ?? raise;
  const select = first.selectedBy.find(({ source }) => source === next);
  return {
    reason: `${purpose} ${nameOf(first)}${more}${over}`,
    location: formatLocation(select?.location ?? origins.find(first, [nameOf(next)])),
  };
}

/** Whether no raise at all could bring an expression to a value. */
export type IsHopeless = (expression: Expression, level: Tristate) => boolean;

/**
 * What keeps a symbol below a value: the part of its conditions that fails, and the line that
 * states it.
 *
 * @param isHopeless - tells the parts that forbid the value from those that merely lack a raise
 */
export function explainLack(
  symbol: KconfigSymbol,
  level: Tristate,
  values: Configuration,
  origins: Origins,
  isHopeless: IsHopeless = () => false,
): Explanation {
  const target = symbol.type === 'bool' ? 1 : level;
  if (symbol.menus.length === 0) {
    return { reason: 'no Kconfig file defines it for this architecture', location: '' };
  }
  const prompt = symbol.prompts[0];
  if (prompt !== undefined) {
    const failing = failingPart(prompt.condition, target, values, isHopeless);
    return failing === undefined
      ? { reason: `it stays at ${values.get(symbol)}`, location: formatLocation(prompt.location) }
      : explainFailure(symbol, failing, target, values, origins);
  }
  const byDefault = symbol.defaults[0];
  if (byDefault !== undefined) {
    const failing =
      failingPart(byDefault.condition, target, values, isHopeless) ??
      failingPart(byDefault.value, target, values, isHopeless);
    if (failing !== undefined) return explainFailure(symbol, failing, target, values, origins);
  }
  const own = failingPart(symbol.directDependency, target, values, isHopeless);
  if (own !== undefined) return explainFailure(symbol, own, target, values, origins);
  const selectors = symbol.selectedBy.map(({ source }) => nameOf(source));
  const names = selectors.slice(0, 4).join(', ') + (selectors.length > 4 ? ' …' : '');
  return {
    reason:
      selectors.length === 0
        ? 'it has no prompt, and nothing selects it'
        : `it has no prompt, and none of what selects it is ${target === 2 ? 'built in' : 'on'} (${names})`,
    location: definedAt(symbol),
  };
}

function explainFailure(
  symbol: KconfigSymbol,
  failing: Expression,
  target: Tristate,
  values: Configuration,
  origins: Origins,
): Explanation {
  const mentioned = new Set<KconfigSymbol>();
  collect(failing, mentioned);
  const states = [...mentioned]
    .slice(0, 4)
    .map((one) => `${nameOf(one)}=${values.get(one) || 'empty'}`)
    .join(', ');
  const names = mentioned.size === 0 ? [show(failing)] : [...mentioned].map(nameOf);
  const is = values.evaluate(failing) === 1 && target === 2 ? 'only allows m' : 'does not hold';
  return {
    reason: `"${show(failing)}" ${is}${states === '' ? '' : ` (${states})`}`,
    location: formatLocation(origins.find(symbol, names)),
  };
}

/**
 * The part of an expression that alone keeps it below a value: of several, the first that no raise
 * could help; undefined if none does.
 */
function failingPart(
  expression: Expression | undefined,
  target: Tristate,
  values: Configuration,
  isHopeless: IsHopeless,
): Expression | undefined {
  const failing = conjuncts(expression).filter((part) => values.evaluate(part) < target);
  return failing.find((part) => isHopeless(part, target)) ?? failing[0];
}

function conjuncts(expression: Expression | undefined): Expression[] {
  if (expression === undefined) return [];
  if (expression.kind !== 'and') return [expression];
  return [...conjuncts(expression.left), ...conjuncts(expression.right)];
}
