/** ECO802: the operands of an element-wise operator cannot be broadcast together. */
import { defineRule } from './defineRule.js';
import { reportShapeErrors, shapeErrorMessages } from './patterns/shapeErrors.js';

export default defineRule({
  code: 'ECO802',
  name: 'broadcast-mismatch',
  family: 'shapes',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'Two tensors are broadcastable when, from the trailing dimension on, the sizes are equal, one of them is 1, or one does not exist.',
      source: 'https://docs.pytorch.org/docs/stable/notes/broadcasting.html',
    },
  ],
  messages: shapeErrorMessages,
  gate: ['torch', 'nn'],
  check: (context) => reportShapeErrors(context, 'broadcast'),
});
