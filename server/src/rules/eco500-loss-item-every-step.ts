/** ECO500: reading a number back from the GPU in every step. */
import type { Call, Expr, Name, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyScope } from './patterns/calls.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { everyStep } from './patterns/loops.js';
import { isConditional, type Loop } from './patterns/places.js';
import { choosesPrecision } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { isTensorOrLoss, lossNames } from './patterns/tensors.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { basesOf } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber, opOf } from './semantic/torchOps.js';
import type { OffsetEdit } from './types.js';

export default defineRule({
  code: 'ECO500',
  name: 'loss-item-every-step',
  family: 'host-device sync',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'item() and its kin make the host wait for the GPU; avoid them in the loop.',
      source:
        'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html#avoid-unnecessary-cpu-gpu-synchronization',
    },
    {
      claim: 'Segment Anything: without syncs and in bfloat16 up to 3 times as fast.',
      source: 'https://pytorch.org/blog/accelerating-generative-ai/',
    },
  ],
  messages: {
    detected: {
      en: '{text} in every step makes the host wait for the GPU, and then the GPU for the host. Keep the sum on the device and read it once.',
      zh: '每一步都调用 {text}：主机等待 GPU，随后 GPU 又等待主机。可在设备上累加，最后只读取一次。',
    },
    fix: { en: 'Add on the device, read {name} where it is needed', zh: '在设备上累加，在需要处读取 {name}' },
  },
  gate: ['.item(', 'float(', 'int('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file) || !usesAccelerator(index)) return;
    for (const scope of everyScope(index)) {
      const seen = new Set<Stmt>();
      for (const call of scope.calls) {
        const read = readTensor(call, index, scope);
        if (read === null) continue;
        const loop = everyStep(call, scope, index);
        const stmt = index.statementOf(call);
        if ((loop === null && !isStepOfFramework(call, scope, index)) || seen.has(stmt) || isOfHost(read, index, scope))
          continue;
        if (loop !== null && decides(stmt, loop, index, scope)) continue;
        seen.add(stmt);
        const total = loop === null ? null : runningTotal(call, stmt, loop, scope, index);
        const shown = index.source(call);
        context.report({
          messageId: 'detected',
          node: call,
          data: { text: shown.length > 40 ? `….item()` : shown },
          // In half precision a long sum on the device loses digits
          undecided: total !== null && choosesPrecision(index),
          fix:
            total === null
              ? null
              : { messageId: 'fix', data: { name: total.name }, safety: 'safe', edits: total.edits },
        });
      }
    }
  },
});

/** The tensor that `x.item()` reads, or `float(loss)` and `int(loss)`, which do the same. */
function readTensor(call: Call, index: ModuleIndex, scope: Scope): Expr | null {
  const { func, args } = call;
  if (func.type === 'Attribute') return func.attr === 'item' && args.length === 0 ? func.value : null;
  if (func.type !== 'Name' || (func.id !== 'float' && func.id !== 'int') || scope.flow.binds(func.id)) return null;
  const [value] = args;
  // read back already by item() or cpu(): that is the call to tell
  if (value === undefined || args.length !== 1 || value.type === 'Starred') return null;
  const isRead =
    value.type === 'Call' && value.func.type === 'Attribute' && /^(item|cpu|tolist|numpy)$/.test(value.func.attr);
  return !isRead && isTensorOrLoss(value, index, scope) ? value : null;
}

/** `training_step` of a LightningModule is the body of a loop that the framework holds. */
function isStepOfFramework(call: Call, scope: Scope, index: ModuleIndex): boolean {
  return (
    scope.name === 'training_step' &&
    scope.owner !== null &&
    basesOf(scope.owner, index).qualified.some((name) => /(^|\.)LightningModule$/.test(name)) &&
    !isConditional(call, scope, index)
  );
}

/** The number decides what this very turn does: it must be read. */
function decides(stmt: Stmt, loop: Loop, index: ModuleIndex, scope: Scope): boolean {
  if (stmt.type === 'If' || stmt.type === 'While') return true;
  if (stmt.type !== 'Assign' || stmt.targets[0]?.type !== 'Name') return false;
  const { id } = stmt.targets[0];
  return scope.flow.definitionsOf(id).some((one) =>
    [...one.uses].some((use) => {
      for (let node = index.parent(use); node !== null && node !== loop; node = index.parent(node))
        if (node.type === 'If' || node.type === 'While')
          return index.contains(node.test, use) && index.contains(loop, node);
      return false;
    }),
  );
}

/** NumPy scalars, tensors that are on the host already, and choices that the host needs. */
function isOfHost(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const op = opOf(node, index, scope);
  // A token or an action is what the next turn needs
  if (op !== null && /^(multinomial|argmax|topk|sample|randint)$/.test(op.name)) return true;
  return op === null ? node.type === 'Call' && /^(np|numpy)\./.test(index.source(node.func)) : op.name === 'numpy';
}

/** `total += loss.item()`, where every read of the total stands outside the loop or under a condition. */
function runningTotal(
  call: Call,
  stmt: Stmt,
  loop: Loop,
  scope: Scope,
  index: ModuleIndex,
): { name: string; edits: OffsetEdit[] } | null {
  if (stmt.type !== 'AugAssign' || stmt.op !== '+' || stmt.target.type !== 'Name' || call.func.type !== 'Attribute')
    return null;
  const name = stmt.target.id;
  const { value } = stmt;
  const isScaled = value.type === 'BinOp' && value.op === '*' && value.left === call && isPlainNumber(value.right);
  if (value !== call && !isScaled) return null;
  const kind = kindOf(call.func.value, index, scope);
  const definitions = scope.flow.definitionsOf(name);
  if (kind === null || scope.flow.shared.has(name) || scope.node === null) return null;
  if (
    definitions.some(
      (one) => one.captured || (one.stmt !== stmt && (one.kind !== 'assign' || literalNumber(one.value) !== 0)),
    )
  )
    return null;
  const reads = new Set<Name>(definitions.flatMap((one) => [...one.uses]));
  reads.delete(stmt.target);
  const edits: OffsetEdit[] = [
    { start: index.range(call.func.value).end, end: index.range(call).end, newText: '.detach()' },
  ];
  for (const read of reads) {
    if (index.contains(loop, read) && !isConditional(read, scope, index, loop)) return null;
    const { start, end } = index.range(read);
    edits.push({ start, end, newText: `${kind}(${name})` });
  }
  return { name, edits };
}

/** `x.size(0)`, `len(x)`, names: what a loss is multiplied by. */
function isPlainNumber(node: Expr): boolean {
  return node.type === 'Name' || node.type === 'Constant' || (node.type === 'Call' && node.args.length <= 1);
}

/** The Python type that item() gives: losses are floats, sums of comparisons integers; null when it cannot be told. */
function kindOf(node: Expr, index: ModuleIndex, scope: Scope): 'float' | 'int' | null {
  if (node.type === 'Name' && lossNames(scope).has(node.id)) return 'float';
  const op = opOf(node, index, scope);
  if (op === null) return null;
  if (/(^|_)loss$|^cross_entropy$|Loss$/.test(op.name) && op.keywords.get('reduction') === undefined) return 'float';
  const inner = op.args[0];
  if (op.name !== 'sum' || inner === undefined || op.args.length > 1 || op.keywords.size > 0) return null;
  const compared = opOf(inner, index, scope);
  return inner.type === 'Compare' || (compared !== null && ['eq', 'ne', 'lt', 'le', 'gt', 'ge'].includes(compared.name))
    ? 'int'
    : null;
}
