/** ECO703: the logarithm of probabilities taken twice. */
import type { Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyScope } from './patterns/calls.js';
import { standsForAlone } from './patterns/inline.js';
import { lossInput } from './patterns/losses.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { seenShape } from './patterns/shapes.js';
import { argumentText, removeStatements, replaceNode } from './semantic/edits.js';
import { argument, literalNumber, opOf } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO703',
  name: 'log-softmax-into-cross-entropy',
  family: 'numerics & losses',
  severity: 'information',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'cross_entropy takes unnormalised logits; the log-softmax of a log-softmax is itself.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html',
    },
  ],
  messages: {
    detected: {
      en: 'cross_entropy takes the log-softmax itself: this one only reads and writes all classes once more, and again in backward.',
      zh: 'cross_entropy 自身会计算 log-softmax：这里多余的一次只是把所有类别再读写一遍，反向时又一遍。',
    },
    fix: { en: 'Pass the logits', zh: '直接传入 logits' },
  },
  gate: ['log_softmax', 'LogSoftmax'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of everyScope(index)) {
      for (const call of scope.calls) {
        const loss = lossInput(call, 'cross_entropy', 'CrossEntropyLoss', index, scope);
        if (loss === null) continue;
        const gone: Stmt[] = [];
        const value = standsForAlone(loss.input, scope, gone);
        const op = opOf(value, index, scope);
        const logits = op?.args[0];
        if (op === null || logits === undefined || !op.plain || op.keywords.has('dtype')) continue;
        const isModule = op.name === 'LogSoftmax' && op.module !== null;
        if (!isModule && op.name !== 'log_softmax') continue;
        const dim = isModule
          ? literalNumber(op.module?.args[0] ?? op.module?.keywords[0]?.value)
          : literalNumber(argument(op, 1, 'dim'));
        // Classes are dimension 1; the last one is that in two dimensions
        const rank = seenShape(value, scope, context)?.length ?? null;
        if (dim !== 1 && (dim !== -1 || (rank !== null && rank > 2))) continue;
        const lines = removeStatements(gone, index);
        context.report({
          messageId: 'detected',
          node: value,
          undecided: dim === -1 && rank === null,
          fix:
            lines === null
              ? null
              : {
                  messageId: 'fix',
                  safety: 'safe',
                  edits: [...lines, replaceNode(loss.input, argumentText(logits, index), index)],
                },
        });
      }
    }
  },
});
