/** ECO801: the input of a convolution or pooling does not fit its kernel. */
import { defineRule } from './defineRule.js';
import { reportShapeErrors, shapeErrorMessages } from './patterns/shapeErrors.js';

export default defineRule({
  code: 'ECO801',
  name: 'convolution-shape-mismatch',
  family: 'shapes',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'torch.nn.Conv2d: input has shape (N, C_in, H, W) with C_in = in_channels; the output size formula must give a positive size.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html',
    },
  ],
  messages: shapeErrorMessages,
  gate: ['torch', 'nn'],
  check: (context) => reportShapeErrors(context, 'convolution'),
});
