/** RMSNorm and LayerNorm spelled out, over the last dimension, biased variance, eps inside the root. */
import type { Expr, Stmt } from '../../syntax/ast.js';
import type { Definition } from '../semantic/flow.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { argument, literalNumber, opOf, type TorchOp } from '../semantic/torchOps.js';
import { isSteady } from './inline.js';

export interface NormalisationMatch {
  readonly name: 'rms_norm' | 'layer_norm';
  readonly input: Expr;
  readonly eps: Expr;
  /** The g of `g * (x - mean) / root`: a factor in front of the quotient. */
  readonly factor: Expr | null;
  /** Assignments that only feed the formula. */
  readonly gone: readonly Stmt[];
}

class Matcher {
  readonly followed = new Set<Definition>();
  constructor(
    private readonly index: ModuleIndex,
    private readonly scope: Scope,
  ) {}

  private op(node: Expr): TorchOp | null {
    const op = opOf(this.seen(node), this.index, this.scope);
    return op === null || op.inPlace || !op.plain ? null : op;
  }

  private seen(node: Expr): Expr {
    if (node.type !== 'Name') return node;
    const definition = this.scope.flow.single(node);
    if (definition?.kind !== 'assign' || definition.value === null || definition.captured) return node;
    if (opOf(definition.value, this.index, this.scope) === null) return node;
    this.followed.add(definition);
    return this.seen(definition.value);
  }

  private same(a: Expr, b: Expr): boolean {
    if (!isSteady(a) || this.index.source(a) !== this.index.source(b)) return false;
    if (a.type !== 'Name' || b.type !== 'Name') return true;
    const [left, right] = [this.scope.flow.reaching(a), this.scope.flow.reaching(b)];
    return left.length === right.length && left.every((one) => right.includes(one));
  }

  /** The input of `mean(-1, keepdim=True)`. */
  private meanOf(node: Expr): Expr | null {
    const op = this.op(node);
    return op?.name === 'mean' && this.isOverLast(op) ? (op.args[0] ?? null) : null;
  }

  private isOverLast(op: TorchOp): boolean {
    const dim = argument(op, 1, 'dim', 'axis');
    const only =
      dim !== null && (dim.type === 'Tuple' || dim.type === 'List') && dim.elts.length === 1 ? dim.elts[0] : dim;
    const keep = argument(op, op.name === 'mean' ? 2 : 9, 'keepdim', 'keepdims');
    return literalNumber(only) === -1 && keep?.type === 'Constant' && keep.value === true;
  }

  private squareOf(node: Expr): Expr | null {
    const op = this.op(node);
    const [left, right] = op?.args ?? [];
    if (op === null || left === undefined) return null;
    if (op.name === 'square' && op.args.length === 1) return left;
    if (op.name === 'pow' && literalNumber(argument(op, 1, 'exponent')) === 2) return left;
    return op.name === 'mul' && right !== undefined && this.same(left, right) ? left : null;
  }

  /** `var + eps`. */
  private stabilised(node: Expr): { moment: Expr; eps: Expr } | null {
    const op = this.op(node);
    const [left, right] = op?.args ?? [];
    if (op?.name !== 'add' || op.args.length !== 2 || left === undefined || right === undefined || op.keywords.size > 0)
      return null;
    return this.op(left) !== null
      ? { moment: left, eps: right }
      : this.op(right) !== null
        ? { moment: right, eps: left }
        : null;
  }

  /** Numerator and what stands under the root. */
  private quotient(node: Expr): { above: Expr; under: Expr } | null {
    const op = this.op(node);
    const [left, right] = op?.args ?? [];
    if (op === null || left === undefined || right === undefined || op.args.length !== 2 || op.keywords.size > 0)
      return null;
    // sqrt(x), x ** 0.5; rsqrt(x), x ** -0.5
    const root = (one: Expr, name: 'sqrt' | 'rsqrt'): Expr | null => {
      const inner = this.op(one);
      if (inner?.name === name && inner.args.length === 1) return inner.args[0] as Expr;
      const power = inner?.name === 'pow' ? literalNumber(argument(inner, 1, 'exponent')) : null;
      return power === (name === 'sqrt' ? 0.5 : -0.5) ? ((inner as TorchOp).args[0] as Expr) : null;
    };
    if (op.name === 'div') {
      const under = root(right, 'sqrt');
      return under === null ? null : { above: left, under };
    }
    if (op.name !== 'mul') return null;
    const second = root(right, 'rsqrt');
    if (second !== null) return { above: left, under: second };
    const first = root(left, 'rsqrt');
    return first === null ? null : { above: right, under: first };
  }

