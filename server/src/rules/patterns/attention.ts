/**
 * Attention written by hand: softmax(Q·Kᵀ · scale + mask) · V in one function, however
 * it is spelled. The chain is followed through def-use, so an intermediate that is used
 * anywhere else (returned, logged) ends the match.
 */
import type { Expr, Name, Stmt } from '../../syntax/ast.js';
import type { Definition } from '../semantic/flow.js';
import { isStatement, type ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { argument, isMaskingValue, opOf, type TorchOp } from '../semantic/torchOps.js';
import type { Node } from '../semantic/walk.js';
import { type Layout, scoresEinsum, valuesEinsum } from './einsum.js';
import { looksTransposed, readsMetadata, untransposed } from './transposed.js';

export interface ScaleStep {
  readonly kind: 'mul' | 'div';
  readonly value: Expr;
  readonly node: Expr | Stmt;
}

export interface MaskStep {
  /** `drop`: true means masked; `keep`: true means attended; `additive`: added to the scores. */
  readonly kind: 'drop' | 'keep' | 'additive';
  readonly value: Expr;
  readonly fill: 'minus-infinity' | 'large' | null;
  /** `if mask is not None:` around it. */
  readonly optional: Extract<Stmt, { type: 'If' }> | null;
}

export interface DropoutStep {
  readonly op: TorchOp | null;
  readonly optional: boolean;
}

export interface Attention {
  readonly query: Expr;
  readonly key: Expr;
  /** True when `key` is K itself; false when it is Kᵀ. */
  readonly keyIsPlain: boolean;
  /** Something in the source says that this operand is a transposed key. */
  readonly isTransposed: boolean;
  readonly value: Expr;
  readonly queryLayout: Layout | null;
  readonly keyLayout: Layout | null;
  readonly valueLayout: Layout | null;
  readonly outputLayout: Layout | null;
  readonly scales: readonly ScaleStep[];
  readonly masks: readonly MaskStep[];
  readonly dropout: DropoutStep | null;
  readonly softmax: Expr;
  readonly softmaxDim: Expr | null;
  /** The product of queries and keys. */
  readonly scores: Expr;
  /** The product with the values: what the fix replaces. */
  readonly output: Expr;
  /** Statements that only lead to the output, in source order. */
  readonly statements: readonly Stmt[];
  /** Something in the chain has no place in one fused call: report, no edit. */
  readonly opaque: boolean;
}

interface Scores {
  query: Expr;
  key: Expr;
  keyIsPlain: boolean;
  isTransposed: boolean;
  queryLayout: Layout | null;
  keyLayout: Layout | null;
  scores: Expr;
  scales: ScaleStep[];
  masks: MaskStep[];
  statements: Stmt[];
  /** The scores have no place in one fused call as they are written: report, no edit. */
  opaque: boolean;
}

const casts = new Set(['to', 'type_as', 'type', 'float', 'half', 'bfloat16', 'double', 'contiguous', 'clone']);

/** Every attention written by hand in a scope. */
export function attentionsIn(scope: Scope, index: ModuleIndex): Attention[] {
  const found: Attention[] = [];
  for (const call of scope.calls) {
    const op = opOf(call, index, scope);
    if (op === null || (op.name !== 'softmax' && op.name !== 'Softmax') || !op.plain) continue;
    const input = op.via === 'module' ? op.args[0] : argument(op, 0, 'input');
    if (input === undefined || input === null) continue;
    const scores = scoresOf(input, index, scope, 0);
    if (scores === null) continue;
    const outcome = outputOf(call, index, scope);
    if (outcome === null) continue;
    const dim =
      op.via === 'module' ? (op.module?.args[0] ?? keywordOf(op.module, 'dim')) : argument(op, 1, 'dim', 'axis');
    const values = outcome.values;
    found.push({
      query: scores.query,
      key: scores.key,
      keyIsPlain: scores.keyIsPlain,
      isTransposed: scores.isTransposed,
      queryLayout: scores.queryLayout,
      keyLayout: scores.keyLayout,
      value: values.value,
      valueLayout: values.valueLayout,
      outputLayout: values.outputLayout,
      scales: scores.scales,
      masks: scores.masks,
      dropout: outcome.dropout,
      softmax: call,
      softmaxDim: dim ?? null,
      scores: scores.scores,
      output: outcome.output,
      statements: [...scores.statements, ...outcome.statements],
      opaque: outcome.opaque || scores.opaque,
    });
  }
  return found;
}

function keywordOf(call: TorchOp['module'], name: string): Expr | null {
  return call?.keywords.find((keyword) => keyword.arg === name)?.value ?? null;
}

// ------------------------------------------------------------------ from the softmax back to Q·Kᵀ

/** `later`: a use further on that the caller accounts for. */
function scoresOf(
  node: Expr,
  index: ModuleIndex,
  scope: Scope,
  depth: number,
  later: Name | null = null,
): Scores | null {
  if (depth > 24) return null;
  const again = (inner: Expr): Scores | null => scoresOf(inner, index, scope, depth + 1, later);
  if (node.type === 'Name') return scoresOfName(node, index, scope, depth, later);
  const op = opOf(node, index, scope);
  if (op === null) return scoresOfHelper(node, index, scope, depth);
  if (!op.plain) return null;
  const [first, second, third] = op.args;
  if (first === undefined) return null;
  switch (op.name) {
    case 'matmul':
    case 'bmm':
      return second === undefined ? null : product(node, first, second, index, scope);
    case 'baddbmm': {
      if (second === undefined || third === undefined) return null;
      const added = withMask(product(node, second, third, index, scope), {
        kind: 'additive',
        value: first,
        fill: null,
        optional: null,
      });
      return { ...added, opaque: true };
    }
    case 'einsum': {
      const parts = scoresEinsum(op);
      if (parts === null) return null;
      const { query, key, queryLayout, keyLayout } = parts;
      return {
        query,
        key,
        keyIsPlain: true,
        isTransposed: true,
        queryLayout,
        keyLayout,
        scores: node,
        scales: [],
        masks: [],
        statements: [],
        opaque: false,
      };
    }
    case 'mul': {
      if (second === undefined) return null;
      const left = again(first);
      if (left !== null) return withScale(left, 'mul', second, node);
      const right = again(second);
      return right === null ? null : withScale(right, 'mul', first, node);
    }
    case 'div': {
      const inner = second === undefined ? null : again(first);
      return inner === null ? null : withScale(inner, 'div', second as Expr, node);
    }
    case 'add': {
      if (second === undefined) return null;
      const left = again(first);
      if (left !== null) return withMask(left, { kind: 'additive', value: second, fill: null, optional: null });
      const right = again(second);
      return right === null ? null : withMask(right, { kind: 'additive', value: first, fill: null, optional: null });
    }
    case 'masked_fill': {
      const condition = second ?? op.keywords.get('mask');
      const value = third ?? op.keywords.get('value');
      const inner = again(first);
      if (inner === null || condition === undefined || value === undefined) return null;
      const fill = isMaskingValue(value, index, scope);
      return fill === null ? null : withMask(inner, { kind: 'drop', value: condition, fill, optional: null });
    }
    case 'where': {
      if (second === undefined || third === undefined) return null;
      const fillThird = isMaskingValue(third, index, scope);
      const kept = fillThird === null ? null : again(second);
      if (kept !== null) return withMask(kept, { kind: 'keep', value: first, fill: fillThird, optional: null });
      const fillSecond = isMaskingValue(second, index, scope);
      const dropped = fillSecond === null ? null : again(third);
      return dropped === null
        ? null
        : withMask(dropped, { kind: 'drop', value: first, fill: fillSecond, optional: null });
    }
    default:
      return casts.has(op.name) ? again(first) : null;
  }
}

function withScale(scores: Scores, kind: 'mul' | 'div', value: Expr, node: Expr | Stmt): Scores {
  // A product after the mask would scale the mask as well
  if (scores.masks.some((mask) => mask.kind === 'additive'))
    return withMask(scores, { kind: 'additive', value, fill: null, optional: null });
  return { ...scores, scales: [...scores.scales, { kind, value, node }] };
}

function withMask(scores: Scores, mask: MaskStep): Scores {
  return { ...scores, masks: [...scores.masks, mask] };
}

function product(node: Expr, query: Expr, right: Expr, index: ModuleIndex, scope: Scope): Scores {
  const common = {
    query,
    queryLayout: 'plain',
    keyLayout: 'plain',
    scores: node,
    scales: [],
    masks: [],
    statements: [],
    opaque: false,
  } as const;
  const key = untransposed(right, index, scope);
  if (key !== null)
    return { ...common, scales: [], masks: [], statements: [], key, keyIsPlain: true, isTransposed: true };
  return {
    ...common,
    scales: [],
    masks: [],
    statements: [],
    key: right,
    keyIsPlain: false,
    isTransposed: looksTransposed(right, index, scope),
  };
}

function scoresOfName(
  node: Name,
  index: ModuleIndex,
  scope: Scope,
  depth: number,
  later: Name | null = null,
): Scores | null {
  const definitions = scope.flow.reaching(node);
  if (definitions.length === 2) return optionalMask(node, definitions, index, scope, depth);
  const definition = definitions[0];
  if (definition === undefined || definitions.length !== 1 || definition.captured || definition.stmt === null)
    return null;
  // Statements that change it in place (`scores.masked_fill_(...)`) come before this use
  const others = [...definition.uses].filter((use) => use !== node && use !== later).sort((a, b) => a.start - b.start);
  const inPlace: { stmt: Stmt; op: TorchOp }[] = [];
  let isAsked = false;
  for (const use of others) {
    if (readsMetadata(use, index)) {
      isAsked = true;
      continue;
    }
    const step = inPlaceStatement(use, index, scope);
    if (step === null || use.start > node.start) return null;
    inPlace.push(step);
  }
  let result = scoresOfDefinition(definition, index, scope, depth);
  for (const { stmt, op } of inPlace) {
    if (result === null) return null;
    result = applyInPlace(result, op, stmt, index, scope);
  }
  // Without the scores there would be nobody to ask for their type
  return result === null || !isAsked ? result : { ...result, opaque: true };
}

/** `scores_of(q, k)` where a function of this file returns the product of its first two arguments, scaled and masked. */
function scoresOfHelper(node: Expr, index: ModuleIndex, scope: Scope, depth: number): Scores | null {
  if (node.type !== 'Call' || node.func.type !== 'Name' || node.args.length < 2 || scope.flow.binds(node.func.id))
    return null;
  const helper = index.functionNamed(node.func.id);
  const inner = helper === null ? null : index.functionScope(helper);
  const last = helper?.body.at(-1);
  const [query, key] = node.args;
  if (
    inner === null ||
    inner === scope ||
    last?.type !== 'Return' ||
    last.value === null ||
    query === undefined ||
    key === undefined
  )
    return null;
  const found = scoresOf(last.value, index, inner, depth + 1);
  if (found === null || !found.isTransposed) return null;
  return { ...found, query, key, keyIsPlain: true, scores: node, statements: [], opaque: true };
}

function scoresOfDefinition(
  definition: Definition,
  index: ModuleIndex,
  scope: Scope,
  depth: number,
  later: Name | null = null,
): Scores | null {
  const { stmt } = definition;
  if (stmt === null) return null;
  if (definition.kind === 'augmented' && stmt.type === 'AugAssign' && stmt.target.type === 'Name') {
    const before = scoresOfName(stmt.target, index, scope, depth + 1, later);
    if (before === null) return null;
    const with_ = { ...before, statements: [...before.statements, stmt] };
    if (stmt.op === '*') return withScale(with_, 'mul', stmt.value, stmt);
    if (stmt.op === '/') return withScale(with_, 'div', stmt.value, stmt);
    return stmt.op === '+'
      ? withMask(with_, { kind: 'additive', value: stmt.value, fill: null, optional: null })
      : null;
  }
  if (definition.kind !== 'assign' || definition.value === null) return null;
  if (stmt.type === 'Assign' && stmt.targets.length !== 1) return null;
  const inner = scoresOf(definition.value, index, scope, depth + 1, later);
  return inner === null ? null : { ...inner, statements: [...inner.statements, stmt] };
}

function inPlaceStatement(use: Name, index: ModuleIndex, scope: Scope): { stmt: Stmt; op: TorchOp } | null {
  const stmt = index.statementOf(use);
  if (stmt.type !== 'Expr') return null;
  const op = opOf(stmt.value, index, scope);
  return op?.inPlace && op.args[0] === use ? { stmt, op } : null;
}

function applyInPlace(scores: Scores, op: TorchOp, stmt: Stmt, index: ModuleIndex, scope: Scope): Scores | null {
  const with_ = { ...scores, statements: [...scores.statements, stmt] };
  const [, second, third] = op.args;
  if (second === undefined) return null;
  if (op.name === 'mul') return withScale(with_, 'mul', second, stmt);
  if (op.name === 'div') return withScale(with_, 'div', second, stmt);
  if (op.name === 'add') return withMask(with_, { kind: 'additive', value: second, fill: null, optional: null });
  if (op.name !== 'masked_fill' || third === undefined) return null;
  const fill = isMaskingValue(third, index, scope);
  return fill === null ? null : withMask(with_, { kind: 'drop', value: second, fill, optional: null });
}

/** `if mask is not None: scores = scores.masked_fill(mask == 0, -1e9)`. */
function optionalMask(
  node: Name,
  definitions: readonly Definition[],
  index: ModuleIndex,
  scope: Scope,
  depth: number,
): Scores | null {
  for (const inner of definitions) {
    const outer = definitions.find((other) => other !== inner) as Definition;
    const conditional = inner.stmt === null ? null : index.parent(inner.stmt);
    if (conditional?.type !== 'If' || conditional.orelse.length > 0 || conditional.body.length !== 1) continue;
    if (inner.captured || outer.captured || inner.uses.size !== 1 || outer.uses.size !== 2) continue;
    const before = scoresOfDefinition(inner, index, scope, depth, node);
    if (before === null || !before.statements.includes(outer.stmt as Stmt) || !outer.uses.has(node)) continue;
    const mask = before.masks.at(-1);
    const isLast = mask !== undefined && index.contains(inner.stmt as Stmt, mask.value);
    if (!isLast) continue;
    const statements = before.statements.map((stmt) => (stmt === inner.stmt ? conditional : stmt));
    return { ...before, masks: [...before.masks.slice(0, -1), { ...mask, optional: conditional }], statements };
  }
  return null;
}

// ------------------------------------------------------------------ from the softmax on to ·V

interface Outcome {
  output: Expr;
  values: { value: Expr; valueLayout: Layout | null; outputLayout: Layout | null };
  dropout: DropoutStep | null;
  statements: Stmt[];
  opaque: boolean;
}

function outputOf(softmax: Expr, index: ModuleIndex, scope: Scope): Outcome | null {
  let current: Expr = softmax;
  let dropout: DropoutStep | null = null;
  let opaque = false;
  const statements: Stmt[] = [];
  for (let step = 0; step < 24; step++) {
    const parent: Node | null = index.parent(current);
    if (parent === null) return null;
    if (isStatement(parent)) {
      const next = nextUse(parent, current, index, scope);
      if (next === null) return null;
      statements.push(parent);
      if (next.optional !== null) {
        statements.push(next.optional);
        dropout = { op: null, optional: true };
        opaque = true;
      }
      current = next.use;
      continue;
    }
    const holder: Node | null = parent.type === 'Attribute' ? index.parent(parent) : parent;
    if (holder === null || isStatement(holder)) return null;
    const op = opOf(holder, index, scope);
    if (op === null) {
      // A call of something that cannot be seen, named like dropout
      const isDropout =
        holder.type === 'Call' &&
        holder.args.length === 1 &&
        holder.args[0] === current &&
        /drop/i.test(index.source(holder.func));
      if (!isDropout) return null;
      dropout = { op: null, optional: false };
      opaque = true;
      current = holder;
      continue;
    }
    if ((op.name === 'matmul' || op.name === 'bmm') && op.args[0] === current && op.args[1] !== undefined) {
      return {
        output: holder,
        values: { value: op.args[1], valueLayout: 'plain', outputLayout: 'plain' },
        dropout,
        statements,
        opaque,
      };
    }
    if (op.name === 'einsum') {
      const values = valuesEinsum(op, current);
      return values === null ? null : { output: holder, values, dropout, statements, opaque };
    }
    if ((op.name === 'dropout' || op.name === 'Dropout') && op.args[0] === current && dropout === null) {
      dropout = { op, optional: false };
    } else if (!casts.has(op.name) || op.args[0] !== current) return null;
    current = holder;
  }
  return null;
}

/** The only place that reads what a statement assigns. */
function nextUse(
  stmt: Stmt,
  value: Expr,
  index: ModuleIndex,
  scope: Scope,
): { use: Name; optional: Stmt | null } | null {
  if (stmt.type !== 'Assign' && stmt.type !== 'AnnAssign') return null;
  if (stmt.value !== value || (stmt.type === 'Assign' && stmt.targets.length !== 1)) return null;
  const target = stmt.type === 'Assign' ? stmt.targets[0] : stmt.target;
  if (target?.type !== 'Name') return null;
  const definition = scope.flow.definitions.find((candidate) => candidate.target === target);
  if (definition === undefined || definition.captured) return null;
  const uses = [...definition.uses].sort((a, b) => a.start - b.start);
  const only = uses[0];
  if (uses.length === 1 && only !== undefined)
    return scope.flow.reaching(only).length === 1 ? { use: only, optional: null } : null;
  // if dropout is not None: p = dropout(p)
  const last = uses[1];
  if (uses.length !== 2 || only === undefined || last === undefined) return null;
  const inner = index.statementOf(only);
  const conditional = index.parent(inner);
  const isDropout =
    inner.type === 'Assign' &&
    inner.value.type === 'Call' &&
    /drop/i.test(index.source(inner.value.func)) &&
    inner.value.args[0] === only;
  if (!isDropout || conditional?.type !== 'If' || conditional.body.length !== 1 || conditional.orelse.length > 0)
    return null;
  return { use: last, optional: conditional };
}
