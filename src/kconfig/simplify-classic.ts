import type { Joiner, Junction } from './join.ts';
import type { Expression } from './model.ts';

/** A node of an expression that can be changed in place, as kconfig did until 6.11. */
type Node =
  | { readonly kind: 'leaf'; readonly expression: Expression }
  | { readonly kind: Junction; left: Node; right: Node };

interface Slot {
  get(): Node;
  set(node: Node): void;
}

/**
 * Removes repeated and contradicting operands the old way: every operand is compared with every
 * other in both directions, in place, and constants go only where something was joined.
 */
export function eliminateDuplicatesClassic(expression: Expression, joiner: Joiner): Expression {
  let result = expression;
  for (;;) {
    if (result.kind !== 'and' && result.kind !== 'or') return result;
    const walk = new Walk(joiner, result);
    if (walk.changes === 0) return result;
    result = joiner.withoutConstants(walk.result);
  }
}

class Walk {
  changes = 0;
  readonly #joiner: Joiner;
  #root: Node;

  constructor(joiner: Joiner, expression: Expression & { readonly kind: Junction }) {
    this.#joiner = joiner;
    this.#root = toNode(expression);
    const slot: Slot = {
      get: () => this.#root,
      set: (node) => {
        this.#root = node;
      },
    };
    this.#pairs(expression.kind, slot, slot);
  }

  get result(): Expression {
    return toExpression(this.#root);
  }

  #pairs(kind: Junction, a: Slot, b: Slot): void {
    const first = a.get();
    if (first.kind === kind) {
      this.#pairs(kind, leftOf(first), b);
      this.#pairs(kind, rightOf(first), b);
      return;
    }
    const second = b.get();
    if (second.kind === kind) {
      this.#pairs(kind, a, leftOf(second));
      this.#pairs(kind, a, rightOf(second));
      return;
    }
    if (first === second) return;
    if (first.kind !== 'leaf') this.#pairs(first.kind, a, a);
    const joined = this.#joiner.join(kind, toExpression(a.get()), toExpression(b.get()));
    if (!joined) return;
    this.changes++;
    a.set({ kind: 'leaf', expression: this.#joiner.neutral(kind) });
    b.set(toNode(joined));
  }
}

type Branch = Node & { readonly kind: Junction };

function leftOf(node: Branch): Slot {
  return {
    get: () => node.left,
    set: (child) => {
      node.left = child;
    },
  };
}

function rightOf(node: Branch): Slot {
  return {
    get: () => node.right,
    set: (child) => {
      node.right = child;
    },
  };
}

function toNode(expression: Expression): Node {
  if (expression.kind !== 'and' && expression.kind !== 'or') return { kind: 'leaf', expression };
  const { kind, left, right } = expression;
  return { kind, left: toNode(left), right: toNode(right) };
}

function toExpression(node: Node): Expression {
  if (node.kind === 'leaf') return node.expression;
  return { kind: node.kind, left: toExpression(node.left), right: toExpression(node.right) };
}
