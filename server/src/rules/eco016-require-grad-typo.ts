/** ECO016: `p.require_grad = False` makes a new attribute; nothing is frozen. */
import { defineRule } from './defineRule.js';
import { walk } from './semantic/walk.js';

export default defineRule({
  code: 'ECO016',
  name: 'require-grad-typo',
  family: 'architecture bug',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  aliases: ['TOR002'],
  evidence: [
    {
      claim: 'Parameters are frozen by requires_grad, with an s.',
      source: 'https://docs.pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad',
    },
    { claim: 'TorchFix reports the same misspelling as TOR002.', source: 'https://github.com/pytorch-labs/torchfix' },
  ],
  messages: {
    detected: {
      en: '.require_grad is a misspelling of .requires_grad: nothing is frozen, and its gradients are still paid for.',
      zh: '.require_grad 是 .requires_grad 的误写：参数并未冻结，仍会计算其梯度。',
    },
    fix: { en: 'Write requires_grad', zh: '改为 requires_grad' },
  },
  gate: ['require_grad'],
  check(context) {
    const { index } = context;
    for (const statement of index.tree.statements) {
      walk(statement.node, (node) => {
        if (node.type !== 'Assign') return;
        for (const target of node.targets) {
          if (target.type !== 'Attribute' || target.attr !== 'require_grad') continue;
          const start = statement.start + target.attrStart;
          const edits = [{ start, end: start + 'require_grad'.length, newText: 'requires_grad' }];
          context.report({ messageId: 'detected', node: target, fix: { messageId: 'fix', safety: 'unsafe', edits } });
        }
      });
    }
  },
});
