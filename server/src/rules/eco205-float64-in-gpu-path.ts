/** ECO205: float64 where models run. */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { everyCall, keywordOf } from './patterns/calls.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { elementsOf } from './patterns/factSizes.js';
import { everyStep } from './patterns/loops.js';
import { isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';

const wide = /^torch\.(float64|double)$/;

export default defineRule({
  code: 'ECO205',
  name: 'float64-in-gpu-path',
  family: 'precision & quantisation',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Dense peak rates: float64 is 1/2 to 1/64 of float32 and far below the tensor cores; 8 bytes per element.',
      source: 'https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#arithmetic-instructions',
    },
  ],
  messages: {
    detected: {
      en: 'float64 in the path that a model runs: twice the bytes, and a small part of the rate, of float32.',
      zh: '模型运行路径中使用了 float64：字节数是 float32 的两倍，速率只是其一小部分。',
    },
    everywhere: {
      en: 'set_default_dtype(float64) makes every tensor and weight of this file eight bytes wide.',
      zh: 'set_default_dtype(float64) 使该文件中的每个张量和权重都占八个字节。',
    },
  },
  gate: ['double', 'float64'],
  check(context) {
    const { index, text, facts } = context;
    if (isReferenceCode(context.file)) return;
    // Where digits are the point
    if (
      /gradcheck|physics|solver|odeint|finance|\bPINN|hessian|fractal|quantum|molecul|geodes|kinemat|camera|intrinsics|cholesky|\beigh?\b|eigvals/i.test(
        text,
      )
    )
      return;
    // A script that moves nothing to an accelerator runs on the host
    if (!usesAccelerator(index) && /\.backward\(|__main__/.test(text)) return;
    for (const { call, scope, name } of everyCall(index)) {
      if (name === 'torch.set_default_dtype' && call.args[0] !== undefined) {
        if (usesAccelerator(index) && wide.test(qualifiedName(call.args[0], index, scope) ?? ''))
          context.report({ messageId: 'everywhere', node: call });
        continue;
      }
      if (!asksForDouble(call, index, scope)) continue;
      const inForward = isForward(scope, index);
      if (!inForward && !(usesAccelerator(index) && everyStep(call, scope, index) !== null)) continue;
      const seen = context.kernelsAt(call).flatMap((kernel) => kernel.outputs.filter((one) => one.dtype === 'float64'));
      // Counts and single numbers cost nothing
      if (seen.length > 0 && seen.every((one) => elementsOf(one) < 4096)) continue;
      context.report({ messageId: 'detected', node: call, undecided: seen.length === 0 || !facts.available });
    }
  },
});

function asksForDouble(call: Call, index: ModuleIndex, scope: Scope): boolean {
  const dtype = keywordOf(call, 'dtype');
  const op = opOf(call, index, scope);
  if (op === null) return false;
  if (dtype !== null && wide.test(qualifiedName(dtype, index, scope) ?? '')) return true;
  if (op.via !== 'method') return false;
  if (op.name === 'double') return op.args.length === 1;
  return (
    (op.name === 'to' || op.name === 'type') &&
    op.args[1] !== undefined &&
    wide.test(qualifiedName(op.args[1], index, scope) ?? '')
  );
}
