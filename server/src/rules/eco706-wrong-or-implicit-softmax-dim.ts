/** ECO706: softmax without a dimension picks one by the number of dimensions, and seldom the right one. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { keywordOf } from './patterns/calls.js';
import { standsFor } from './patterns/inline.js';
import { isNumber } from './patterns/numbers.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { seenShape } from './patterns/shapes.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber, opOf } from './semantic/torchOps.js';
import type { RuleContext } from './types.js';

const names: ReadonlyMap<string, string> = new Map([
  ['torch.nn.functional.softmax', 'F.softmax'],
  ['torch.nn.functional.log_softmax', 'F.log_softmax'],
  ['torch.nn.functional.softmin', 'F.softmin'],
  ['torch.nn.Softmax', 'nn.Softmax'],
  ['torch.nn.LogSoftmax', 'nn.LogSoftmax'],
  ['torch.nn.Softmin', 'nn.Softmin'],
]);

export default defineRule({
  code: 'ECO706',
  name: 'wrong-or-implicit-softmax-dim',
  family: 'numerical-bug',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Implicit dimension choice for softmax has been deprecated: 0 for 0, 1 and 3 dimensions, 1 otherwise.',
      source: 'https://github.com/pytorch/pytorch/blob/main/torch/nn/functional.py',
    },
  ],
  messages: {
    detected: {
      en: '{name} without dim picks dimension 0 for three dimensions and 1 for two or four: over the batch or the heads, in silence.',
      zh: '{name} 未指定 dim：三维时取第 0 维，二维或四维时取第 1 维，可能在批次或头上归一化而毫无提示。',
    },
    matrix: {
      en: '{name} without dim takes dimension 1, here the last of two; with another number of dimensions it is another one. Say dim=-1.',
      zh: '{name} 未指定 dim 时取第 1 维，此处恰为两维中的最后一维；维数不同则取别的维。应写明 dim=-1。',
    },
    fix: { en: 'Pass dim=-1', zh: '传入 dim=-1' },
  },
  gate: ['oftmax', 'oftmin'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachCall(({ call, scope }) => {
      const name = names.get(qualifiedName(call.func, index, scope) ?? '');
      if (
        name === undefined ||
        call.args.some((arg) => arg.type === 'Starred') ||
        call.keywords.some((keyword) => keyword.arg === null)
      )
        return;
      const position = name.startsWith('nn.') ? 0 : 1;
      const given = call.args[position] ?? call.keywords.find((keyword) => keyword.arg === 'dim')?.value;
      if (given !== undefined && !(given.type === 'Constant' && given.value === null)) return;
      if (given !== undefined) return;
      const input = position === 1 ? (call.args[0] ?? keywordOf(call, 'input')) : null;
      const rank = input === null ? null : rankOf(input, scope, context);
      // The only dimension there is
      if (rank === 1) return;
      const edits = [appendArgument(call, 'dim=-1', index)];
      context.report({
        messageId: rank === 2 ? 'matrix' : 'detected',
        ...(rank === 2 ? { severity: 'information' } : {}),
        node: call,
        data: { name },
        fix: { messageId: 'fix', safety: 'unsafe', edits },
      });
    });
  },
});

const factories = new Set(['zeros', 'ones', 'empty', 'rand', 'randn', 'arange', 'linspace', 'randperm']);

/** How many dimensions a tensor has: seen by the trace, or plain from what made it. */
function rankOf(
  input: Expr,
  scope: Scope,
  context: Pick<RuleContext, 'kernelsAt' | 'modulesAt' | 'index'>,
): number | null {
  const seen = seenShape(input, scope, context);
  if (seen !== null) return seen.length;
  const op = opOf(standsFor(input, scope), context.index, scope);
  if (op === null) return null;
  if (op.via === 'function' && factories.has(op.name)) {
    if (/^(arange|linspace|randperm)$/.test(op.name)) return 1;
    const [first] = op.args;
    if (first?.type === 'Tuple' || first?.type === 'List') return first.elts.length;
    // a name may hold a whole shape
    return op.args.length > 1
      ? op.args.length
      : first !== undefined && isNumber(first, context.index, scope) === true
        ? 1
        : null;
  }
  if (op.name === 'flatten' && op.args.length === 1 && op.keywords.size === 0) return 1;
  const isFlat =
    (op.name === 'view' || op.name === 'reshape') && op.args.length === 2 && literalNumber(op.args[1]) === -1;
  return isFlat ? 1 : null;
}
