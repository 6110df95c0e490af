/** ECO707: a loss between a column and a row: N times N terms instead of N. */
import { defineRule } from './defineRule.js';
import { everyScope } from './patterns/calls.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { seenShape } from './patterns/shapes.js';
import { replaceNode } from './semantic/edits.js';
import { argument, opOf } from './semantic/torchOps.js';

const losses = /^(mse_loss|l1_loss|smooth_l1_loss|huber_loss|MSELoss|L1Loss|SmoothL1Loss|HuberLoss)$/;

export default defineRule({
  code: 'ECO707',
  name: 'loss-broadcast-bug',
  family: 'numerics & losses',
  severity: 'error',
  fixSafety: 'unsafe',
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'PyTorch warns: using a target size that differs from the input size will likely lead to incorrect results due to broadcasting.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html',
    },
  ],
  messages: {
    detected: {
      en: 'The shapes {a} and {b} broadcast to {both}: every prediction is compared with every target, and the loss is wrong.',
      zh: '形状 {a} 与 {b} 会广播为 {both}：每个预测都与每个目标比较，损失是错的。',
    },
    fix: { en: 'Drop the last dimension of {name}', zh: '去掉 {name} 的最后一维' },
  },
  gate: ['_loss', 'Loss'],
  check(context) {
    const { index, facts } = context;
    if (!facts.available || isReferenceCode(context.file)) return;
    for (const scope of everyScope(index)) {
      for (const call of scope.calls) {
        const op = opOf(call, index, scope);
        if (op === null || !op.plain || !losses.test(op.name)) continue;
        const [input, target] = [argument(op, 0, 'input'), argument(op, 1, 'target')];
        if (input === null || target === null) continue;
        const [a, b] = [seenShape(input, scope, context), seenShape(target, scope, context)];
        if (a === null || b === null) continue;
        // (N, 1) against (N,): one more dimension, of extent 1, and N of at least 2
        const [column, row] = a.length === b.length + 1 ? [a, b] : b.length === a.length + 1 ? [b, a] : [null, null];
        if (column === null || row === null || row.length < 1) continue;
        if (
          column.at(-1) !== 1 ||
          column.at(-2) !== row.at(-1) ||
          (row.at(-1) as number) < 2 ||
          (row.length > 1 && column.slice(0, -1).join() !== row.join())
        )
          continue;
        const wide = column === a ? input : target;
        context.report({
          messageId: 'detected',
          node: call,
          data: { a: shown(a), b: shown(b), both: shown([...column.slice(0, -1), row.at(-1) as number]) },
          fix: {
            messageId: 'fix',
            data: { name: index.source(wide).length > 30 ? '…' : index.source(wide) },
            safety: 'unsafe',
            edits: [
              replaceNode(
                wide,
                `${/^[\w.]+$|\)$/.test(index.source(wide)) ? index.source(wide) : `(${index.source(wide)})`}.squeeze(-1)`,
                index,
              ),
            ],
          },
        });
      }
    }
  },
});

function shown(shape: readonly number[]): string {
  return `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
}
