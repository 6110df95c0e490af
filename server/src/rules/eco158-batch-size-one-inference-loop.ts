/** ECO158: the whole model read from memory for each sample. */
import type { Call, Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { usesAccelerator } from './patterns/dataLoaders.js';
import { rootName } from './patterns/devices.js';
import { isGradOff } from './patterns/gradMode.js';
import { standsFor } from './patterns/inline.js';
import { namesIn } from './patterns/loops.js';
import { modelCall } from './patterns/modelCalls.js';
import { enclosingLoop, type Loop } from './patterns/places.js';
import { measuresTime } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { saysNear } from './patterns/reach.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import { literalNumber, opOf } from './semantic/torchOps.js';
import { walk } from './semantic/walk.js';

/** Someone waits for each answer. */
const waits =
  /@\w+\.(get|post|websocket)\(|gradio|streamlit|fastapi|flask|websocket|VideoCapture|input\(|socket|asyncio|pygame|gym\b|\benv\.step/;

export default defineRule({
  code: 'ECO158',
  name: 'batch-size-one-inference-loop',
  family: 'inference/serving & KV cache',
  severity: 'warning',
  fixSafety: null,
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Mistral-7B on an A800: 84, 88 and 96 % fewer joules per request at batch 8, 16 and 64.',
      source:
        'https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/docs/source/quantization_performance.mdx',
    },
  ],
  messages: {
    detected: {
      en: '{model} runs once for each {item}: its weights are read from memory for one sample. A batch reads them once for all.',
      zh: '{model} 对每个 {item} 各运行一次：为一个样本就要读取全部权重。组成批次后只需读取一次。',
    },
  },
  gate: ['for '],
  check(context) {
    const { index, text } = context;
    if (!usesAccelerator(index) && !text.includes('pipeline(')) return;
    if (isReferenceCode(context.file)) return;
    const onDevice = usesAccelerator(index);
    const seen = new Set<Loop>();
    context.eachCall(({ call, scope }) => {
      const loop = enclosingLoop(call, scope, index);
      if (loop?.type !== 'For' || seen.has(loop)) return;
      const items = namesIn(loop.target);
      const isPipeline = runsPipeline(call, index, scope);
      const isGeneration = call.func.type === 'Attribute' && call.func.attr === 'generate';
      if (isPipeline) {
        const first = call.args[0];
        if (first === undefined || ![...namesIn(first)].some((name) => items.has(name))) return;
      } else if (isGeneration) {
        if (!onDevice || !tokenises(call, items, loop, scope, index)) return;
      } else {
        if (modelCall(call, index, scope) === null || !onDevice || !isGradOff(call, scope, index)) return;
        if (!call.args.some((arg) => isSingle(arg, items, loop, scope, index))) return;
      }
      // A loader's batches are batches; one image of any size cannot be stacked
      if (/load(er)?\b|batch|chunk|sampler|timesteps|frames/i.test(index.source(loop.iter))) return;
      // Answers to someone who waits, and measurements of one sample
      if (measuresTime.near(scope, index) || saysNear(waits, scope, index)) return;
      seen.add(loop);
      context.report({
        messageId: 'detected',
        node: call,
        data: { model: index.source(call.func), item: [...items][0] ?? 'item' },
        undecided: !isPipeline,
      });
    }, onDevice);
  },
});

/** `pipe(text)` of `pipe = transformers.pipeline(...)`. */
function runsPipeline(call: Call, index: ModuleIndex, scope: Scope): boolean {
  if (call.func.type !== 'Name' || call.keywords.some((keyword) => keyword.arg === 'batch_size')) return false;
  const own =
    scope.flow.single(call.func) ?? (scope.flow.binds(call.func.id) ? null : index.topDefinitions(call.func.id).at(-1));
  const made = own?.kind === 'assign' ? own.value : null;
  return (
    made?.type === 'Call' && /^transformers\.(pipelines\.)?pipeline$/.test(qualifiedName(made.func, index, scope) ?? '')
  );
}

/** `model.generate(**tokenizer(text))` with the text of this turn, also through a name of the loop's body. */
function tokenises(call: Call, items: ReadonlySet<string>, loop: Loop, scope: Scope, index: ModuleIndex): boolean {
  const given = [...call.args, ...call.keywords.map((keyword) => keyword.value)];
  return given.some((arg) => {
    const root = rootName(arg);
    const value = arg.type === 'Call' || root === null ? arg : standsFor(root, scope);
    if (!index.contains(loop, value)) return false;
    let found = false;
    walk(value, (node) => {
      const isTokenizer = node.type === 'Call' && /token|processor|encode/i.test(index.source(node.func));
      if (isTokenizer && node.args[0]?.type === 'Name' && items.has(node.args[0].id)) found = true;
    });
    return found;
  });
}

/** `item.unsqueeze(0)`, `item[None]`, also through names of the loop's body and a move to the device. */
function isSingle(arg: Expr, items: ReadonlySet<string>, loop: Loop, scope: Scope, index: ModuleIndex): boolean {
  const value = standsFor(arg, scope);
  const isFromItem = (node: Expr, depth = 0): boolean =>
    [...namesIn(node)].some((name) => items.has(name)) ||
    (depth < 4 &&
      node.type === 'Name' &&
      standsFor(node, scope) !== node &&
      index.contains(loop, standsFor(node, scope)) &&
      isFromItem(standsFor(node, scope), depth + 1));
  let single = false;
  walk(value, (node) => {
    if (node.type === 'Call') {
      const op = opOf(node, index, scope);
      if (
        op?.name === 'unsqueeze' &&
        literalNumber(op.args[1]) === 0 &&
        op.args[0] !== undefined &&
        isFromItem(op.args[0])
      )
        single = true;
    }
    if (
      node.type === 'Subscript' &&
      node.slice.type === 'Constant' &&
      node.slice.value === null &&
      isFromItem(node.value)
    )
      single = true;
  });
  return single;
}
