/** ECO200: a training step on a GPU in float32 throughout. */
import type { Call, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { isGradOff } from './patterns/gradMode.js';
import { callsIn, type TrainingLoop, trainingLoops } from './patterns/loops.js';
import { modelCall } from './patterns/modelCalls.js';
import { choosesPrecision, isManaged, isReinforcement, needsDigits } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { wrapInWith } from './patterns/wrap.js';
import { ensureImport } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { isStatement } from './semantic/moduleIndex.js';

export default defineRule({
  code: 'ECO200',
  name: 'fp32-training-without-autocast',
  family: 'precision & quantisation',
  severity: 'warning',
  fixSafety: 'suggestion',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '1.10',
  evidence: [
    {
      claim: 'bf16 over TF32: 28.4k to 45.5k tokens/s in GPT-2 training on one A100 (-38 % time).',
      source: 'https://github.com/rasbt/LLMs-from-scratch/tree/main/ch05/10_llm-training-speed',
    },
    {
      claim: 'Mixed precision is 1.5 to 5.5 times as fast as float32 on V100, with unchanged accuracy.',
      source: 'https://pytorch.org/blog/accelerating-training-on-nvidia-gpus-with-pytorch-automatic-mixed-precision/',
    },
  ],
  messages: {
    detected: {
      en: 'This training step runs in float32: tensor cores do twice to sixteen times as much per joule in bfloat16, and activations take half the bytes.',
      zh: '该训练步以 float32 运行：张量核心用 bfloat16 时每焦耳的计算量是其 2 到 16 倍，激活值也只占一半字节。',
    },
    fix: { en: 'Run forward and loss under autocast in bfloat16', zh: '在 bfloat16 autocast 下运行前向与损失' },
  },
  gate: ['.backward('],
  check(context) {
    const { index, facts } = context;
    if (isReferenceCode(context.file) || !usesAccelerator(index)) return;
    if (isManaged(index) || isReinforcement(index)) return;
    const { hardware } = facts;
    if (hardware !== null && (hardware.vendor !== 'NVIDIA' || (hardware.computeCapability ?? 8) < 8)) return;
    for (const training of trainingLoops(index)) {
      const runs = callsIn(training.loop, training.scope, index)
        .filter((call) => modelCall(call, index, training.scope) !== null && !isGradOff(call, training.scope, index))
        .sort((a, b) => a.start - b.start);
      // The forward of the step stands beside its backward; others may act or sample
      const block = index.blockOf(index.statementOf(training.backward));
      const run = runs.find((call) => block?.includes(index.statementOf(call))) ?? runs[0];
      if (run === undefined || choosesPrecision.near(training.scope, index) || needsDigits.near(training.scope, index))
        continue;
      const torch = ensureImport('torch', index, training.scope);
      const stmts = forwardAndLoss(run, training, index);
      const header = `${torch.name}.autocast(device_type="cuda", dtype=${torch.name}.bfloat16)`;
      const edits = stmts === null ? null : wrapInWith(stmts, header, index);
      context.report({
        messageId: 'detected',
        node: run,
        // A small model waits for launches, whatever its precision
        undecided: (facts.memory?.()?.parameters ?? Number.POSITIVE_INFINITY) < 1e6,
        fix: edits === null ? null : { messageId: 'fix', safety: 'suggestion', edits: [...torch.edits, ...edits] },
      });
    }
  },
});

/** The statements from the model's run to the last before `backward`, when they stand in one block. */
function forwardAndLoss(run: Call, { backward }: TrainingLoop, index: ModuleIndex): Stmt[] | null {
  const end = index.statementOf(backward);
  const block = index.blockOf(end);
  if (block === null) return null;
  let first: Parameters<typeof isStatement>[0] | null = run;
  while (first !== null && !(isStatement(first) && block.includes(first))) first = index.parent(first);
  if (first === null) return null;
  const stmts = block.slice(block.indexOf(first as Stmt), block.indexOf(end));
  while (/zero_grad/.test(stmts.length === 0 ? '' : index.source(stmts.at(-1) as Stmt))) stmts.pop();
  return stmts.length === 0 || stmts.some((stmt) => /zero_grad|\.step\(/.test(index.source(stmt))) ? null : stmts;
}
