/**
 * Is an expression the causal mask? Followed through names, `self` buffers, slices and
 * casts: `torch.tril(torch.ones(T, T))`, `~tril`, `tril == 0`, `torch.triu(full(-inf), 1)` …
 */
import type { Expr } from '../../syntax/ast.js';
import { selfAttribute } from '../semantic/classes.js';
import { isSelf, type ModuleIndex } from '../semantic/moduleIndex.js';
import { qualifiedName } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';
import { argument, isMaskingValue, literalNumber, opOf } from '../semantic/torchOps.js';

/**
 * `keep`: true (or 1) where key <= query. `drop`: true where key > query.
 * `additive`: 0 where key <= query, a masking value elsewhere.
 */
export type CausalForm = 'keep' | 'drop' | 'additive';

const flip: Record<CausalForm, CausalForm | null> = { keep: 'drop', drop: 'keep', additive: null };

export function causalForm(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): CausalForm | null {
  if (depth > 12) return null;
  const again = (inner: Expr, in_: Scope = scope): CausalForm | null => causalForm(inner, index, in_, depth + 1);
  if (node.type === 'Name') {
    const definition = scope.flow.single(node);
    if (definition?.kind === 'assign' && definition.value !== null) return again(definition.value);
    return null;
  }
  if (node.type === 'Attribute' && isSelf(node.value, scope)) {
    const attribute = selfAttribute(index.enclosingClass(scope), node.attr, index);
    return attribute === null ? null : again(attribute.value, attribute.scope);
  }
  if (node.type === 'Subscript') return keepsSquare(node.slice, index) ? again(node.value) : null;
  if (node.type === 'Compare' && node.ops.length === 1) {
    const right = node.comparators[0] as Expr;
    const isZero = literalNumber(right) === 0 || (right.type === 'Constant' && right.value === false);
    const isOne = literalNumber(right) === 1 || (right.type === 'Constant' && right.value === true);
    const inner = again(node.left);
    if (inner === null || inner === 'additive') return null;
    if (node.ops[0] === '==') return isZero ? flip[inner] : isOne ? inner : null;
    return node.ops[0] === '!=' && isZero ? inner : null;
  }
  const op = opOf(node, index, scope);
  if (op === null) return null;
  const first = op.args[0];
  if (first === undefined) return null;
  switch (op.name) {
    case 'logical_not': {
      const inner = again(first);
      return inner === null ? null : flip[inner];
    }
    case 'to':
    case 'bool':
    case 'float':
    case 'byte':
    case 'int':
    case 'type':
    case 'type_as':
    case 'unsqueeze':
    case 'view':
    case 'reshape':
    case 'expand':
    case 'contiguous':
    case 'cuda':
    case 'cpu':
    case 'detach':
      return again(first);
    case 'tril': {
      const diagonal = argument(op, 1, 'diagonal');
      return (diagonal === null || literalNumber(diagonal) === 0) && isOnes(first, index, scope) ? 'keep' : null;
    }
    case 'triu': {
      if (literalNumber(argument(op, 1, 'diagonal')) !== 1) return null;
      if (isOnes(first, index, scope)) return 'drop';
      return isMinusInfinity(first, index, scope) ? 'additive' : null;
    }
    case 'masked_fill': {
      const [base, condition, value] = op.args;
      if (base === undefined || condition === undefined || value === undefined) return null;
      return isZeros(base, index, scope) && again(condition) === 'drop' && isMaskingValue(value, index, scope) !== null
        ? 'additive'
        : null;
    }
    case 'generate_square_subsequent_mask':
      return 'additive';
    default:
      return null;
  }
}

/** A slice that leaves the last two dimensions square from the start: `[:T, :T]`, `[:, :, :T, :T]`, `[None, None]`, `[None, :, :]`. */
function keepsSquare(slice: Expr, index: ModuleIndex): boolean {
  const parts = slice.type === 'Tuple' ? slice.elts : [slice];
  const isNew = (part: Expr): boolean => part.type === 'Constant' && part.value === null;
  const isWhole = (part: Expr): boolean =>
    (part.type === 'Slice' && part.lower === null && part.upper === null) ||
    (part.type === 'Constant' && part.kind === 'ellipsis');
  const bounds = parts.filter((part) => !isNew(part) && !isWhole(part));
  if (bounds.length === 0) return true;
  if (bounds.length !== 2 || parts.at(-1) !== bounds[1] || parts.at(-2) !== bounds[0]) return false;
  const upper = bounds.map((bound) =>
    bound.type === 'Slice' && bound.lower === null && bound.step === null && bound.upper !== null
      ? index.source(bound.upper)
      : null,
  );
  return upper[0] !== null && upper[0] === upper[1];
}

/** The last two extents are written the same: `torch.ones(T, T)`, `torch.ones((1, 1, T, T))`. */
function isSquare(args: readonly Expr[], index: ModuleIndex): boolean {
  const first = args[0];
  const extents =
    first !== undefined && args.length === 1 && (first.type === 'Tuple' || first.type === 'List') ? first.elts : args;
  const last = extents.at(-1);
  const before = extents.at(-2);
  return last !== undefined && before !== undefined && index.source(last) === index.source(before);
}

function isOnes(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const inner = followed(node, index, scope);
  const op = opOf(inner.node, index, inner.scope);
  if (op === null) return false;
  if (op.name === 'ones') return isSquare(op.args, index);
  if (op.name === 'full') {
    const value = argument(op, 1, 'fill_value');
    const isTrue = value?.type === 'Constant' && (value.value === true || value.value === 1);
    return isTrue && op.args[0] !== undefined && isSquare([op.args[0]], index);
  }
  return (
    ['to', 'bool', 'view', 'reshape', 'float', 'type'].includes(op.name) &&
    op.args[0] !== undefined &&
    isOnes(op.args[0], index, inner.scope)
  );
}

function isZeros(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const inner = followed(node, index, scope);
  const op = opOf(inner.node, index, inner.scope);
  return op?.name === 'zeros' && isSquare(op.args, index);
}

function isMinusInfinity(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const inner = followed(node, index, scope);
  const op = opOf(inner.node, index, inner.scope);
  if (op === null) return false;
  if (op.name === 'full') {
    const value = argument(op, 1, 'fill_value');
    return (
      value !== null &&
      isMaskingValue(value, index, inner.scope) !== null &&
      op.args[0] !== undefined &&
      isSquare([op.args[0]], index)
    );
  }
  if (op.name === 'mul') {
    const [left, right] = op.args as [Expr, Expr];
    if (isMaskingValue(right, index, inner.scope) !== null) return isOnes(left, index, inner.scope);
    return isMaskingValue(left, index, inner.scope) !== null && isOnes(right, index, inner.scope);
  }
  return op.name === 'to' && op.args[0] !== undefined && isMinusInfinity(op.args[0], index, inner.scope);
}

/** A name followed to the expression it stands for. */
function followed(node: Expr, index: ModuleIndex, scope: Scope): { node: Expr; scope: Scope } {
  let current = node;
  for (let step = 0; step < 6 && current.type === 'Name' && qualifiedName(current, index, scope) === null; step++) {
    const definition = scope.flow.single(current);
    if (definition?.kind !== 'assign' || definition.value === null) break;
    current = definition.value;
  }
  return { node: current, scope };
}
