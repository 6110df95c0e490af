/** ECO805: an operator gets dtypes that it does not take together. */
import { defineRule } from './defineRule.js';
import { reportShapeErrors, shapeErrorMessages } from './patterns/shapeErrors.js';

export default defineRule({
  code: 'ECO805',
  name: 'dtype-mismatch',
  family: 'shapes',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'Linear layers, convolutions and matrix products take operands of one dtype; embedding indices are int32 or int64; class indices of cross_entropy are int64.',
      source: 'https://docs.pytorch.org/docs/stable/tensor_attributes.html',
    },
  ],
  messages: shapeErrorMessages,
  gate: ['torch', 'nn'],
  check: (context) => reportShapeErrors(context, 'dtype'),
});
