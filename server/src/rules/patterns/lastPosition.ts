/** Is only the last position of a (batch, sequence, features) tensor read? */
import type { Expr, Name, Subscript } from '../../syntax/ast.js';
import { isStatement, type ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { literalNumber, opOf } from '../semantic/torchOps.js';
import type { Guard } from '../types.js';
import { isNumber } from './numbers.js';

export interface LastPositionUse {
  readonly node: Subscript;
  /** `[:, -1]` may index (batch, features) as well; with a third index it cannot. */
  readonly rankIsSure: boolean;
  /** `[..., -1, :]` rather than `[:, -1, :]`. */
  readonly fromTheEnd: boolean;
}

/** Operators that treat each position alone, so that slicing before or after is the same. */
const positionwise = new Set([
  'float',
  'to',
  'half',
  'bfloat16',
  'type',
  'type_as',
  'contiguous',
  'detach',
  'clone',
  'cpu',
  'cuda',
  'tanh',
  'neg',
]);

/** The reads of the last position, or null when anything else reads the tensor. */
export function lastPositionUses(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): LastPositionUse[] | null {
  if (depth > 12) return null;
  const parent = index.parent(node);
  if (parent === null) return null;
  if (parent.type === 'Subscript' && parent.value === node) {
    const form = lastPosition(parent.slice);
    return form === null ? null : [{ node: parent, ...form }];
  }
  if (isStatement(parent)) {
    if (parent.type !== 'Assign' && parent.type !== 'AnnAssign') return null;
    const target =
      parent.type === 'Assign' ? (parent.targets.length === 1 ? parent.targets[0] : undefined) : parent.target;
    if (target?.type !== 'Name' || parent.value !== node) return null;
    return usesOfTarget(target, index, scope, depth);
  }
  const holder = parent.type === 'Attribute' ? index.parent(parent) : parent;
  if (holder === null || isStatement(holder)) return null;
  const op = opOf(holder, index, scope);
  if (op === null || op.args[0] !== node) return null;
  if (positionwise.has(op.name)) return lastPositionUses(holder, index, scope, depth + 1);
  if (op.name === 'div' || op.name === 'mul') {
    const other: Guard = op.args[1] === undefined ? false : isNumber(op.args[1], index, scope);
    return other === true ? lastPositionUses(holder, index, scope, depth + 1) : null;
  }
  return null;
}

/** As `lastPositionUses`, for everything that reads what is assigned to a name. */
export function usesOfTarget(target: Name, index: ModuleIndex, scope: Scope, depth = 0): LastPositionUse[] | null {
  const definition = scope.flow.definitions.find((candidate) => candidate.target === target);
  if (definition === undefined || definition.captured || definition.uses.size === 0) return null;
  if (scope.flow.shared.has(target.id)) return null;
  const found: LastPositionUse[] = [];
  for (const use of definition.uses) {
    if (scope.flow.reaching(use).length !== 1) return null;
    const uses = lastPositionUses(use, index, scope, depth + 1);
    if (uses === null) return null;
    found.push(...uses);
  }
  return found;
}

/** True when the expression already holds the last position alone. */
export function isLastPositionOnly(node: Expr, scope: Scope, depth = 0): boolean {
  if (node.type === 'Subscript') return lastPosition(node.slice) !== null;
  if (node.type !== 'Name' || depth > 4) return false;
  const definition = scope.flow.single(node);
  return (
    definition?.kind === 'assign' && definition.value !== null && isLastPositionOnly(definition.value, scope, depth + 1)
  );
}

/** `[:, -1]`, `[:, -1, :]`, `[:, -1:, :]`, `[:, [-1]]`, `[..., -1, :]`. */
function lastPosition(slice: Expr): { rankIsSure: boolean; fromTheEnd: boolean } | null {
  if (slice.type !== 'Tuple') return null;
  const [first, second, ...rest] = slice.elts;
  if (first === undefined || second === undefined || !isLast(second)) return null;
  const fromTheEnd = first.type === 'Constant' && first.kind === 'ellipsis';
  if (!fromTheEnd && !isWhole(first)) return null;
  if (fromTheEnd) return rest.length === 1 && isWhole(rest[0] as Expr) ? { rankIsSure: true, fromTheEnd } : null;
  if (rest.length === 0) return { rankIsSure: false, fromTheEnd };
  // `[:, -1, :k]` reads fewer features of the last position, which is the last position all the same
  return rest.length === 1 && (rest[0] as Expr).type === 'Slice' ? { rankIsSure: true, fromTheEnd } : null;
}

function isWhole(node: Expr): boolean {
  return node.type === 'Slice' && node.lower === null && node.upper === null && node.step === null;
}

function isLast(node: Expr): boolean {
  if (literalNumber(node) === -1) return true;
  if (node.type === 'List') return node.elts.length === 1 && literalNumber(node.elts[0]) === -1;
  return node.type === 'Slice' && literalNumber(node.lower) === -1 && node.upper === null && node.step === null;
}
