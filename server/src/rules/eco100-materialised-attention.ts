/**
 * ECO100: attention written by hand materialises the score tensor, which eager PyTorch
 * writes and reads again for every step of the chain. `scaled_dot_product_attention`
 * streams it through on-chip memory.
 */
import * as z from 'zod';
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { type Attention, attentionsIn } from './patterns/attention.js';
import { elementsOf } from './patterns/factSizes.js';
import { fuse } from './patterns/fusedAttention.js';
import { standsFor } from './patterns/inline.js';
import { aboutText } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { untransposed } from './patterns/transposed.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber, opOf } from './semantic/torchOps.js';
import type { Guard, Message, RuleContext } from './types.js';

const differentiatesTwice = aboutText(/create_graph|\bjvp\b/i);

export default defineRule({
  code: 'ECO100',
  name: 'materialised-attention',
  family: 'attention',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: 'One call computes attention; kernels that stream the scores are chosen when inputs allow it.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html',
    },
    {
      claim: 'GPT-2 124M on one A100: 55.3k to 91.9k tokens/s.',
      source: 'https://github.com/rasbt/LLMs-from-scratch/blob/main/ch05/10_llm-training-speed/README.md',
    },
    { claim: 'SDXL on A100: 4.63 s to 3.31 s.', source: 'https://pytorch.org/blog/accelerating-generative-ai-3/' },
    { claim: 'Exact attention without the S x S tensor in device memory.', source: 'https://arxiv.org/abs/2205.14135' },
  ],
  messages: {
    detected: {
      en: 'Attention written by hand keeps the whole score tensor{shape} in device memory; scaled_dot_product_attention computes the same without it.',
      zh: '手写的注意力把整个分数张量{shape}放在显存里；scaled_dot_product_attention 无需如此即可得到相同结果。',
    },
    review: {
      en: 'Attention written by hand keeps the whole score tensor{shape} in device memory; scaled_dot_product_attention may replace it. To check first: {reasons}.',
      zh: '手写的注意力把整个分数张量{shape}放在显存里；或可改用 scaled_dot_product_attention。请先确认：{reasons}。',
    },
    scores: { en: 'The scores are computed here.', zh: '分数在此处计算。' },
    fix: { en: 'Use scaled_dot_product_attention', zh: '改用 scaled_dot_product_attention' },
    fixCausal: {
      en: 'Use scaled_dot_product_attention with is_causal=True',
      zh: '改用 scaled_dot_product_attention，并设 is_causal=True',
    },
  },
  options: z.object({
    'min-scores': z
      .int('a whole number')
      .min(1, 'a number from 1')
      .default(128 * 128)
      .describe('Scores (query length · key length) below which attention is left alone: one launch costs more there.'),
  }),
  gate: ['softmax', 'Softmax'],
  check(context) {
    const { index, file } = context;
    // Second and forward-mode derivatives have no fused kernel
    if (isReferenceCode(file) || differentiatesTwice(index)) return;
    const version = context.facts.torchVersion;
    if (version !== null && version[0] < 2) return;
    context.eachFunction((scope) => {
      if (isReferenceCode(scope.name) || callsFusedAttention(scope)) return;
      for (const attention of attentionsIn(scope, index)) reportAttention(attention, scope, context);
    });
  },
});

type Ids = 'detected' | 'review' | 'scores' | 'fix' | 'fixCausal';

