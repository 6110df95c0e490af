/** ECO806: another function of PyTorch rejects its arguments: a normalisation over another size, a dim out of range, a loss whose target has another size. */
import { defineRule } from './defineRule.js';
import { reportShapeErrors, shapeErrorMessages } from './patterns/shapeErrors.js';

export default defineRule({
  code: 'ECO806',
  name: 'argument-rejected',
  family: 'shapes',
  severity: 'error',
  fixSafety: null,
  saving: 'at-risk',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim:
        'torch.nn.LayerNorm: the input is expected to be of size [*, normalized_shape]; torch.nn.CrossEntropyLoss: the shapes of input and target.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html',
    },
  ],
  messages: shapeErrorMessages,
  gate: ['torch', 'nn'],
  check: (context) => reportShapeErrors(context, 'argument'),
});
