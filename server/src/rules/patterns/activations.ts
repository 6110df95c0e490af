/** Activation formulas spelled out, as products and sums of one variable. */
import type { Expr, Stmt } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import { qualifiedName } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';
import { literalNumber, opOf } from '../semantic/torchOps.js';
import { isSteady, standsFor, standsForAlone } from './inline.js';

export interface ActivationMatch {
  readonly name: 'silu' | 'gelu' | 'gelu_tanh' | 'softplus' | 'mish';
  readonly input: Expr;
  /** Assignments that only feed the formula. */
  readonly gone: readonly Stmt[];
}

const close = (value: number | null, wanted: number): boolean =>
  value !== null && Math.abs(value - wanted) <= 1e-4 * Math.abs(wanted);

/** The value of a constant expression: numbers, math.sqrt, math.pi, and tensors made of them. */
export function constantValue(node: Expr, index: ModuleIndex, scope: Scope): number | null {
  const literal = literalNumber(node);
  if (literal !== null) return literal;
  const again = (inner: Expr): number | null => constantValue(inner, index, scope);
  if (node.type === 'Name') {
    const value = standsFor(node, scope);
    if (value !== node) return again(value);
    // SQRT_2_OVER_PI = math.sqrt(2 / math.pi) at the top of the file
    const [only, ...others] = scope.flow.binds(node.id) ? [] : index.topDefinitions(node.id);
    if (only?.kind === 'assign' && only.value !== null && others.length === 0 && scope !== index.top)
      return constantValue(only.value, index, index.top);
  }
  if (node.type === 'BinOp') {
    const [left, right] = [again(node.left), again(node.right)];
    if (left === null || right === null) return null;
    if (node.op === '+') return left + right;
    if (node.op === '-') return left - right;
    if (node.op === '*') return left * right;
    if (node.op === '/') return left / right;
    return node.op === '**' ? left ** right : null;
  }
  const qualified = qualifiedName(node.type === 'Call' ? node.func : node, index, scope);
  if (qualified === 'math.pi' || qualified === 'numpy.pi' || qualified === 'torch.pi') return Math.PI;
  if (node.type === 'Call' && node.args.length === 1) {
    const inner = again(node.args[0] as Expr);
    if (inner !== null && ['math.sqrt', 'numpy.sqrt', 'torch.sqrt'].includes(qualified ?? '')) return Math.sqrt(inner);
    if (inner !== null && (qualified === 'torch.tensor' || qualified === 'torch.Tensor')) return inner;
  }
  return null;
}

class Matcher {
  readonly gone: Stmt[] = [];
  constructor(
    private readonly index: ModuleIndex,
    private readonly scope: Scope,
  ) {}

  private seen(node: Expr): Expr {
    return standsForAlone(node, this.scope, this.gone);
  }

  private op(node: Expr) {
    const op = opOf(node, this.index, this.scope);
    // Changing a tensor in place is a result of its own
    return op?.inPlace ? null : op;
  }

  private same(a: Expr, b: Expr): boolean {
    return isSteady(a) && this.index.source(a) === this.index.source(b) && this.sameDefinition(a, b);
  }

  /** Two reads of one name must see the same assignment. */
  private sameDefinition(a: Expr, b: Expr): boolean {
    if (a.type !== 'Name' || b.type !== 'Name') return true;
    const [left, right] = [this.scope.flow.reaching(a), this.scope.flow.reaching(b)];
    return left.length === right.length && left.every((definition) => right.includes(definition));
  }

  /** Factors of a product, constants multiplied into one. */
  factors(node: Expr): { constant: number; rest: Expr[] } {
    const value = constantValue(node, this.index, this.scope);
    if (value !== null) return { constant: value, rest: [] };
    const op = this.op(node);
    const [left, right] = op?.args ?? [];
    if (
      op !== null &&
      left !== undefined &&
      right !== undefined &&
      op.args.length === 2 &&
      (op.name === 'mul' || op.name === 'div')
    ) {
      const a = this.factors(left);
      if (op.name === 'mul') {
        const b = this.factors(right);
        return { constant: a.constant * b.constant, rest: [...a.rest, ...b.rest] };
      }
      const divisor = constantValue(right, this.index, this.scope);
      if (divisor !== null) return { constant: a.constant / divisor, rest: a.rest };
    }
    return { constant: 1, rest: [node] };
  }

