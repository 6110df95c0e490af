/** Is an expression a Python number, and which one: what a `scale=` argument needs. */
import type { Expr } from '../../syntax/ast.js';
import { selfAttribute } from '../semantic/classes.js';
import { isSelf, type ModuleIndex } from '../semantic/moduleIndex.js';
import { qualifiedName } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';
import { literalNumber, opOf } from '../semantic/torchOps.js';
import type { Guard } from '../types.js';

/** `unknown` for attributes and parameters whose construction cannot be seen; false for tensors. */
export function isNumber(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): Guard {
  if (depth > 8) return 'unknown';
  const again = (inner: Expr): Guard => isNumber(inner, index, scope, depth + 1);
  const all = (...guards: Guard[]): Guard =>
    guards.includes(false) ? false : guards.includes('unknown') ? 'unknown' : true;
  if (literalNumber(node) !== null) return true;
  switch (node.type) {
    case 'BinOp':
      // Extents are what people floor-divide; tensors hardly ever
      if (node.op === '//') return !(again(node.left) === false || again(node.right) === false);
      return node.op === '@' ? false : all(again(node.left), again(node.right));
    case 'UnaryOp':
      return again(node.operand);
    case 'Subscript':
      // x.shape[-1]
      return node.value.type === 'Attribute' && node.value.attr === 'shape' ? true : 'unknown';
    case 'Call': {
      const qualified = qualifiedName(node.func, index, scope);
      if (qualified !== null && /^(math|numpy)\./.test(qualified)) return true;
      if (qualified?.startsWith('torch.')) return false;
      if (node.func.type === 'Name' && ['float', 'int', 'len', 'max', 'min', 'pow', 'abs'].includes(node.func.id))
        return true;
      if (
        node.func.type === 'Attribute' &&
        (node.func.attr === 'size' || node.func.attr === 'dim') &&
        node.args.length <= 1
      )
        return true;
      return opOf(node, index, scope) === null ? 'unknown' : false;
    }
    case 'Name': {
      const definition = scope.flow.single(node);
      if (definition?.kind === 'assign' && definition.value !== null) return again(definition.value);
      if (definition?.kind === 'unpack' && definition.value?.type === 'Attribute' && definition.value.attr === 'shape')
        return true;
      if (definition?.kind === 'unpack' && definition.value?.type === 'Call')
        return isSizeCall(definition.value) ? true : 'unknown';
      if (definition?.kind === 'parameter') {
        const target = definition.target;
        const annotation = 'annotation' in target && !('value' in target) ? target.annotation : null;
        const byDefault = 'default' in target ? target.default : null;
        if (annotation?.type === 'Name' && ['int', 'float'].includes(annotation.id)) return true;
        return byDefault !== null && literalNumber(byDefault) !== null ? true : 'unknown';
      }
      return 'unknown';
    }
    case 'Attribute': {
      if (!isSelf(node.value, scope)) return isNumberField(node.value, node.attr, index, scope);
      const attribute = selfAttribute(index.enclosingClass(scope), node.attr, index);
      if (attribute === null) return 'unknown';
      return attribute.isBuffer ? false : isNumber(attribute.value, index, attribute.scope, depth + 1);
    }
    default:
      return 'unknown';
  }
}

/** `cfg.dim` where `cfg: Config` and the class says `dim: int`. */
function isNumberField(value: Expr, attribute: string, index: ModuleIndex, scope: Scope): Guard {
  const definition = value.type === 'Name' ? scope.flow.single(value) : null;
  if (definition?.kind !== 'parameter' || !('annotation' in definition.target) || 'value' in definition.target)
    return 'unknown';
  const type = definition.target.annotation;
  const known = type?.type === 'Name' ? index.classNamed(type.id) : null;
  for (const stmt of known?.body ?? []) {
    if (stmt.type !== 'AnnAssign' || stmt.target.type !== 'Name' || stmt.target.id !== attribute) continue;
    return stmt.annotation.type === 'Name' && ['int', 'float'].includes(stmt.annotation.id) ? true : 'unknown';
  }
  return 'unknown';
}

function isSizeCall(node: Expr): boolean {
  return node.type === 'Call' && node.func.type === 'Attribute' && node.func.attr === 'size' && node.args.length === 0;
}

/**
 * True when the expression is 1/sqrt(D) (for `mul`) or sqrt(D) (for `div`) with D the last
 * extent of the query or key as written in the code: `math.sqrt(q.size(-1))`, `k.shape[-1] ** -0.5`.
 */
export function isDefaultScale(
  kind: 'mul' | 'div',
  node: Expr,
  operands: readonly string[],
  index: ModuleIndex,
  scope: Scope,
): boolean {
  const value = followed(node, scope);
  const root = rootOf(value, index, scope);
  if (root !== null)
    return root.power === (kind === 'mul' ? -0.5 : 0.5) && isLastExtent(root.base, operands, index, scope);
  if (kind === 'mul' && value.type === 'BinOp' && value.op === '/' && literalNumber(value.left) === 1) {
    return isDefaultScale('div', value.right, operands, index, scope);
  }
  return false;
}

function rootOf(node: Expr, index: ModuleIndex, scope: Scope): { base: Expr; power: number } | null {
  if (node.type === 'Call' && node.args.length === 1) {
    const qualified = qualifiedName(node.func, index, scope);
    if (qualified === 'math.sqrt' || qualified === 'numpy.sqrt') return { base: node.args[0] as Expr, power: 0.5 };
  }
  if (node.type === 'BinOp' && node.op === '**') {
    const power = literalNumber(node.right) ?? (index.source(node.right).replace(/[\s()]/g, '') === '1/2' ? 0.5 : null);
    return power === 0.5 || power === -0.5 ? { base: node.left, power } : null;
  }
  return null;
}

function isLastExtent(node: Expr, operands: readonly string[], index: ModuleIndex, scope: Scope): boolean {
  const value = followed(node, scope);
  if (
    value.type === 'Call' &&
    value.func.type === 'Attribute' &&
    value.func.attr === 'size' &&
    value.args.length === 1
  ) {
    return literalNumber(value.args[0]) === -1 && operands.includes(index.source(value.func.value));
  }
  if (value.type === 'Subscript' && value.value.type === 'Attribute' && value.value.attr === 'shape') {
    return literalNumber(value.slice) === -1 && operands.includes(index.source(value.value.value));
  }
  return false;
}

function followed(node: Expr, scope: Scope): Expr {
  let current = node;
  for (let step = 0; step < 6 && current.type === 'Name'; step++) {
    const definition = scope.flow.single(current);
    if (definition?.kind !== 'assign' || definition.value === null) break;
    current = definition.value;
  }
  return current;
}
