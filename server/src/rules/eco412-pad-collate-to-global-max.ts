/** ECO412: a collate function that pads every batch to one length. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyCall } from './patterns/calls.js';
import { loaderCalls } from './patterns/dataLoaders.js';
import { standsFor } from './patterns/inline.js';
import { compiles } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { knownNumber } from './patterns/values.js';
import { isSelf, type ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { walk } from './semantic/walk.js';

export default defineRule({
  code: 'ECO412',
  name: 'pad-collate-to-global-max',
  family: 'data loading',
  severity: 'information',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Pad the sequences of a batch to the longest of the batch.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_sequence.html',
    },
  ],
  messages: {
    detected: {
      en: 'Every batch is padded to {length}, whatever is in it, and the model computes every pad. pad_sequence pads to the longest of the batch.',
      zh: '无论内容如何，每个批次都被填充到 {length}，模型要计算每个填充位。pad_sequence 只填充到批次中最长的序列。',
    },
  },
  gate: ['pad(', 'zeros(', 'full('],
  check(context) {
    const { index, text } = context;
    if (isReferenceCode(context.file) || compiles(index) || /xla|tpu\b|neuron|habana|cuda\.graph/i.test(text)) return;
    const collators = collatorNames(index);
    for (const { call, scope, name } of everyCall(index)) {
      if (!isCollate(scope, collators)) continue;
      const length =
        name === 'torch.nn.functional.pad' && call.args[1] !== undefined
          ? fixedLength(call.args[1], index, scope)
          : /^torch\.(zeros|full)$/.test(name ?? '')
            ? fixedWidth(call, index, scope)
            : null;
      if (length !== null) context.report({ messageId: 'detected', node: call, data: { length } });
    }
  },
});

function collatorNames(index: ModuleIndex): Set<string> {
  const names = new Set<string>();
  for (const { args } of loaderCalls(index)) {
    const given = args.get('collate_fn');
    if (given?.type === 'Name') names.add(given.id);
  }
  return names;
}

function isCollate(scope: Scope, names: ReadonlySet<string>): boolean {
  for (let current: Scope | null = scope; current !== null; current = current.parent)
    if (names.has(current.name) || /^_?(collate(_fn|_batch)?|collate_\w+)$/.test(current.name)) return true;
  return false;
}

/** The L of `(0, L - len(x))` when it does not come from the batch: a literal, a constant, an attribute. */
function fixedLength(amount: Expr, index: ModuleIndex, scope: Scope): string | null {
  let found: string | null = null;
  walk(standsFor(amount, scope), (node) => {
    const whole = node.type === 'Name' ? standsFor(node, scope) : node;
    if (whole.type !== 'BinOp' || whole.op !== '-') return true;
    const { left } = whole;
    const isAttribute = left.type === 'Attribute' && isSelf(left.value, scope);
    const isGlobal = left.type === 'Name' && !scope.flow.binds(left.id);
    const isKnown = left.type === 'Constant' || isAttribute || (isGlobal && knownNumber(left, index, scope) !== null);
    if (isKnown && /size|shape|len\(/.test(index.source(whole.right))) found = index.source(left);
    return true;
  });
  return found;
}

/** The L of `torch.zeros(len(batch), L)`, into which the samples are copied piece by piece. */
function fixedWidth(call: Call, index: ModuleIndex, scope: Scope): string | null {
  const [first] = call.args;
  const extents = first?.type === 'Tuple' || first?.type === 'List' ? first.elts : call.args;
  const [rows, width] = extents;
  if (rows === undefined || width === undefined || !/\blen\(|size/.test(index.source(standsFor(rows, scope))))
    return null;
  const isAttribute = width.type === 'Attribute' && isSelf(width.value, scope) && /len|max/i.test(width.attr);
  const isGlobal = width.type === 'Name' && !scope.flow.binds(width.id) && knownNumber(width, index, scope) !== null;
  const isWritten = width.type === 'Constant' && typeof width.value === 'number' && width.value >= 32;
  if (!isAttribute && !isGlobal && !isWritten) return null;
  // out[i, : len(s)] = s
  let fills = false;
  for (const stmt of scope.node?.body ?? [])
    walk(stmt, (node) => {
      if (
        node.type === 'Assign' &&
        node.targets.some(
          (one) => one.type === 'Subscript' && /:\s*(len\(|\w+\.(size|shape)|n\b|\w*len)/.test(index.source(one.slice)),
        )
      )
        fills = true;
    });
  return fills ? index.source(width) : null;
}
