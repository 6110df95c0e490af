/** ECO450: a tensor filled element by element from Python. */
import type { Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { literalTurns, namesIn } from './patterns/loops.js';
import type { Loop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isTensor } from './patterns/tensors.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { nodeTypes } from './semantic/ownNodes.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';
import { walk } from './semantic/walk.js';

/** What has one form for a row and for all rows. */
const vectorisable = new Set(
  `add sub mul div pow neg exp log sqrt rsqrt abs sin cos tanh sigmoid relu gelu silu clamp clip where square sum mean norm dot
  matmul mm bmm mv outer softmax log_softmax max min amax amin maximum minimum float to t T mT cross_entropy mse_loss`.split(
    /\s+/,
  ),
);

const wanted = nodeTypes('For');

export default defineRule({
  code: 'ECO450',
  name: 'python-loop-over-tensor-elements',
  family: 'Python overhead',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'The profiler reports ten and more repeats as "For Loop Indexing".',
      source: 'https://github.com/pytorch/pytorch/blob/main/torch/profiler/_pattern_matcher.py',
    },
  ],
  messages: {
    detected: {
      en: '{out} is filled row by row from Python: a launch or more for each. One operator over the whole tensor computes the same.',
      zh: '{out} 由 Python 逐行填充：每行至少启动一个内核。对整个张量用一个算子即可得到同样结果。',
    },
  },
  gate: ['range('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachNode(wanted, (node, scope) => {
      if (isReferenceCode(scope.name)) return true;
      const out = filledBy(node, scope, index);
      if (out !== null) context.report({ messageId: 'detected', node: node.iter, data: { out } });
      return out === null;
    });
  },
});

/** `for i in range(x.size(0)): out[i] = f(x[i])` with nothing carried from turn to turn: the name that is filled. */
function filledBy(loop: Loop, scope: Scope, index: ModuleIndex): string | null {
  if (loop.type !== 'For' || loop.target.type !== 'Name' || loop.orelse.length > 0) return null;
  const turns = literalTurns(loop);
  if (!countsTensor(loop.iter, scope, index) || (turns !== null && turns < 4)) return null;
  const counter = loop.target.id;
  const filled = new Set<string>();
  const local = new Set<string>();
  const values: Expr[] = [];
  const later = loop.body.map(targetOf).flatMap((one) => (one?.at === null ? [one.name] : []));
  for (const stmt of loop.body) {
    const target = targetOf(stmt);
    if (target === null) return null;
    // A name that this turn has not set yet comes from the turn before
    const own = namesIn(target.value);
    if (later.some((name) => own.has(name) && !local.has(name))) return null;
    values.push(target.value);
    if (target.at === null) local.add(target.name);
    else {
      if (!namesIn(target.at).has(counter)) return null;
      filled.add(target.name);
    }
  }
  if (filled.size !== 1) return null;
  const [out] = [...filled];
  if (out === undefined || !isTensorNamed(out, scope, index)) return null;
  for (const value of values) if (!isRowWise(value, counter, out, local, scope, index)) return null;
  return out;
}

function targetOf(stmt: Stmt): { name: string; at: Expr | null; value: Expr } | null {
  if (stmt.type !== 'Assign' || stmt.targets.length !== 1) return null;
  const target = stmt.targets[0] as Expr;
  if (target.type === 'Name') return { name: target.id, at: null, value: stmt.value };
  return target.type === 'Subscript' && target.value.type === 'Name'
    ? { name: target.value.id, at: target.slice, value: stmt.value }
    : null;
}

/** `range(x.size(0))`, `range(x.shape[1])`: what only tensors and arrays have. */
function countsTensor(iter: Expr, scope: Scope, index: ModuleIndex): boolean {
  if (iter.type !== 'Call' || iter.func.type !== 'Name' || iter.func.id !== 'range' || iter.args.length !== 1)
    return false;
  const count = iter.args[0] as Expr;
  if (count.type === 'Call' && count.func.type === 'Attribute' && count.func.attr === 'size')
    return count.args.length === 1;
  if (count.type === 'Subscript') return count.value.type === 'Attribute' && count.value.attr === 'shape';
  return (
    count.type === 'Call' &&
    count.func.type === 'Name' &&
    count.func.id === 'len' &&
    count.args[0] !== undefined &&
    isTensor(count.args[0], index, scope) === true
  );
}

/** Every definition of the name makes a tensor; filling an array of NumPy is another matter. */
function isTensorNamed(name: string, scope: Scope, index: ModuleIndex): boolean {
  const made = scope.flow.definitionsOf(name);
  return (
    made.length > 0 &&
    made.every((one) => one.kind === 'assign' && one.value !== null && isTensor(one.value, index, scope) === true)
  );
}

function isRowWise(
  value: Expr,
  counter: string,
  out: string,
  local: ReadonlySet<string>,
  scope: Scope,
  index: ModuleIndex,
): boolean {
  let fits = true;
  let readsRow = false;
  walk(value, (node) => {
    if (node.type === 'Name' && node.id === out) fits = false;
    if (node.type === 'Subscript') {
      if (namesIn(node.slice).has(counter)) {
        // x[i], x[i, :]; x[i + 1] and x[order[i]] depend on the order
        readsRow = true;
        if (!isPlainIndex(node.slice, counter)) fits = false;
        return false;
      }
    } else if (node.type === 'Name' && node.id === counter) fits = false;
    else if (node.type === 'Call') {
      const op = opOf(node, index, scope);
      if (op === null || op.via === 'module' || !vectorisable.has(op.name)) fits = false;
    } else if (node.type === 'Name' && local.has(node.id)) readsRow = true;
    return fits;
  });
  return fits && readsRow;
}

function isPlainIndex(slice: Expr, counter: string): boolean {
  const parts = slice.type === 'Tuple' ? slice.elts : [slice];
  return parts.every(
    (part) => (part.type === 'Name' && part.id === counter) || part.type === 'Slice' || part.type === 'Constant',
  );
}
