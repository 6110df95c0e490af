/** Loops that train or run a model, and what stands in them at every turn. */
import type { Call, Expr } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import type { Node } from '../semantic/walk.js';
import { walk } from '../semantic/walk.js';
import { everyScope } from './calls.js';
import { modelCall } from './modelCalls.js';
import { enclosingLoop, isConditional, type Loop } from './places.js';

export interface TrainingLoop {
  readonly loop: Loop;
  readonly scope: Scope;
  readonly backward: Call;
}

/** The innermost loops that call `backward`, once each. */
export function trainingLoops(index: ModuleIndex): TrainingLoop[] {
  const found = new Map<Loop, TrainingLoop>();
  for (const scope of everyScope(index)) {
    for (const call of scope.calls) {
      if (call.func.type !== 'Attribute' || call.func.attr !== 'backward') continue;
      const loop = enclosingLoop(call, scope, index);
      if (loop !== null && !found.has(loop)) found.set(loop, { loop, scope, backward: call });
    }
  }
  return [...found.values()];
}

export function callsIn(node: Node, scope: Scope, index: ModuleIndex): Call[] {
  return scope.calls.filter((call) => index.contains(node, call));
}

/** The innermost loop around a node when it runs a model or trains one; null in cold code. */
export function hotLoop(node: Node, scope: Scope, index: ModuleIndex): Loop | null {
  const loop = enclosingLoop(node, scope, index);
  if (loop === null) return null;
  // What runs in loops inside it runs at another pace
  const isHot = callsIn(loop, scope, index).some(
    (call) =>
      enclosingLoop(call, scope, index) === loop &&
      ((call.func.type === 'Attribute' && call.func.attr === 'backward') || modelCall(call, index, scope) !== null),
  );
  return isHot ? loop : null;
}

/** As `hotLoop`, for what runs at every turn: not under a condition of the loop. */
export function everyStep(node: Node, scope: Scope, index: ModuleIndex): Loop | null {
  const loop = hotLoop(node, scope, index);
  return loop !== null && !isConditional(node, scope, index, loop) ? loop : null;
}

/** The loop outside a loop, in the same function. */
export function outerLoop(loop: Loop, scope: Scope, index: ModuleIndex): Loop | null {
  return enclosingLoop(loop, scope, index);
}

/** Names that a loop binds anew at each turn: its targets and what is assigned in it. */
export function namesBoundIn(loop: Loop): Set<string> {
  const names = new Set<string>();
  const add = (target: Expr): void =>
    walk(target, (inner) => {
      if (inner.type === 'Name') names.add(inner.id);
      return inner.type !== 'Attribute' && inner.type !== 'Subscript';
    });
  if (loop.type === 'For') add(loop.target);
  for (const stmt of loop.body) {
    walk(stmt, (inner) => {
      if (inner.type === 'Assign') for (const target of inner.targets) add(target);
      if (inner.type === 'AugAssign' || inner.type === 'AnnAssign' || inner.type === 'For') add(inner.target);
      if (inner.type === 'NamedExpr') add(inner.target);
      if (inner.type === 'With') for (const item of inner.items) if (item.optionalVars !== null) add(item.optionalVars);
    });
  }
  return names;
}

export function namesIn(node: Node): Set<string> {
  const names = new Set<string>();
  walk(node, (inner) => {
    if (inner.type === 'Name') names.add(inner.id);
  });
  return names;
}

/** `range(3)`, `range(0, 3)` with literals: the number of turns; null when it cannot be seen. */
export function literalTurns(loop: Loop): number | null {
  if (loop.type !== 'For') return null;
  if (loop.iter.type === 'List' || loop.iter.type === 'Tuple')
    return loop.iter.elts.some((one) => one.type === 'Starred') ? null : loop.iter.elts.length;
  if (loop.iter.type !== 'Call') return null;
  const { func, args } = loop.iter;
  if (func.type !== 'Name' || func.id !== 'range' || args.length > 2) return null;
  const numbers = args.map((arg) => (arg.type === 'Constant' && typeof arg.value === 'number' ? arg.value : null));
  const [first, second] = numbers;
  if (first === null || first === undefined || second === null) return null;
  return second === undefined ? first : second - first;
}
