/** ECO350: a long training run, eager from the first step to the last. */
import type { Name } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { outerLoop, trainingLoops } from './patterns/loops.js';
import { modelCall } from './patterns/modelCalls.js';
import { compiles, isManaged, isReinforcement } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { indentationAt, lineEnd, newlineOf } from './semantic/edits.js';

export default defineRule({
  code: 'ECO350',
  name: 'missing-torch-compile',
  family: 'compile & launch',
  severity: 'information',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.2',
  evidence: [
    {
      claim: 'GPT-2 91.9k to 112.0k tokens/s (-18 % time), one A100.',
      source: 'https://github.com/rasbt/LLMs-from-scratch/tree/main/ch05/10_llm-training-speed',
    },
    { claim: 'nanoGPT 250 to 135 ms per step.', source: 'https://github.com/karpathy/nanoGPT' },
    {
      claim: 'At batch 1 compiled code can be slower than eager: 72 to 103 ms.',
      source: 'https://github.com/pytorch/pytorch/issues/98441',
    },
  ],
  messages: {
    detected: {
      en: '{model} trains for whole epochs in eager mode. torch.compile fuses its element-wise work and spares launches; it pays when the steps saved exceed its compile time.',
      zh: '{model} 以 eager 模式训练多个 epoch。torch.compile 可融合逐元素运算并减少启动；当节省的时间超过编译时间时才划算。',
    },
    fix: { en: 'Compile {model} in place', zh: '就地编译 {model}' },
  },
  gate: ['.backward('],
  check(context) {
    const { index, text, facts } = context;
    if (isReferenceCode(context.file) || !usesAccelerator(index) || isManaged(index) || isReinforcement(index)) return;
    if (facts.torchVersion !== null && facts.torchVersion[0] < 2) return;
    // Graphs that change with the data, and wrappers that compile has rules of its own for
    if (
      /sparse|torch_geometric|\bdgl\b|DataParallel|FullyShardedDataParallel|create_graph|autograd\.grad|pack_padded_sequence|win32/.test(
        text,
      )
    )
      return;
    const seen = new Set<string>();
    for (const { loop, scope } of trainingLoops(index)) {
      const isLong =
        outerLoop(loop, scope, index) !== null || (loop.type === 'While' && index.source(loop.test) === 'True');
      if (!isLong || compiles.near(scope, index)) continue;
      const call = scope.calls.find(
        (one) => index.contains(loop, one) && one.func.type === 'Name' && modelCall(one, index, scope) === 'class',
      );
      if (call === undefined) continue;
      const model = call.func as Name;
      if (seen.has(model.id)) continue;
      seen.add(model.id);
      const made = scope.flow.single(model) ?? index.topDefinitions(model.id).at(-1);
      const stmt = made?.kind === 'assign' ? made.stmt : null;
      const end = stmt === null || stmt === undefined ? 0 : index.range(stmt).end;
      const isAlone =
        stmt?.type === 'Assign' && stmt.targets.length === 1 && index.text.slice(end, lineEnd(text, end)).trim() === '';
      context.report({
        messageId: 'detected',
        node: call,
        data: { model: model.id },
        fix: !isAlone
          ? null
          : {
              messageId: 'fix',
              data: { model: model.id },
              safety: 'suggestion',
              edits: [
                {
                  start: end,
                  end,
                  newText: `${newlineOf(text)}${indentationAt(text, index.range(stmt).start)}${model.id}.compile()`,
                },
              ],
            },
      });
    }
  },
});
