/** ECO704: negative log-likelihood takes log-probabilities; on probabilities it is no loss at all. */
import { defineRule } from './defineRule.js';
import { standsFor } from './patterns/inline.js';
import { lossInput } from './patterns/losses.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { opOf } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO704',
  name: 'softmax-into-nllloss',
  family: 'numerical-bug',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'The input is expected to contain log-probabilities of each class.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html',
    },
  ],
  messages: {
    detected: {
      en: 'NLL loss expects log-probabilities; on probabilities it lies between -1 and 0 and teaches the wrong thing.',
      zh: 'NLL 损失期望输入对数概率；对概率使用时其值在 -1 与 0 之间，训练目标是错误的。',
    },
    softmax: { en: 'The softmax is applied here.', zh: '此处应用了 softmax。' },
    fix: { en: 'Use log_softmax', zh: '改用 log_softmax' },
  },
  gate: ['nll', 'NLL'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of [...index.functions, index.top]) {
      for (const call of scope.calls) {
        const loss = lossInput(call, 'nll_loss', 'NLLLoss', index, scope);
        if (loss === null) continue;
        const value = standsFor(loss.input, scope);
        const op = opOf(value, index, scope);
        if (op === null || (op.name !== 'softmax' && op.name !== 'Softmax')) continue;
        const callee =
          value.type === 'Call' && op.via !== 'module' && value.func.type === 'Attribute' ? value.func : null;
        const unit = index.unitOf(call);
        const edits =
          callee === null || callee.attr !== 'softmax'
            ? null
            : [
                {
                  start: unit.start + callee.attrStart,
                  end: unit.start + callee.attrStart + 'softmax'.length,
                  newText: 'log_softmax',
                },
              ];
        context.report({
          messageId: 'detected',
          node: call,
          related: [{ node: value, messageId: 'softmax' }],
          fix: edits === null ? null : { messageId: 'fix', safety: 'unsafe', edits },
        });
      }
    }
  },
});