  /** The inner expression of `1 + f(...)`. */
  private onePlus(node: Expr): Expr | null {
    const op = this.op(this.seen(node));
    const [left, right] = op?.args ?? [];
    if (op?.name !== 'add' || left === undefined || right === undefined) return null;
    if (constantValue(left, this.index, this.scope) === 1) return right;
    return constantValue(right, this.index, this.scope) === 1 ? left : null;
  }

  match(node: Expr): Omit<ActivationMatch, 'gone'> | null {
    const op = this.op(node);
    if (op === null) return null;
    if (op.name === 'log' && op.args[0] !== undefined) {
      const inner = this.onePlus(op.args[0]);
      const exp = inner === null ? null : this.op(inner);
      return exp?.name === 'exp' && exp.args[0] !== undefined && isSteady(exp.args[0])
        ? { name: 'softplus', input: exp.args[0] }
        : null;
    }
    if (op.name !== 'mul' && op.name !== 'div') return null;
    const { constant, rest } = this.factors(node);
    const expanded = rest.flatMap((factor) => {
      const inner = this.seen(factor);
      return inner === factor ? [{ constant: 1, node: factor }] : this.expand(inner);
    });
    const scale = constant * expanded.reduce((product, factor) => product * factor.constant, 1);
    const [first, second] = expanded.map((factor) => factor.node);
    if (expanded.length !== 2 || first === undefined || second === undefined) return null;
    return this.pair(scale, first, second) ?? this.pair(scale, second, first);
  }

  private expand(node: Expr): { constant: number; node: Expr }[] {
    const { constant, rest } = this.factors(node);
    return rest.map((factor, at) => ({ constant: at === 0 ? constant : 1, node: factor }));
  }

  /** `x` times a gate of `x`. */
  private pair(scale: number, input: Expr, gate: Expr): Omit<ActivationMatch, 'gone'> | null {
    const op = this.op(gate);
    if (scale === 1 && op !== null && op.args.length === 1 && op.args[0] !== undefined) {
      if (op.name === 'sigmoid' && this.same(input, op.args[0])) return { name: 'silu', input };
      if (op.name === 'tanh') {
        const inner = this.op(op.args[0]);
        if (
          inner?.name === 'softplus' &&
          inner.args.length === 1 &&
          inner.args[0] !== undefined &&
          this.same(input, inner.args[0])
        )
          return { name: 'mish', input };
      }
    }
    if (!close(scale, 0.5)) return null;
    const inside = this.onePlus(gate);
    const outer = inside === null ? null : this.op(this.seen(inside));
    const argument = outer?.args[0];
    if (outer === null || argument === undefined || outer.args.length !== 1) return null;
    if (outer.name === 'erf') {
      const { constant, rest } = this.factors(this.seen(argument));
      return rest.length === 1 && close(constant, Math.SQRT1_2) && this.same(input, rest[0] as Expr)
        ? { name: 'gelu', input }
        : null;
    }
    if (outer.name !== 'tanh') return null;
    const { constant, rest } = this.factors(this.seen(argument));
    return rest.length === 1 && close(constant, Math.sqrt(2 / Math.PI)) && this.isCubic(rest[0] as Expr, input)
      ? { name: 'gelu_tanh', input }
      : null;
  }

  /** `x + 0.044715 * x ** 3`. */
  private isCubic(node: Expr, input: Expr): boolean {
    const op = this.op(this.seen(node));
    const [left, right] = op?.args ?? [];
    if (op?.name !== 'add' || left === undefined || right === undefined) return false;
    const cubic = this.same(input, left) ? right : this.same(input, right) ? left : null;
    if (cubic === null) return false;
    const { constant, rest } = this.factors(this.seen(cubic));
    if (!close(constant, 0.044715)) return false;
    if (rest.length === 3) return rest.every((factor) => this.same(input, factor));
    const power = rest.length === 1 ? this.op(rest[0] as Expr) : null;
    return (
      power?.name === 'pow' &&
      power.args[0] !== undefined &&
      this.same(input, power.args[0]) &&
      literalNumber(power.args[1]) === 3
    );
  }
}

export function activationAt(node: Expr, index: ModuleIndex, scope: Scope): ActivationMatch | null {
  const matcher = new Matcher(index, scope);
  const found = matcher.match(node);
  return found === null ? null : { ...found, gone: [...new Set(matcher.gone)] };
}