function reportAttention(
  attention: Attention,
  scope: Scope,
  context: RuleContext<Ids, { 'min-scores': number }>,
): void {
  const { index } = context;
  // Several entries may run it: the largest decides
  const seen = context
    .kernelsAt(attention.softmax)
    .filter((kernel) => kernel.name.includes('softmax'))
    .sort((a, b) => (elementsOf(b.inputs[0]) || 0) - (elementsOf(a.inputs[0]) || 0));
  const shape = seen[0]?.outputs[0]?.shape ?? seen[0]?.inputs[0]?.shape ?? null;
  const rank = shape?.length ?? null;
  if (attention.isTransposed === false && (rank ?? 0) < 3) return;
  if (!isLastDimension(attention, rank)) return;
  // Double precision has no fused kernel
  const products = context.kernelsAt(attention.scores);
  if ([...seen, ...products].some((kernel) => kernel.inputs[0]?.dtype.includes('float64'))) return;
  const s = shape?.at(-2);
  const t = shape?.at(-1);
  const isLarge: Guard =
    s === undefined || t === undefined || Number.isNaN(s * t) ? 'unknown' : s * t >= context.options['min-scores'];
  if (isLarge === false) return;
  // Attention over channels: its scores are as large as a head, whatever the sequence
  if (isLarge === 'unknown' && isOverChannels(attention, index, scope)) return;

  const fused = fuse(attention, rank ?? rankBySource(attention), index, scope);
  const reasons: Message[] = [];
  if (isLarge === 'unknown') reasons.push(toCheck.length);
  if (fused === null) reasons.push(toCheck.mapping);
  if (fused?.guards.mask === 'unknown') reasons.push(toCheck.mask);
  if (fused?.guards.scale === 'unknown' && !isScaledByNumbers(attention, context)) reasons.push(toCheck.scale);
  if (fused?.guards.dropout === 'unknown') reasons.push(toCheck.dropout);
  context.report({
    messageId: reasons.length === 0 ? 'detected' : 'review',
    node: attention.output,
    data: {
      shape: shape === null ? '' : ` (${shape.map((extent) => (Number.isNaN(extent) ? '?' : extent)).join('×')})`,
      reasons: listed(reasons),
    },
    related: attention.scores === attention.output ? [] : [{ node: attention.scores, messageId: 'scores' }],
    fix:
      fused === null ? null : { messageId: fused.isCausal ? 'fixCausal' : 'fix', safety: 'safe', edits: fused.edits },
    undecided: reasons.length > 0,
  });
}

function isLastDimension(attention: Attention, rank: number | null): boolean {
  const dim = literalNumber(attention.softmaxDim);
  if (dim === null) return false;
  if (dim === -1) return true;
  return rank === null ? dim === 3 : dim === rank - 1;
}

function rankBySource(attention: Attention): number | null {
  // `.T` and `.t()` are for matrices
  return attention.keyIsPlain && attention.scores.type === 'BinOp' && isMatrixTranspose(attention.scores.right)
    ? 2
    : null;
}

function isMatrixTranspose(node: Expr): boolean {
  if (node.type === 'Attribute') return node.attr === 'T';
  return node.type === 'Call' && node.func.type === 'Attribute' && node.func.attr === 't';
}

/** Queries transposed before the product; or normalised ones with a learnt temperature, as in XCiT and its kin. */
function isOverChannels(attention: Attention, index: ModuleIndex, scope: Scope): boolean {
  if (untransposed(attention.query, index, scope) !== null) return true;
  const isNormalised = opOf(standsFor(attention.query, scope), index, scope)?.name === 'normalize';
  return isNormalised && attention.scales.some((step) => /temperature/.test(index.source(step.value)));
}

/** Guards that could not be decided, as people read them. */
const toCheck = {
  length: { en: 'the sequence is long enough to matter', zh: '序列长度足够大' },
  mapping: { en: 'how mask, scale and dropout map to its arguments', zh: '掩码、缩放与 dropout 如何对应到其参数' },
  mask: { en: 'no row of the mask is masked everywhere', zh: '掩码中没有整行都被屏蔽的情况' },
  scale: { en: 'the scale is a plain number', zh: '缩放因子是普通数字' },
  dropout: { en: 'dropout draws other random numbers', zh: 'dropout 会抽取不同的随机数' },
} satisfies Record<string, Message>;

function listed(messages: readonly Message[]): Message {
  return { en: messages.map((message) => message.en).join('; '), zh: messages.map((message) => message.zh).join('；') };
}

/** The trace saw each scaling with one tensor operand: the other was a Python number. */
function isScaledByNumbers(attention: Attention, context: Pick<RuleContext, 'kernelsAt'>): boolean {
  return attention.scales.every((step) => {
    const kernels = context.kernelsAt(step.node).filter((kernel) => kernel.name.startsWith(step.kind));
    return kernels.length > 0 && kernels.every((kernel) => kernel.inputs.length === 1);
  });
}

/** A function that already has the fused path keeps the hand-written one as its fallback. */
function callsFusedAttention(scope: Scope): boolean {
  return scope.calls.some(
    (call) => call.func.type === 'Attribute' && call.func.attr === 'scaled_dot_product_attention',
  );
}
