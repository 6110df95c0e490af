/** ECO800: the factors of a matrix product, a linear layer, a recurrent layer or an einsum do not fit. */
import { defineRule } from './defineRule.js';
import { reportShapeErrors, shapeErrorMessages } from './patterns/shapeErrors.js';

export default defineRule({
  code: 'ECO800',
  name: 'matmul-shape-mismatch',
  family: 'shapes',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'torch.matmul: the multiplied dimensions must be equal; torch.nn.Linear: the last dimension of the input must be in_features.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.matmul.html',
    },
  ],
  messages: shapeErrorMessages,
  gate: ['torch', 'nn'],
  check: (context) => reportShapeErrors(context, 'product'),
});
