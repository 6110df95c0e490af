/** ECO353: `torch.compile` evaluated in every call of forward or every training step. */
import { defineRule } from './defineRule.js';
import { callsNamed } from './patterns/calls.js';
import { contains, enclosingLoop, isConditional, isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';

export default defineRule({
  code: 'ECO353',
  name: 'compile-inside-loop-or-call',
  family: 'compile/graph',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: 'torch.compile returns a wrapper; compiled code is cached with its code object and guards.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.compile.html',
    },
  ],
  messages: {
    detected: {
      en: 'torch.compile is evaluated in every {where}: each makes a new wrapper and looks its guards up again, or compiles again. Compile once, outside.',
      zh: 'torch.compile 在每次{where}中都会求值：每次都创建新的包装并重新查找守卫，甚至重新编译。请在外部只编译一次。',
    },
  },
  gate: ['compile'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope } of callsNamed(index, /^torch\.compile$/)) {
      if (isConditional(call, scope, index)) continue;
      const loop = enclosingLoop(call, scope, index);
      // Compiling the blocks of a model one by one is set-up; a loop that trains is not
      const trains =
        loop !== null &&
        contains(
          loop,
          (node) => node.type === 'Call' && node.func.type === 'Attribute' && node.func.attr === 'backward',
        );
      const stmt = index.statementOf(call);
      const isKept = stmt.type === 'Assign' && stmt.targets.some((target) => target.type !== 'Name');
      if (isForward(scope, index) && !isKept)
        context.report({
          messageId: 'detected',
          node: call,
          data: { where: { en: 'call of forward', zh: ' forward 调用' } },
        });
      else if (trains && !isKept)
        context.report({ messageId: 'detected', node: call, data: { where: { en: 'training step', zh: '训练步' } } });
    }
  },
});
