/** ECO804: the tensors of a cat, stack or split do not have the shapes it needs. */
import { defineRule } from './defineRule.js';
import { reportShapeErrors, shapeErrorMessages } from './patterns/shapeErrors.js';

export default defineRule({
  code: 'ECO804',
  name: 'cat-shape-mismatch',
  family: 'shapes',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'torch.cat: all tensors must have the same shape, except in the concatenating dimension; torch.stack: all tensors need to be of the same size.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.cat.html',
    },
  ],
  messages: shapeErrorMessages,
  gate: ['torch', 'nn'],
  check: (context) => reportShapeErrors(context, 'join'),
});
