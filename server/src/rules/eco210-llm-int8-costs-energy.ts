/** ECO210: bitsandbytes' LLM.int8() saves memory and costs energy. */
import type { Call } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { literalNumber } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO210',
  name: 'llm-int8-costs-energy',
  family: 'precision/quantisation',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'LLM.int8() on an RTX 4090D, batch 1: 17.4 to 32.7 % more joules per token than float16.',
      source:
        'https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/docs/source/quantization_performance.mdx',
    },
  ],
  messages: {
    detected: {
      en: 'load_in_8bit saves memory, not energy: at its default settings measured runs took 17 to 33 % more joules per token than float16. Where the model fits, load it in bfloat16; otherwise 4-bit (above about 5 B parameters) or weight-only int8 with torch.compile.',
      zh: 'load_in_8bit 省显存但不省能耗：默认设置下实测每 token 能耗比 float16 高 17% 至 33%。显存足够时请用 bfloat16；否则可用 4 位量化（约 5B 参数以上）或配合 torch.compile 的仅权重 int8。',
    },
  },
  gate: ['load_in_8bit'],
  check(context) {
    const { index, text } = context;
    // Fine-tuning on quantised weights is about memory; a threshold of 0 has no outlier path
    if (
      isReferenceCode(context.file) ||
      /prepare_model_for_kbit_training|LoraConfig|get_peft_model|SFTTrainer/.test(text)
    )
      return;
    for (const call of index.calls) {
      const keyword = call.keywords.find((one) => one.arg === 'load_in_8bit');
      if (keyword?.value.type !== 'Constant' || keyword.value.value !== true) continue;
      const threshold = call.keywords.find((one) => one.arg === 'llm_int8_threshold')?.value;
      if (literalNumber(threshold) === 0 || isAskedFor(call, index)) continue;
      context.report({ messageId: 'detected', node: keyword.value });
    }
  },
});

/** `elif quantization == "bnb-8bit"`: the person who runs it has chosen. */
function isAskedFor(call: Call, index: ModuleIndex): boolean {
  for (let node = index.parent(call); node !== null && node.type !== 'FunctionDef'; node = index.parent(node))
    if (node.type === 'If' && /==|args\.|load_in_8bit|8.?bit/i.test(index.source(node.test))) return true;
  return false;
}
