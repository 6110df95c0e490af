/** ECO706: softmax without a dimension picks one by the number of dimensions, and seldom the right one. */
import { defineRule } from './defineRule.js';
import { appendArgument } from './patterns/callEdits.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { qualifiedName } from './semantic/names.js';

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
    fix: { en: 'Pass dim=-1', zh: '传入 dim=-1' },
  },
  gate: ['oftmax', 'oftmin'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of [...index.functions, index.top]) {
      for (const call of scope.calls) {
        const name = names.get(qualifiedName(call.func, index, scope) ?? '');
        if (
          name === undefined ||
          call.args.some((arg) => arg.type === 'Starred') ||
          call.keywords.some((keyword) => keyword.arg === null)
        )
          continue;
        const position = name.startsWith('nn.') ? 0 : 1;
        const given = call.args[position] ?? call.keywords.find((keyword) => keyword.arg === 'dim')?.value;
        if (given !== undefined && !(given.type === 'Constant' && given.value === null)) continue;
        if (given !== undefined) continue;
        const edits = [appendArgument(call, 'dim=-1', index)];
        context.report({
          messageId: 'detected',
          node: call,
          data: { name },
          fix: { messageId: 'fix', safety: 'unsafe', edits },
        });
      }
    }
  },
});
