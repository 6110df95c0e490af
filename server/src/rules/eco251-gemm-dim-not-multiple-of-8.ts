/** ECO251: hidden widths that half-precision tensor cores cannot take whole. */
import type { ClassDef } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { argumentOf, callsNamed, type FoundCall } from './patterns/calls.js';
import { isHalf } from './patterns/factSizes.js';
import { choosesPrecision } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { knownNumber } from './patterns/values.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { torchModuleName } from './semantic/names.js';

export default defineRule({
  code: 'ECO251',
  name: 'gemm-dim-not-multiple-of-8',
  family: 'shape alignment',
  severity: 'information',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'Dimensions should be multiples of 8 in float16 for tensor cores; the profiler reports it as "Matmul dimensions in FP16".',
      source: 'https://github.com/pytorch/pytorch/blob/main/torch/profiler/_pattern_matcher.py',
    },
    {
      claim: 'Choose dimensions divisible by 8 (16-byte alignment).',
      source: 'https://docs.nvidia.com/deeplearning/performance/dl-performance-fully-connected/index.html',
    },
  ],
  messages: {
    detected: {
      en: 'The hidden width {size} is no multiple of 8: in half precision these products take unaligned, slower kernels. {padded} would fit.',
      zh: '隐藏宽度 {size} 不是 8 的倍数：半精度下这些矩阵乘只能使用未对齐的较慢内核。可改为 {padded}。',
    },
  },
  gate: ['Linear('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const calls of linearsByClass(index)) {
      const linears = calls.map(({ call, scope }) => ({
        call,
        input: knownNumber(argumentOf(call, 0, 'in_features'), index, scope)?.value,
        output: knownNumber(argumentOf(call, 1, 'out_features'), index, scope)?.value,
      }));
      const seen = new Set<number>();
      for (const { call, output } of linears) {
        // What goes in comes from the data and what comes out is the number of classes; between them the width is free
        if (output === undefined || output < 64 || output % 8 === 0 || seen.has(output)) continue;
        if (!linears.some((other) => other.call !== call && other.input === output)) continue;
        const inHalf = choosesPrecision(index) || context.kernelsAt(call).some((kernel) => kernel.inputs.some(isHalf));
        if (!inHalf) continue;
        seen.add(output);
        context.report({
          messageId: 'detected',
          node: call,
          data: { size: output, padded: 8 * Math.ceil(output / 8) },
        });
      }
    }
  },
});

function linearsByClass(index: ModuleIndex): Iterable<FoundCall[]> {
  const found = new Map<ClassDef, FoundCall[]>();
  for (const one of callsNamed(index, /\.Linear$/)) {
    const owner = torchModuleName(one.name) === 'Linear' ? index.enclosingClass(one.scope) : null;
    if (owner !== null) found.set(owner, [...(found.get(owner) ?? []), one]);
  }
  return found.values();
}
