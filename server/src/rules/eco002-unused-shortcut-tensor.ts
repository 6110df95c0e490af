/** ECO002: a projection for the shortcut runs, and its result is thrown away. */
import { defineRule } from './defineRule.js';
import { isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { unreadShortcuts } from './patterns/shortcuts.js';
import { removeStatement } from './semantic/edits.js';
import { isSelf } from './semantic/moduleIndex.js';

export default defineRule({
  code: 'ECO002',
  name: 'unused-shortcut-tensor',
  family: 'architecture bug',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'The projection shortcut is a 1 x 1 convolution of the input that is added to the output.',
      source: 'https://arxiv.org/abs/1512.03385',
    },
  ],
  messages: {
    detected: {
      en: '{name} is computed in every call and never read: its FLOPs are wasted, and the connection it was meant for is missing.',
      zh: '{name} 每次调用都会计算却从未使用：其 FLOPs 被浪费，而它本应构成的连接缺失了。',
    },
    fix: { en: 'Remove the computation', zh: '删除该计算' },
  },
  gate: ['identity', 'shortcut', 'residual', 'skip'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      if (!isForward(scope, index)) return;
      for (const definition of unreadShortcuts(scope)) {
        const { value, stmt } = definition;
        // `identity = x` costs nothing; a call of a layer does
        if (
          value?.type !== 'Call' ||
          value.func.type !== 'Attribute' ||
          !isSelf(value.func.value, scope) ||
          stmt === null
        )
          continue;
        const edit = removeStatement(stmt, index);
        context.report({
          messageId: 'detected',
          node: value,
          data: { name: definition.name },
          fix: edit === null ? null : { messageId: 'fix', safety: 'unsafe', edits: [edit] },
        });
      }
    });
  },
});
