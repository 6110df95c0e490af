/** ECO504: a tensor made on the CPU in every call and copied to the GPU, where it could have been made. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { standsFor } from './patterns/inline.js';
import { literalTurns } from './patterns/loops.js';
import { enclosingLoop, isConditional, isForward, type Loop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { argumentText } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import { opOf, type TorchOp } from './semantic/torchOps.js';
import type { OffsetEdit } from './types.js';

/** Deterministic and equal on every device; linspace may differ in the last digit, random numbers do. */
const factories = new Set(['zeros', 'ones', 'full', 'arange', 'eye', 'empty', 'tensor']);
/** Steps between the factory and the move that run as well on the GPU. */
const between = new Set([
  'unsqueeze',
  'view',
  'reshape',
  'expand',
  'float',
  'long',
  'int',
  'bool',
  'half',
  'bfloat16',
  'tril',
  'triu',
  'repeat',
  't',
  'flatten',
  'contiguous',
]);

export default defineRule({
  code: 'ECO504',
  name: 'create-on-cpu-then-move',
  family: 'host-device sync',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Create tensors directly on the target device.',
      source: 'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html',
    },
    {
      claim: 'The profiler reports the pattern as "Extra CUDA Copy".',
      source: 'https://github.com/pytorch/pytorch/blob/main/torch/profiler/_pattern_matcher.py',
    },
  ],
  messages: {
    detected: {
      en: 'torch.{name} makes the tensor on the CPU in every call and copies it over; with device= it is made in place.',
      zh: 'torch.{name} 每次调用都先在 CPU 上创建张量再复制过去；传入 device= 可直接在目标设备上创建。',
    },
    fix: { en: 'Pass device={device}', zh: '传入 device={device}' },
  },
  gate: ['.to(', '.cuda('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachCall(({ call, scope }) => {
      const loop = enclosingLoop(call, scope, index);
      // A loop over a few things that are written down is no hot loop
      if (!isForward(scope, index) && loop !== null && isOverFew(loop)) return;
      // Under a condition in a loop it is usually the first step's state
      if (!isForward(scope, index) && (loop === null || isConditional(call, scope, index, loop))) return;
      const device = movedTo(call, index, scope);
      if (device === null || call.func.type !== 'Attribute') return;
      const factory = factoryOf(call.func.value, index, scope);
      if (factory === null) return;
      const edits: OffsetEdit[] = [
        appendArgument(factory.node as Call, `device=${device}`, index),
        { start: index.range(call.func.value).end, end: index.range(call).end, newText: '' },
      ];
      // `torch.tensor(values)` makes a list's tensor on the host whatever device= says; an array goes over in one copy instead of two
      if (factory.name === 'tensor' && !isOfArray(factory, index, scope)) return;
      context.report({
        messageId: 'detected',
        node: call,
        data: { name: factory.name },
        fix: { messageId: 'fix', data: { device }, safety: 'safe', edits },
      });
    });
  },
});

/** Over two or three values that stand there, or the entries of a dict. */
function isOverFew(loop: Loop): boolean {
  const turns = literalTurns(loop);
  if (turns !== null) return turns <= 3;
  const over = loop.type === 'For' && loop.iter.type === 'Call' ? loop.iter : null;
  return over?.func.type === 'Attribute' && over.args.length === 0 && /^(items|keys|values)$/.test(over.func.attr);
}

/** What is given is certainly an array of NumPy. */
function isOfArray(factory: TorchOp, index: ModuleIndex, scope: Scope): boolean {
  const given = factory.args[0];
  if (given === undefined) return false;
  const value = standsFor(given, scope);
  if (value.type !== 'Call') return false;
  return (
    /^numpy\./.test(qualifiedName(value.func, index, scope) ?? '') ||
    (value.func.type === 'Attribute' && value.func.attr === 'numpy')
  );
}

/** The device that a call moves to: `.to(device)`, `.to(x.device)`, `.to("cuda")`, `.cuda()`. */
function movedTo(call: Call, index: ModuleIndex, scope: Scope): string | null {
  if (call.func.type !== 'Attribute') return null;
  const op = opOf(call, index, scope);
  if (op === null || op.via !== 'method' || !op.plain) return null;
  if (op.name === 'cuda') return op.args.length === 1 && op.keywords.size === 0 ? '"cuda"' : null;
  if (op.name !== 'to' || op.args.length + op.keywords.size !== 2) return null;
  const target: Expr | undefined = op.args[1] ?? op.keywords.get('device');
  if (target === undefined) return null;
  const text = argumentText(target, index);
  if (target.type === 'Constant')
    return typeof target.value === 'string' && /^(cuda|mps|xpu|cpu)(:\d+)?$/.test(target.value) ? text : null;
  const isDevice =
    (target.type === 'Name' && /^(device|dev)$/.test(target.id)) ||
    (target.type === 'Attribute' && target.attr === 'device');
  return isDevice ? text : null;
}

function factoryOf(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): TorchOp | null {
  const op = opOf(node, index, scope);
  if (op === null || !op.plain || depth > 6) return null;
  if (op.via === 'function' && factories.has(op.name)) {
    const hasOwn = op.keywords.has('device') || op.keywords.has('out') || op.keywords.has('pin_memory');
    // An integer that torch.full or arange is given from a tensor would be read back
    return hasOwn ? null : op;
  }
  const first = op.args[0];
  return op.via === 'method' && between.has(op.name) && first !== undefined
    ? factoryOf(first, index, scope, depth + 1)
    : null;
}
