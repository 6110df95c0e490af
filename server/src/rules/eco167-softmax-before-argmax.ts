/** ECO167: probabilities made for a maximum that they cannot move. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyScope } from './patterns/calls.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { argumentText, operand, replaceNode } from './semantic/edits.js';
import { argument, literalNumber, opOf, type TorchOp } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO167',
  name: 'softmax-before-argmax',
  family: 'inference/serving & KV cache',
  severity: 'information',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Softmax grows with its input, so the position of the maximum stays.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html',
    },
  ],
  messages: {
    detected: {
      en: 'argmax finds the same place without {name}, which reads and writes all of it.',
      zh: '不做 {name} 时 argmax 得到的位置相同，而它要读写全部数据。',
    },
    fix: { en: 'Leave {name} out', zh: '去掉 {name}' },
  },
  gate: ['argmax'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of everyScope(index)) {
      for (const call of scope.calls) {
        const op = opOf(call, index, scope);
        const of = op?.args[0];
        if (op?.name !== 'argmax' || of === undefined || of.type !== 'Call') continue;
        const inner = opOf(of, index, scope);
        const input = inner?.args[0];
        // A name that holds the probabilities may be read elsewhere: only what stands inside
        if (inner === null || input === undefined || !keepsOrder(inner, op)) continue;
        const text = op.via === 'method' ? operand(input, index) : argumentText(input, index);
        context.report({
          messageId: 'detected',
          node: of,
          data: { name: inner.name },
          fix: { messageId: 'fix', data: { name: inner.name }, safety: 'safe', edits: [replaceNode(of, text, index)] },
        });
      }
    }
  },
});

/** Softmax over the dimension of the argmax; sigmoid anywhere. */
function keepsOrder(inner: TorchOp, outer: TorchOp): boolean {
  if (!inner.plain || inner.keywords.has('dtype')) return false;
  if (inner.name === 'sigmoid') return inner.args.length === 1;
  if (inner.name !== 'softmax' && inner.name !== 'log_softmax') return false;
  const [over, of] = [dimOf(inner), dimOf(outer)];
  return over !== null && over === of && inner.args.length <= 2;
}

function dimOf(op: TorchOp): number | null {
  const dim: Expr | null = argument(op, 1, 'dim', 'axis');
  return literalNumber(dim);
}
