/** ECO807: a layer of torch.nn rejects its constructor arguments. */
import { defineRule } from './defineRule.js';
import { reportShapeErrors, shapeErrorMessages } from './patterns/shapeErrors.js';

export default defineRule({
  code: 'ECO807',
  name: 'constructor-rejected',
  family: 'shapes',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'torch.nn.MultiheadAttention: embed_dim must be divisible by num_heads; torch.nn.Conv2d: in_channels and out_channels must both be divisible by groups.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html',
    },
  ],
  messages: shapeErrorMessages,
  gate: ['torch', 'nn'],
  check: (context) => reportShapeErrors(context, 'constructor'),
});
