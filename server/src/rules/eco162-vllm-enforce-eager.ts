/** ECO162: `enforce_eager=True` switches vLLM's CUDA graphs and compilation off. */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import type { OffsetEdit } from './types.js';

export default defineRule({
  code: 'ECO162',
  name: 'vllm-enforce-eager',
  family: 'inference/serving & KV cache',
  severity: 'warning',
  fixSafety: 'unsafe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Llama-3.1-8B decode step on one H100: 8.4 ms eager, 5.1 ms with CUDA graphs.',
      source: 'cloudai.pt, blog on CUDA graphs in vLLM (teaser)',
    },
    {
      claim: 'vLLM with CUDA graphs against plain PyTorch: up to 73 % less energy.',
      source: 'https://arxiv.org/abs/2504.17674',
    },
  ],
  messages: {
    detected: {
      en: 'enforce_eager=True switches CUDA graphs and compilation off: while decoding, the GPU waits for kernel launches.',
      zh: 'enforce_eager=True 会关闭 CUDA graph 与编译：解码时 GPU 要等待内核启动。',
    },
    fix: { en: 'Remove enforce_eager', zh: '删除 enforce_eager' },
  },
  gate: ['enforce_eager'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of [...index.functions, index.top]) {
      for (const call of scope.calls) {
        if (!/^vllm\.(.*\.)?(LLM|EngineArgs|AsyncEngineArgs)$/.test(qualifiedName(call.func, index, scope) ?? ''))
          continue;
        const keyword = call.keywords.find((one) => one.arg === 'enforce_eager');
        if (keyword?.value.type !== 'Constant' || keyword.value.value !== true) continue;
        const edits = removeKeyword(call, keyword, index);
        context.report({
          messageId: 'detected',
          node: keyword.value,
          fix: { messageId: 'fix', safety: 'unsafe', edits: [edits] },
        });
      }
    }
  },
});

/** The keyword with the comma before it (or after it, when it is the first argument). */
function removeKeyword(call: Call, keyword: Call['keywords'][number], index: ModuleIndex): OffsetEdit {
  const { start: base } = index.unitOf(call);
  const ends = [...call.args.map((arg) => arg.end), ...call.keywords.map((one) => one.end)].filter(
    (end) => end <= keyword.start,
  );
  if (ends.length > 0) return { start: base + Math.max(...ends), end: base + keyword.end, newText: '' };
  const behind = /^\s*,\s*/.exec(index.text.slice(base + keyword.end))?.[0].length ?? 0;
  return { start: base + keyword.start, end: base + keyword.end + behind, newText: '' };
}
