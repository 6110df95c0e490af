/** ECO608: activations computed twice though there is room to keep them. */
import { defineRule } from './defineRule.js';
import { callsNamed, methodCalls } from './patterns/calls.js';
import { callersOf } from './patterns/gradMode.js';
import { isConditional } from './patterns/places.js';
import { aboutText } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';

/** Weights, gradients and Adam's two moments in float32. */
const bytesPerParameter = 16;

/** Memory is saved on purpose. */
const sparesMemory = aboutText(/offload|zero_stage|FSDP|fully_shard/);

export default defineRule({
  code: 'ECO608',
  name: 'gradient-checkpointing-with-memory-to-spare',
  family: 'training loop',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Checkpointing trades compute for memory: the forward runs again in backward.',
      source: 'https://docs.pytorch.org/docs/stable/checkpoint.html',
    },
    {
      claim: 'Gradient checkpointing slows training by about 20 %.',
      source: 'https://huggingface.co/docs/transformers/perf_train_gpu_one',
    },
  ],
  messages: {
    detected: {
      en: 'Checkpointing computes the forward twice, and without it weights, optimiser and activations would take at most {need} of {have} GB.',
      zh: '检查点机制会把前向计算两次；而不用它时，权重、优化器与激活值最多占 {have} GB 中的 {need} GB。',
    },
  },
  gate: ['checkpoint'],
  check(context) {
    const { index, facts } = context;
    if (isReferenceCode(context.file) || sparesMemory(index)) return;
    const calls = [
      ...callsNamed(index, /^torch\.utils\.checkpoint\.(checkpoint|checkpoint_sequential)$/),
      ...methodCalls(index, 'gradient_checkpointing_enable'),
    ].filter(
      ({ call, scope }) =>
        // Behind a flag it is the user's choice, here or where the function is called
        !isConditional(call, scope, index) &&
        !callersOf(scope, index).some((caller) => isConditional(caller.node, caller.scope, index)),
    );
    const memory = calls.length === 0 ? null : (facts.memory?.() ?? null);
    if (memory === null) return;
    const need = memory.parameters * bytesPerParameter + memory.activationBytes;
    if (!(need < 0.8 * memory.capacityBytes)) return;
    const [first] = calls;
    if (first === undefined) return;
    context.report({
      messageId: 'detected',
      node: first.call,
      data: { need: (need / 1e9).toPrecision(2), have: Math.round(memory.capacityBytes / 1e9) },
      // A guessed batch says little about the one that trains
      undecided: !memory.inputsGiven,
    });
  },
});
