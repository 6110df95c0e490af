/** Key and value heads copied for their query heads, in the usual spellings. */
import type { Expr, FunctionDef, Name, Stmt } from '../../syntax/ast.js';
import { argumentText, removeStatements, replaceNode } from '../semantic/edits.js';
import type { Definition } from '../semantic/flow.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { argument, literalNumber, opOf } from '../semantic/torchOps.js';
import type { OffsetEdit } from '../types.js';

export interface RepeatedHeads {
  /** The expression that copies. */
  readonly node: Expr;
  /** What is copied. */
  readonly inner: Expr;
  /** The assignment between the copy and its use; null when the copy is the argument itself. */
  readonly definition: Definition | null;
  /** `if self.n_rep > 1:` around the assignment. */
  readonly conditional: Extract<Stmt, { type: 'If' }> | null;
}

/** The copy that an argument of attention comes from; null when there is none or when it is used elsewhere too. */
export function repeatedHeads(node: Expr, index: ModuleIndex, scope: Scope): RepeatedHeads | null {
  const inner = copied(node, index, scope);
  if (inner !== null) return { node, inner, definition: null, conditional: null };
  if (node.type !== 'Name') return null;
  const reaching = scope.flow.reaching(node);
  for (const definition of reaching) {
    if (definition.captured || definition.uses.size !== 1 || definition.stmt === null) continue;
    const value = elementOf(definition);
    const source = value === null ? null : copied(value, index, scope);
    if (value === null || source === null) continue;
    if (reaching.length === 1) return { node: value, inner: source, definition, conditional: null };
    const conditional = index.parent(definition.stmt);
    if (reaching.length === 2 && conditional?.type === 'If' && conditional.orelse.length === 0)
      return { node: value, inner: source, definition, conditional };
  }
  return null;
}

function elementOf(definition: Definition): Expr | null {
  if (definition.kind === 'assign') return definition.value;
  if (definition.kind !== 'unpack' || definition.path.length !== 1) return null;
  const { value } = definition;
  return value?.type === 'Tuple' || value?.type === 'List' ? (value.elts[definition.path[0] as number] ?? null) : null;
}

/** The tensor whose heads an expression copies, or null. Heads are dimension 1 of (batch, heads, sequence, dim). */
function copied(node: Expr, index: ModuleIndex, scope: Scope, headDim: 1 | 2 = 1): Expr | null {
  const op = opOf(node, index, scope);
  if (op?.plain) {
    if (op.name === 'repeat_interleave') {
      const dim = literalNumber(argument(op, 2, 'dim'));
      const repeats = literalNumber(argument(op, 1, 'repeats'));
      return (dim === headDim || dim === headDim - 4) && repeats !== 1 ? (op.args[0] ?? null) : null;
    }
    if (['reshape', 'view', 'flatten'].includes(op.name) && op.args[0] !== undefined)
      return expanded(op.args[0], headDim, index, scope);
    if (op.name === 'contiguous' && op.args[0] !== undefined) return copied(op.args[0], index, scope, headDim);
  }
  if (node.type !== 'Call' || headDim !== 1) return null;
  const helper = helperOf(node.func, index);
  return helper !== null && node.args.length + node.keywords.length === 2 && isRepeatHelper(helper, index)
    ? (node.args[0] ?? null)
    : null;
}

/** `x[:, :, None, :, :].expand(...)` or `x.unsqueeze(2).expand(...)` -> x. */
function expanded(node: Expr, headDim: 1 | 2, index: ModuleIndex, scope: Scope): Expr | null {
  const op = opOf(node, index, scope);
  if (op?.name !== 'expand') return null;
  const base = op.args[0];
  if (base?.type === 'Subscript' && base.slice.type === 'Tuple') {
    const at = base.slice.elts.findIndex((part) => part.type === 'Constant' && part.value === null);
    return at === headDim + 1 ? base.value : null;
  }
  const inner = base === undefined ? null : opOf(base, index, scope);
  return inner?.name === 'unsqueeze' && literalNumber(argument(inner, 1, 'dim')) === headDim + 1
    ? (inner.args[0] ?? null)
    : null;
}

function helperOf(func: Expr, index: ModuleIndex): FunctionDef | null {
  if (func.type === 'Name') return index.functionNamed(func.id);
  return null;
}

/** A function of (x, n_rep) that returns x with its heads copied, as the `repeat_kv` of many models does. */
function isRepeatHelper(node: FunctionDef, index: ModuleIndex): boolean {
  const scope = index.functionScope(node);
  const parameter = node.args.args[0]?.arg;
  const last = node.body.at(-1);
  if (scope === null || parameter === undefined || last?.type !== 'Return' || last.value === null) return false;
  let inner = copied(last.value, index, scope);
  if (inner?.type === 'Name' && inner.id !== parameter) {
    const definition = scope.flow.single(inner);
    inner = definition?.kind === 'assign' ? definition.value : inner;
  }
  if (inner === null && last.value.type === 'Call') {
    // `x = x[...].expand(...)` on a line of its own, then `return x.reshape(...)`
    const op = opOf(last.value, index, scope);
    const base = op !== null && ['reshape', 'view', 'flatten'].includes(op.name) ? op.args[0] : undefined;
    const definition = base?.type === 'Name' ? scope.flow.single(base) : null;
    const value = definition?.kind === 'assign' ? definition.value : null;
    inner = value === null || value === undefined ? null : expanded(value, 1, index, scope);
  }
  return inner?.type === 'Name' && inner.id === parameter;
}

/** Edits that hand attention the uncopied heads; null when the statements do not allow it. */
export function withoutCopies(copies: readonly RepeatedHeads[], index: ModuleIndex): OffsetEdit[] | null {
  const edits: OffsetEdit[] = [];
  const removed = new Set<Stmt>();
  for (const copy of copies) {
    const { definition } = copy;
    if (definition === null) {
      edits.push(replaceNode(copy.node, argumentText(copy.inner, index), index));
      continue;
    }
    const isSameName = copy.inner.type === 'Name' && copy.inner.id === definition.name;
    const stmt = definition.stmt as Stmt;
    if (copy.conditional !== null) {
      const others = copies.filter((other) => other.conditional === copy.conditional);
      if (others.length !== copy.conditional.body.length || !isSameName) return null;
      removed.add(copy.conditional);
    } else if (isSameName && removable(stmt, copies)) removed.add(stmt);
    else edits.push(replaceNode(copy.node, argumentText(copy.inner, index), index));
  }
  const lines = removeStatements([...removed], index);
  return lines === null ? null : [...edits, ...lines];
}

/** The statement does nothing but copies that all keep their names. */
function removable(stmt: Stmt, copies: readonly RepeatedHeads[]): boolean {
  if (stmt.type !== 'Assign' || stmt.targets.length !== 1) return false;
  const target = stmt.targets[0] as Expr;
  if (target.type === 'Name') return true;
  const names =
    target.type === 'Tuple' ? target.elts.filter((element): element is Name => element.type === 'Name') : [];
  return (
    names.length > 0 &&
    names.length ===
      copies.filter(
        (copy) =>
          copy.definition?.stmt === stmt && copy.inner.type === 'Name' && copy.inner.id === copy.definition.name,
      ).length
  );
}
