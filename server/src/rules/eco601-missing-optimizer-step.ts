/** ECO601: gradients are computed in a loop and an optimiser is there, but it never steps. */
import { defineRule } from './defineRule.js';
import { enclosingLoop } from './patterns/places.js';
import { isManaged } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';
import { qualifiedName } from './semantic/names.js';

const steps = /\.step\b|step_and_update|deepspeed|accelerat|fabric|Trainer\b|closure/i;

export default defineRule({
  code: 'ECO601',
  name: 'missing-optimizer-step',
  family: 'training loop',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'optimizer.step() adjusts the parameters by the gradients collected in the backward pass.',
      source: 'https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html',
    },
  ],
  messages: {
    detected: {
      en: 'Gradients are computed here, but no optimiser of this file ever takes a step: the weights stay as they are.',
      zh: '此处计算了梯度，但该文件中的优化器从未执行 step：权重保持不变。',
    },
    optimizer: { en: 'This optimiser never steps.', zh: '该优化器从未执行 step。' },
  },
  gate: ['.backward('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    if (isManaged(index)) return;
    for (const scope of [...index.functions, index.top]) {
      const optimizer = scope.calls.find((call) =>
        /^torch\.optim\.(\w+\.)?[A-Z]\w*$/.test(qualifiedName(call.func, index, scope) ?? ''),
      );
      const backward = scope.calls.find(
        (call) =>
          call.func.type === 'Attribute' && call.func.attr === 'backward' && enclosingLoop(call, scope, index) !== null,
      );
      if (optimizer === undefined || backward === undefined) continue;
      const stmt = index.statementOf(optimizer);
      const target = stmt.type === 'Assign' ? stmt.targets[0] : undefined;
      // Handed to something that may step it
      const isHandedOn =
        target?.type !== 'Name' ||
        scope.calls.some((call) =>
          [...call.args, ...call.keywords.map((keyword) => keyword.value)].some(
            (arg) => arg.type === 'Name' && arg.id === target.id,
          ),
        );
      const isReturned =
        target?.type === 'Name' &&
        new RegExp(`return\\b.*\\b${target.id}\\b`).test(scope.node === null ? '' : index.source(scope.node));
      // Any step at all, or somebody else who takes it
      if (isHandedOn || isReturned || saysNear(steps, scope, index)) continue;
      context.report({ messageId: 'detected', node: backward, related: [{ node: optimizer, messageId: 'optimizer' }] });
    }
  },
});
