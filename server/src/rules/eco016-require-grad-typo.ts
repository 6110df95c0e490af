/** ECO016: `p.require_grad = False` makes a new attribute; nothing is frozen. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { standsFor } from './patterns/inline.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { opOf } from './semantic/torchOps.js';
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
    plain: {
      en: '.require_grad is a misspelling of .requires_grad: the line sets an attribute that nobody reads. This tensor needs no gradients anyway.',
      zh: '.require_grad 是 .requires_grad 的误写：这一行设置的属性无人读取。该张量本来就不需要梯度。',
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
          const isPlain = isPlainTensor(target.value, index);
          context.report({
            messageId: isPlain ? 'plain' : 'detected',
            node: target,
            fix: { messageId: 'fix', safety: 'unsafe', edits },
            ...(isPlain ? { severity: 'information' } : {}),
          });
        }
      });
    }
  },
});

const factories = new Set(['zeros', 'ones', 'full', 'empty', 'rand', 'randn', 'arange', 'linspace', 'eye', 'tensor']);

/** A tensor made from numbers, cast or moved on the way: `requires_grad` is False from the start. */
function isPlainTensor(node: Expr, index: ModuleIndex): boolean {
  const scope = index.scopeOf(node);
  let value = standsFor(node, scope);
  for (let step = 0; step < 4; step++) {
    const op = opOf(value, index, scope);
    if (op?.via === 'function' && factories.has(op.name)) return !op.keywords.has('requires_grad');
    const object = op?.via === 'method' ? op.args[0] : undefined;
    if (object === undefined) return false;
    value = standsFor(object, scope);
  }
  return false;
}
