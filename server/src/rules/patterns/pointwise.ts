/** Chains of element-wise operators: each is a kernel of its own in eager mode. */
import type { Expr, Stmt } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { opOf } from '../semantic/torchOps.js';
import { standsForAlone } from './inline.js';
import { isNumber } from './numbers.js';

const elementwise = new Set(
  `add sub mul div pow neg exp log sqrt rsqrt sin cos tanh sigmoid relu gelu silu abs clamp clip where masked_fill square erf
  reciprocal log1p expm1 minimum maximum softplus leaky_relu elu hardtanh lerp addcmul addcdiv logical_and logical_or
  logical_not isnan eq ne lt le gt ge`.split(/\s+/),
);

export interface PointwiseChain {
  readonly ops: number;
  /** Statements that only feed the chain. */
  readonly feeding: readonly Stmt[];
}

export function chainOf(node: Expr, index: ModuleIndex, scope: Scope): PointwiseChain {
  const feeding: Stmt[] = [];
  const count = (one: Expr, depth: number): number => {
    const own: Stmt[] = [];
    const seen = standsForAlone(one, scope, own);
    // Arithmetic of Python numbers launches nothing
    const op = isNumber(seen, index, scope) === true ? null : opOf(seen, index, scope);
    if (op === null || op.inPlace || op.via === 'module' || !elementwise.has(op.name) || depth > 40) return 0;
    feeding.push(...own);
    return 1 + op.args.reduce((sum, arg) => sum + count(arg, depth + 1), 0);
  };
  return { ops: count(node, 0), feeding };
}

/** The trace's name of a kernel is that of one of these operators: `mul`, `masked_fill`, `add_`. */
export function isPointwiseKernel(name: string): boolean {
  return elementwise.has(name.replace(/_$/, ''));
}

export function isElementwise(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const op = opOf(node, index, scope);
  return op !== null && !op.inPlace && op.via !== 'module' && elementwise.has(op.name);
}
