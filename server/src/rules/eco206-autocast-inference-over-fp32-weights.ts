/** ECO206: weights that are cast down anew at every turn of an inference loop. */
import { defineRule } from './defineRule.js';
import { autocastCalls, withOf } from './patterns/autocasts.js';
import { methodName } from './patterns/calls.js';
import { isGradOff } from './patterns/gradMode.js';
import { callsIn } from './patterns/loops.js';
import { modelCall } from './patterns/modelCalls.js';
import { enclosingLoop } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';

/** The weights are half already. */
const isHalf = /\.half\(\)|\.bfloat16\(\)|\.to\(\s*(dtype=)?torch\.(b?float16|half)|torch_dtype/;

export default defineRule({
  code: 'ECO206',
  name: 'autocast-inference-over-fp32-weights',
  family: 'precision & quantisation',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: '1.10',
  evidence: [
    {
      claim: 'Autocast keeps casts of weights until the outermost region ends.',
      source: 'https://docs.pytorch.org/docs/stable/amp.html#torch.autocast',
    },
  ],
  messages: {
    detected: {
      en: 'Autocast opens and closes at every turn, so every weight is cast again each time; with weights in bfloat16, or one region around the loop, it is cast once.',
      zh: '每轮循环都重新进入和退出 autocast，因此每次都要重新转换全部权重；把权重存为 bfloat16，或用一个区域包住整个循环，则只需转换一次。',
    },
  },
  gate: ['autocast'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope, isOn } of autocastCalls(index)) {
      const block = withOf(call, index);
      const loop = block === null ? null : enclosingLoop(block, scope, index);
      if (block === null || loop === null || !isOn) continue;
      // The weights of a step that trains change, and its region cannot grow over backward
      if (callsIn(loop, scope, index).some((one) => methodName(one) === 'backward')) continue;
      const run = callsIn(block, scope, index).find(
        (one) =>
          modelCall(one, index, scope) !== null || (one.func.type === 'Attribute' && one.func.attr === 'generate'),
      );
      if (run === undefined || !isGradOff(run, scope, index) || saysNear(isHalf, scope, index)) continue;
      // One token at a time reads little but weights; a large batch hides the casts
      const isDecoding = /next_token|argmax|multinomial|past_key_values|kv_cache|input_pos/.test(index.source(loop));
      context.report({ messageId: 'detected', node: call, undecided: !isDecoding });
    }
  },
});
