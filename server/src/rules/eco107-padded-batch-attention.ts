/** ECO107: attention over pads, masked afterwards. */
import { defineRule } from './defineRule.js';
import { everyCall, keywordOf } from './patterns/calls.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { compiles } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { moduleOf } from './semantic/torchOps.js';

export default defineRule({
  code: 'ECO107',
  name: 'padded-batch-attention',
  family: 'attention',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.10',
  evidence: [
    {
      claim:
        'Packing without padding: up to twice the throughput on mixes of lengths such as FLAN, little on uniform data.',
      source: 'https://arxiv.org/abs/2407.09105',
    },
  ],
  messages: {
    detected: {
      en: 'Sequences are padded here and their pads masked in attention: linear layers compute every pad, attention the square of the padded length. Packed sequences with varlen attention compute neither.',
      zh: '此处对序列做了填充，并在注意力中屏蔽填充位：线性层仍要计算每个填充位，注意力按填充长度的平方计算。使用 varlen 注意力的打包序列可省去两者。',
    },
  },
  gate: ['pad_sequence'],
  check(context) {
    const { index, text } = context;
    if (
      isReferenceCode(context.file) ||
      !usesAccelerator(index) ||
      compiles(index) ||
      /xla|tpu\b|varlen|cu_seqlens|nested_tensor|bucket|group_by_length/i.test(text)
    )
      return;
    const masks = [...everyCall(index)].some(({ call, scope }) => {
      const module = moduleOf(call.func, index, scope);
      return (
        module !== null &&
        /^(MultiheadAttention|Transformer\w*)$/.test(module.name) &&
        keywordOf(call, 'key_padding_mask', 'src_key_padding_mask') !== null
      );
    });
    if (!masks) return;
    for (const { call, name } of everyCall(index)) {
      // How much is pad cannot be seen
      if (name === 'torch.nn.utils.rnn.pad_sequence')
        context.report({ messageId: 'detected', node: call, undecided: true });
    }
  },
});
