/** ECO411: a tensor made by NumPy on the host, in float64, and converted. */
import { defineRule } from './defineRule.js';
import { callsNamed } from './patterns/calls.js';
import { everyStep } from './patterns/loops.js';
import { isForward } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { qualifiedName } from './semantic/names.js';

const factory =
  /^numpy\.(random\.(rand|randn|uniform|normal|randint|random|standard_normal)|zeros|ones|arange|eye|full|linspace)$/;

export default defineRule({
  code: 'ECO411',
  name: 'numpy-random-then-torch',
  family: 'data loading',
  severity: 'information',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Create tensors directly on the target device.',
      source:
        'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html#create-tensors-directly-on-the-target-device',
    },
  ],
  messages: {
    detected: {
      en: '{numpy} makes the values on the host, in float64 unless told otherwise, to be converted and copied. torch makes them where they are used.',
      zh: '{numpy} 在主机上生成数值（默认 float64），之后还要转换和复制。torch 可直接在使用处生成。',
    },
  },
  gate: ['np.', 'numpy.'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const { call, scope } of callsNamed(index, /^torch\.(from_numpy|tensor|as_tensor|FloatTensor|Tensor)$/)) {
      const inner = call.args[0];
      if (inner?.type !== 'Call') continue;
      const made = qualifiedName(inner.func, index, scope) ?? '';
      if (!factory.test(made) || (!isForward(scope, index) && everyStep(call, scope, index) === null)) continue;
      context.report({ messageId: 'detected', node: call, data: { numpy: index.source(inner.func) } });
    }
  },
});
