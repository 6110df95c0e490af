/** ECO354: `torch.compile(model)` returns a new object; as a statement it does nothing. */
import { defineRule } from './defineRule.js';
import { callsNamed } from './patterns/calls.js';
import { dotted } from './patterns/places.js';

export default defineRule({
  code: 'ECO354',
  name: 'compile-result-discarded',
  family: 'compile/graph',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: 'torch.compile returns the optimised callable.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.compile.html',
    },
  ],
  messages: {
    detected: {
      en: 'torch.compile returns a new object and changes nothing in place: its result is thrown away, so nothing is compiled.',
      zh: 'torch.compile 返回新对象而不会就地修改：其结果被丢弃，因此没有任何内容被编译。',
    },
    fix: { en: 'Assign the result to {name}', zh: '把结果赋给 {name}' },
  },
  gate: ['compile'],
  check(context) {
    const { index } = context;
    for (const { call } of callsNamed(index, /^torch\.compile$/)) {
      const parent = index.parent(call);
      if (parent?.type !== 'Expr') continue;
      const model = call.args[0] ?? call.keywords.find((keyword) => keyword.arg === 'model')?.value;
      if (model === undefined) continue;
      const name = dotted(model);
      const { start } = index.range(parent);
      context.report({
        messageId: 'detected',
        node: call,
        fix:
          name === null
            ? null
            : {
                messageId: 'fix',
                data: { name },
                safety: 'unsafe',
                edits: [{ start, end: start, newText: `${name} = ` }],
              },
      });
    }
  },
});
