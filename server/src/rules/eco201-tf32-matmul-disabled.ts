/** ECO201: float32 matrix products that stay off the tensor cores. */
import { defineRule } from './defineRule.js';
import { everyCall, isConstant } from './patterns/calls.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { callsIn, trainingLoops } from './patterns/loops.js';
import { modelCall } from './patterns/modelCalls.js';
import { choosesPrecision, isManaged, isReinforcement, needsDigits } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { says } from './patterns/reach.js';
import { importedAs, importPosition } from './semantic/edits.js';

export default defineRule({
  code: 'ECO201',
  name: 'tf32-matmul-disabled',
  family: 'precision & quantisation',
  severity: 'warning',
  fixSafety: 'suggestion',
  saving: 'formula',
  since: '0.1.0',
  minTorch: '1.12',
  evidence: [
    {
      claim: 'A 10240³ product on an A100: 0.11 s in float32, 0.016 s in TF32; relative error 2.2e-3.',
      source: 'https://docs.pytorch.org/docs/stable/notes/cuda.html#tensorfloat-32-tf32-on-ampere-and-later-devices',
    },
    {
      claim: 'GPT-2 training on one A100: 12.5k to 27.6k tokens/s.',
      source: 'https://github.com/rasbt/LLMs-from-scratch/tree/main/ch05/10_llm-training-speed',
    },
    {
      claim: 'The profiler reports it as "FP32 MatMul".',
      source: 'https://github.com/pytorch/pytorch/blob/main/torch/profiler/_pattern_matcher.py',
    },
  ],
  messages: {
    detected: {
      en: 'Matrix products in float32 stay off the tensor cores unless TF32 is allowed: by default it is not.',
      zh: '除非允许 TF32，否则 float32 矩阵乘不会使用张量核心：默认是不允许的。',
    },
    fix: {
      en: 'Allow TF32: {name}.set_float32_matmul_precision("high")',
      zh: '允许 TF32：{name}.set_float32_matmul_precision("high")',
    },
  },
  gate: ['.backward('],
  check(context) {
    const { index, text, facts } = context;
    if (isReferenceCode(context.file) || !usesAccelerator(index)) return;
    if (isManaged(index) || isReinforcement(index)) return;
    // A setting of the whole process
    if (says(/matmul_precision|allow_tf32|fp32_precision|tf32/i, index)) return;
    // Convolutions are allowed TF32 by default, and beside them a head weighs little
    if (
      !/Transformer(?!Net)|Attention|LSTM|GRU/.test(text) &&
      (/Conv[123]d/.test(text) || !/Linear\(|matmul|einsum|\bbmm|\s@\s/.test(text))
    )
      return;
    const { hardware } = facts;
    if (hardware !== null && (hardware.vendor !== 'NVIDIA' || (hardware.computeCapability ?? 8) < 8)) return;
    const training = trainingLoops(index).find(
      ({ loop, scope }) =>
        callsIn(loop, scope, index).some((call) => modelCall(call, index, scope) !== null) &&
        !choosesPrecision.near(scope, index) &&
        !needsDigits.near(scope, index),
    );
    if (training === undefined) return;
    const device = [...everyCall(index)].find(
      ({ call, name }) => name === 'torch.device' && !isConstant(call.args[0], 'cpu'),
    );
    const name = importedAs('torch', index, index.top);
    const at = importPosition(index);
    context.report({
      messageId: 'detected',
      node: device?.call ?? training.backward,
      fix:
        name === null
          ? null
          : {
              messageId: 'fix',
              data: { name },
              safety: 'suggestion',
              edits: [
                {
                  start: at.offset,
                  end: at.offset,
                  newText: `${at.before}\n${name}.set_float32_matmul_precision("high")${at.after}`,
                },
              ],
            },
    });
  },
});
