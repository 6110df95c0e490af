/** ECO604: gradients filled with zeros, to be added to, instead of let go. */
import { defineRule } from './defineRule.js';
import { isConstant, keywordOf, methodCalls } from './patterns/calls.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';

/** Graphs need the buffers to stay, and some code reads what zero_grad leaves. */
const keeps = /CUDAGraph|cuda\.graph|make_graphed|\.grad\.(data|add|mul|zero|norm)|p\.grad\b|param\.grad\b/;

export default defineRule({
  code: 'ECO604',
  name: 'zero-grad-set-to-none-false',
  family: 'training loop',
  severity: 'information',
  fixSafety: 'unsafe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.0',
  aliases: ['TOR402'],
  evidence: [
    {
      claim:
        'set_to_none=True has a lower memory footprint and can modestly improve performance; it is the default since 2.0.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html',
    },
    {
      claim: 'The profiler reports it as "Gradient Set To Zero Instead Of None".',
      source: 'https://github.com/pytorch/pytorch/blob/main/torch/profiler/_pattern_matcher.py',
    },
  ],
  messages: {
    detected: {
      en: 'set_to_none=False writes zeros over all gradients, and backward then adds to them instead of writing: three passes more over them in every step.',
      zh: 'set_to_none=False 会把所有梯度写成零，反向时再做加法而不是直接写入：每步多出三遍访问。',
    },
    fix: { en: 'Leave set_to_none=False out', zh: '去掉 set_to_none=False' },
  },
  gate: ['set_to_none'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope } of methodCalls(index, 'zero_grad')) {
      const given = keywordOf(call, 'set_to_none');
      const keyword = call.keywords.find((one) => one.value === given);
      if (!isConstant(given, false) || keyword === undefined || saysNear(keeps, scope, index)) continue;
      const unit = index.unitOf(call).start;
      const before = [
        ...call.args.map((one) => one.end),
        ...call.keywords.filter((one) => one !== keyword).map((one) => one.end),
      ].filter((end) => end <= keyword.start);
      const start = before.length > 0 ? unit + Math.max(...before) : unit + keyword.start;
      context.report({
        messageId: 'detected',
        node: call,
        fix: { messageId: 'fix', safety: 'unsafe', edits: [{ start, end: unit + keyword.end, newText: '' }] },
      });
    }
  },
});
