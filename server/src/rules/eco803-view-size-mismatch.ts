/** ECO803: a view or reshape has another number of elements than its input, or needs another memory layout. */
import { defineRule } from './defineRule.js';
import { reportShapeErrors, shapeErrorMessages } from './patterns/shapeErrors.js';

export default defineRule({
  code: 'ECO803',
  name: 'view-size-mismatch',
  family: 'shapes',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'Tensor.view: the returned tensor must have the same number of elements, and the new view size must be compatible with the size and stride.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html',
    },
  ],
  messages: shapeErrorMessages,
  gate: ['torch', 'nn'],
  check: (context) => reportShapeErrors(context, 'view'),
});
