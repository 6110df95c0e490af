/** ECO154: a key-value cache that is copied in full for every token it grows by. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { contains, dotted, isConditional } from './patterns/places.js';
import { isReferenceCode } from './patterns/quietCode.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { opOf } from './semantic/torchOps.js';

const cacheName = /past|cache|prev/i;

export default defineRule({
  code: 'ECO154',
  name: 'cat-grown-kv-cache',
  family: 'inference/serving & KV cache',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: '2.0',
  evidence: [
    {
      claim: 'Llama-2-7B on an A100: 25.5 to 107 tokens/s with a static cache and torch.compile.',
      source: 'https://pytorch.org/blog/accelerating-generative-ai-2/',
    },
    {
      claim: 'A static cache allows torch.compile: up to 4 times faster.',
      source: 'https://huggingface.co/docs/transformers/main/en/llm_optims',
    },
  ],
  messages: {
    detected: {
      en: 'The cache of keys and values is copied in full for every new token, and its changing shape rules CUDA graphs out. Allocate it once and write each token to its place.',
      zh: '每生成一个 token 都要完整复制一次键值缓存，且其形状不断变化，无法使用 CUDA graph。请一次性分配，并把每个 token 写入其位置。',
    },
    values: { en: 'The values are copied here.', zh: '值在此处复制。' },
  },
  gate: ['cat('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachFunction((scope) => {
      // A cache class of a framework manages its own memory
      if (/Cache(?!d)/.test(scope.owner?.name ?? '') || /prefill/i.test(scope.name)) return;
      const grown = scope.calls.filter((call) => growsCache(call, scope, index));
      const [keys, values] = grown;
      if (keys === undefined || values === undefined || isNeverGiven(keys, scope, index)) return;
      if (takesWholeSequences(scope, index)) return;
      context.report({ messageId: 'detected', node: keys, related: [{ node: values, messageId: 'values' }] });
    });
  },
});

/** Queries stacked with the keys are as many as these, and shifted groups (`roll`) cover whole texts: never one new token. */
function takesWholeSequences(scope: Scope, index: ModuleIndex): boolean {
  return [...(scope.node?.body ?? [])].some((stmt) =>
    contains(stmt, (node) => {
      if (node.type !== 'Call') return false;
      const op = opOf(node, index, scope);
      if (op?.name === 'roll') return true;
      // Under a condition it asks for their shapes first
      const parts = op?.name === 'stack' && !isConditional(node, scope, index) ? op.args[0] : undefined;
      return (
        (parts?.type === 'List' || parts?.type === 'Tuple') &&
        parts.elts.some((one) => /^(q|query)/i.test(index.source(one))) &&
        parts.elts.some((one) => /^(k|key)/i.test(index.source(one)))
      );
    }),
  );
}

/**
 * `if incremental_state is not None:` in an attention that this file builds and calls without one: an encoder's, where
 * nothing is decoded. The parameter's name then stands in no other class of the file.
 */
function isNeverGiven(call: Call, scope: Scope, index: ModuleIndex): boolean {
  const { owner, node } = scope;
  if (owner === null || node === null) return false;
  const isBuiltHere = index.classes.some(
    (other) => other !== owner && contains(other, (inner) => inner.type === 'Name' && inner.id === owner.name),
  );
  if (!isBuiltHere) return false;
  const optional = [...node.args.args, ...node.args.kwonlyargs].filter(
    ({ default: value }) => value?.type === 'Constant' && value.value === null,
  );
  for (let current = index.parent(call); current !== null && current !== node; current = index.parent(current)) {
    if (current.type !== 'If' || !current.body.some((stmt) => index.contains(stmt, call))) continue;
    const tested = index.source(current.test);
    const names = optional.filter(({ arg }) => leadsTo(arg, tested, scope, index));
    if (names.length === 0) continue;
    return names.every(({ arg }) =>
      index.classes.every(
        (other) =>
          other === owner ||
          !contains(
            other,
            (inner) =>
              (inner.type === 'Name' && inner.id === arg) ||
              (inner.type === 'Call' && inner.keywords.some((k) => k.arg === arg)),
          ),
      ),
    );
  }
  return false;
}

/** The parameter is tested itself, or what is tested was made from it. */
function leadsTo(parameter: string, tested: string, scope: Scope, index: ModuleIndex): boolean {
  const word = (name: string) => new RegExp(`\\b${name}\\b`);
  if (word(parameter).test(tested)) return true;
  return (tested.match(/[A-Za-z_]\w*/g) ?? []).some((name) =>
    scope.flow
      .definitionsOf(name)
      .some((one) => one.kind === 'assign' && one.value !== null && word(parameter).test(index.source(one.value))),
  );
}

/** `k = torch.cat([past_k, k], dim=…)`: the cache first, what it is assigned to second. */
function growsCache(call: Call, scope: Scope, index: ModuleIndex): boolean {
  const op = opOf(call, index, scope);
  const parts = op?.name === 'cat' || op?.name === 'concat' ? op.args[0] : undefined;
  if (parts === undefined || (parts.type !== 'Tuple' && parts.type !== 'List') || parts.elts.length !== 2) return false;
  const [old, fresh] = parts.elts as [Expr, Expr];
  const stmt = index.parent(call);
  const target = stmt?.type === 'Assign' && stmt.targets.length === 1 ? stmt.targets[0] : undefined;
  if (target === undefined || !cacheName.test(index.source(old)) || cacheName.test(index.source(fresh))) return false;
  const name = dotted(target);
  const isSame = name !== null && (name === dotted(fresh) || name === dotted(old));
  return isSame && /k|v|key|value/i.test(index.source(fresh));
}