  match(node: Expr): Omit<NormalisationMatch, 'gone' | 'factor'> | null {
    const parts = this.quotient(node);
    return parts === null ? null : this.matchParts(parts);
  }

  /** As `match`, for `g * x / root`, where the product stands above the root as it is written. */
  matchBehindFactor(node: Expr): Omit<NormalisationMatch, 'gone'> | null {
    const parts =
      node.type === 'BinOp' && node.op === '/' && node.left.type === 'BinOp' && node.left.op === '*'
        ? this.quotient(node)
        : null;
    if (parts === null || node.type !== 'BinOp' || node.left.type !== 'BinOp') return null;
    const found = this.matchParts({ above: node.left.right, under: parts.under });
    return found === null ? null : { ...found, factor: node.left.left };
  }

  private matchParts(parts: { above: Expr; under: Expr }): Omit<NormalisationMatch, 'gone' | 'factor'> | null {
    const inside = this.stabilised(parts.under);
    if (inside === null) return null;
    const mean = this.meanOf(inside.moment);
    const square = mean === null ? null : this.squareOf(mean);
    if (square !== null && this.same(parts.above, square)) {
      // With (x - mean) above and below it is a LayerNorm; with x it is an RMSNorm
      const centred = this.centred(parts.above);
      return centred === null
        ? isSteady(parts.above)
          ? { name: 'rms_norm', input: parts.above, eps: inside.eps }
          : null
        : { name: 'layer_norm', input: centred, eps: inside.eps };
    }
    const centred = this.centred(parts.above);
    if (centred === null) return null;
    if (square !== null) {
      const below = this.centred(square);
      return below !== null && this.same(centred, below)
        ? { name: 'layer_norm', input: centred, eps: inside.eps }
        : null;
    }
    const variance = this.op(inside.moment);
    const of = variance?.name === 'var' ? variance.args[0] : undefined;
    if (variance === null || of === undefined || !this.same(centred, of) || !this.isOverLast(variance)) return null;
    const unbiased = variance.keywords.get('unbiased');
    const correction = variance.keywords.get('correction');
    const isBiased = (unbiased?.type === 'Constant' && unbiased.value === false) || literalNumber(correction) === 0;
    return isBiased ? { name: 'layer_norm', input: centred, eps: inside.eps } : null;
  }

  /** The x of `x - x.mean(-1, keepdim=True)`. */
  private centred(node: Expr): Expr | null {
    const op = this.op(node);
    const [left, right] = op?.args ?? [];
    if (op?.name !== 'sub' || op.args.length !== 2 || left === undefined || right === undefined || op.keywords.size > 0)
      return null;
    const mean = this.meanOf(right);
    return mean !== null && this.same(left, mean) ? left : null;
  }
}

export function normalisationAt(node: Expr, index: ModuleIndex, scope: Scope): NormalisationMatch | null {
  const op = opOf(node, index, scope);
  if (op === null || (op.name !== 'mul' && op.name !== 'div')) return null;
  const matcher = new Matcher(index, scope);
  const plain = matcher.match(node);
  const found = plain === null ? matcher.matchBehindFactor(node) : { ...plain, factor: null };
  return found === null ? null : { ...found, gone: onlyFeeding(node, matcher.followed, found.input, index, scope) };
}

/** The assignments whose every reader stands in the formula or in another of them. */
function onlyFeeding(
  node: Expr,
  followed: ReadonlySet<Definition>,
  input: Expr,
  index: ModuleIndex,
  scope: Scope,
): Stmt[] {
  const kept = input.type === 'Name' ? scope.flow.reaching(input) : [];
  let gone = [...followed].filter(
    (one) => !kept.includes(one) && one.stmt?.type === 'Assign' && one.stmt.targets.length === 1,
  );
  for (;;) {
    const inside = [node, ...gone.map((one) => one.stmt as Stmt)];
    const left = gone.filter((one) =>
      [...one.uses].every((use) => inside.some((holder) => index.contains(holder, use))),
    );
    if (left.length === gone.length) return left.map((one) => one.stmt as Stmt);
    gone = left;
  }
}
