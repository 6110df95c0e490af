/** ECO702: binary cross entropy on a sigmoid: less stable and a pass more than on the logits. */
import { defineRule } from './defineRule.js';
import { standsFor } from './patterns/inline.js';
import { lossInput } from './patterns/losses.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { argumentText, replaceNode } from './semantic/edits.js';
import { opOf } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO702',
  name: 'sigmoid-plus-bceloss',
  family: 'numerical-bug',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'More numerically stable than a plain Sigmoid followed by a BCELoss, by the log-sum-exp trick.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html',
    },
  ],
  messages: {
    detected: {
      en: 'Binary cross entropy on a sigmoid is clamped for confident logits and fails under autocast; binary_cross_entropy_with_logits takes the logits.',
      zh: '对 sigmoid 输出计算二元交叉熵会在置信度高时被截断，且在 autocast 下报错；binary_cross_entropy_with_logits 直接接受 logits。',
    },
    sigmoid: { en: 'The sigmoid is applied here.', zh: '此处应用了 sigmoid。' },
    fix: { en: 'Use binary_cross_entropy_with_logits', zh: '改用 binary_cross_entropy_with_logits' },
  },
  gate: ['igmoid'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of [...index.functions, index.top]) {
      for (const call of scope.calls) {
        const loss = lossInput(call, 'binary_cross_entropy', 'BCELoss', index, scope);
        if (loss === null) continue;
        const value = standsFor(loss.input, scope);
        const op = opOf(value, index, scope);
        const logits = op !== null && /^sigmoid$/i.test(op.name) ? (op.args[0] ?? op.keywords.get('input')) : undefined;
        if (logits === undefined) continue;
        const canFix = loss.via === 'function' && value === loss.input && call.func.type === 'Attribute';
        const edits =
          canFix && call.func.type === 'Attribute'
            ? [
                replaceNode(value, argumentText(logits, index), index),
                { start: index.range(call.func).end, end: index.range(call.func).end, newText: '_with_logits' },
              ]
            : null;
        context.report({
          messageId: 'detected',
          node: call,
          related: [{ node: value, messageId: 'sigmoid' }],
          fix: edits === null ? null : { messageId: 'fix', safety: 'unsafe', edits },
        });
      }
    }
  },
});
